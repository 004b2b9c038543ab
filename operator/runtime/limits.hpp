#pragma once

// Every bound of this folder, each with its reason.

#include <chrono>
#include <cstddef>

#include "operator/runtime/loop.hpp"

namespace ork::runtime::limits {

// --- watcher ---
// Objects are at most ~1.5 MiB in etcd and 3 MiB as a request; a longer line is no watch event.
inline constexpr std::size_t watch_line_bytes = 8U << 20U;
// Line buffers and parsers that grew beyond this for one large event are given back after it.
inline constexpr std::size_t idle_buffer_bytes = 512U << 10U;
inline constexpr std::size_t first_buffer_bytes = 32U << 10U;
// What the API server's own clients use: 500 Pods are 2 to 5 MB of JSON.
inline constexpr int list_page = 500;
// How often one page is asked for again before the list starts anew: its continue token ages.
inline constexpr int page_retries = 5;
// The server ends a watch after this, plus up to a minute by chance so that replicas spread.
// Below the 300 s at which many load balancers cut a stream without a word.
inline constexpr std::chrono::seconds watch_timeout{230};
inline constexpr std::chrono::seconds watch_timeout_spread{60};
// Bookmarks come about once a minute: two missed ones mean that the connection is dead.
inline constexpr Duration watch_idle{120'000};
// No two watches of one watcher are opened closer together, however quickly streams end.
inline constexpr Duration watch_spacing{50};
// After so many streams in a row that brought nothing, the resourceVersion itself is suspect
// (etcd restored from a backup): list again.
inline constexpr int fruitless_streams = 3;
// Failures are forgotten once nothing failed for so long (client-go's figure).
inline constexpr Duration healthy_after{120'000};
// The longest wait that an ERROR event may ask for.
inline constexpr std::chrono::seconds longest_wish{600};
// Malformed objects remembered by name; beyond it they are only counted.
inline constexpr std::size_t quarantine_kept = 1000;

// --- work queue ---
// Idle keys (their spacing has passed) are swept out when this many have gathered.
inline constexpr std::size_t idle_keys = 256;
// How long failures of a key that nobody works on are remembered.
inline constexpr Duration failures_kept{120'000};

// --- manual loop ---
// Callbacks run at one instant of virtual time before the loop says that it spins.
inline constexpr std::size_t callbacks_per_instant = 300'000;

}  // namespace ork::runtime::limits
