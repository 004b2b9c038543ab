#pragma once

// Bounds of the agent and of whoever speaks with it, each with its reason.

#include <chrono>
#include <cstddef>

namespace ork::embedded::limits {

// One message. Linux gives a program at most 2 MiB of arguments and environment by default
// (a quarter of the stack's limit), and JSON may need two bytes for one.
inline constexpr std::size_t agent_message_bytes = 8U << 20U;
// What waits for a reader that does not read; beyond it the connection is closed, and whoever comes
// back is told everything anew.
inline constexpr std::size_t agent_unread_bytes = 32U << 20U;
// How long an agent stays that nobody speaks with and that runs nothing.
inline constexpr std::chrono::milliseconds agent_idle{10'000};
// Between looks at the memory of containers that have a limit and no cgroup.
inline constexpr std::chrono::milliseconds memory_watch{50};
// The file of process groups (agent.groups) is written anew when it has grown to this.
inline constexpr std::size_t groups_file_bytes = 1U << 20U;
// An agent that is told to go, by a signal, gives its containers this long.
inline constexpr std::chrono::milliseconds agent_stop_grace{10'000};
// How long an agent waits for the one before it to be gone.
inline constexpr unsigned agent_lock_seconds = 5;

}  // namespace ork::embedded::limits
