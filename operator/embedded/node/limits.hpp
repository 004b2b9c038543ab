#pragma once

// Bounds of the node, each with its reason.

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "operator/runtime/backoff.hpp"

namespace ork::embedded::limits {

// Of a Pod's name (up to 253) in the names of its files, which may have 255 with all that follows.
inline constexpr std::size_t pod_file_name = 100;
// An agent that is gone is started again at once the first time.
inline constexpr runtime::BackoffPolicy agent_backoff{runtime::Duration{20}, runtime::Duration{5'000}, 0.2};
inline constexpr runtime::Duration agent_healthy_after{10'000};

// For an engine to answer when a node begins: one that has just been started by its socket takes a moment.
inline constexpr std::chrono::seconds engine_patience{10};

// A Pod that runs is said to run after this, and not at all if it has ended by then.
inline constexpr runtime::Duration running_delay{50};
// A status that failed to be written, a ConfigMap that is not there yet: again after this.
inline constexpr runtime::BackoffPolicy node_request_backoff{runtime::Duration{100}, runtime::Duration{10'000}, 0.2};
// A container that ends and is to run again waits this long, doubling; the kubelet's figures. After
// running so long it starts with the first wait again.
inline constexpr std::int64_t restart_backoff_ms = 10'000;
inline constexpr std::int64_t restart_backoff_cap_ms = 300'000;
inline constexpr std::int64_t restart_forgiven_after_ms = 600'000;

// What Kubernetes keeps of a termination message, and of a log in its place.
inline constexpr std::size_t termination_message_bytes = 4096;
inline constexpr std::size_t log_tail_bytes = 2048;
inline constexpr std::size_t log_tail_lines = 80;

// A log is read and handed on in pieces of this size, one in a turn of the loop.
inline constexpr std::size_t log_piece_bytes = 64U << 10U;
// How far back the beginning of the last lines is looked for; of longer ones the beginning is missing.
inline constexpr std::size_t log_search_bytes = 64U << 20U;

// Pods at a time unless told otherwise: enough that short ones keep every processor busy while
// others wait for something.
inline constexpr std::int64_t least_pods = 16;
inline constexpr std::int64_t pods_per_processor = 4;

}  // namespace ork::embedded::limits
