#pragma once

// Every bound of this folder, each with its reason.

#include <chrono>
#include <cstddef>

#include "operator/runtime/loop.hpp"

namespace ork::cli::limits {

using std::chrono::seconds;

// Objects and lists inside each other in an answer: the JSON library prints by recursion.
inline constexpr std::size_t answer_depth = 512;
// Objects of one list: beyond that a selector is wanted, and memory is (a run of many tasks has 1 MB).
inline constexpr std::size_t listed_objects = 20'000;
// The server ends a watch after this; it is opened again from where it was.
inline constexpr seconds watch_timeout{230};
// Bookmarks come about once a minute: two missed ones mean that the connection is dead.
inline constexpr runtime::Duration watch_idle{150'000};
// One event of a watch; what an object may be, twice over (as runtime's watcher has it).
inline constexpr std::size_t watch_line_bytes = 8U << 20U;

// Logs that are followed at the same time; a fan-out of thousands takes turns.
inline constexpr std::size_t log_streams = 50;
// A longer line of a log comes in several pieces.
inline constexpr std::size_t log_line_bytes = 256U << 10U;
// A log that is read to its end, and brings nothing for so long, is given up.
inline constexpr runtime::Duration log_idle{60'000};
// A log that is followed is asked for again after so long without its first line; keepalive finds dead connections.
inline constexpr runtime::Duration log_silence = std::chrono::hours(24);
// Between two tries of a log stream that broke or was not there yet: so long at first, then growing.
inline constexpr runtime::Duration log_retry_first{250};
inline constexpr runtime::Duration log_retry_most{5'000};
// Tries without a byte, once its Pod has ended, before a log is given up: it was removed, or its node is gone.
inline constexpr int log_tries = 5;
// A log stream that ends although its Pod still seems to run: the news of its end are so late at most.
inline constexpr runtime::Duration log_grace{3'000};

// A run that nobody has taken up for so long: perhaps no operator runs.
inline constexpr runtime::Duration unseen_run{5'000};

}  // namespace ork::cli::limits
