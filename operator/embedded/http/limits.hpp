#pragma once

// Every bound of this folder, with its reason. Nothing here is a tuning knob for users.

#include <chrono>
#include <cstddef>

namespace ork::embedded::http_limits {

using std::chrono::milliseconds;

// The longest header we know of is a label selector of a few KiB.
inline constexpr std::size_t header_bytes = 64u << 10;
// kube-apiserver's own bound, and the number in its answer: etcd's 1.5 MiB with room for a patch.
inline constexpr std::size_t body_bytes = 3u << 20;
// What is read at once; also how much of a next request is kept while an answer is being written.
inline constexpr std::size_t read_bytes = 16u << 10;
// An answer up to this size goes out in one piece with its header (one TLS record holds 16 KiB).
inline constexpr std::size_t joined_bytes = 16u << 10;

// A shell on a laptop often allows 1,024 open files, and tasks need theirs. k9s has about 30
// connections, kubectl one to three.
inline constexpr std::size_t connections = 256;
// While no further file can be opened, accepting waits this long.
inline constexpr milliseconds accept_pause{100};

// A stream's bytes that the reader has not taken: one that can pause is asked to beyond the first,
// and goes on below the second; beyond the third the stream is ended. The third is larger than the
// largest object, so a watch that keeps up is never ended by one event.
inline constexpr std::size_t stream_pause_bytes = 256u << 10;
inline constexpr std::size_t stream_resume_bytes = 64u << 10;
inline constexpr std::size_t stream_bytes = 8u << 20;

// kube-apiserver's: a kept connection waits 90 s for its next request (Go's clients drop theirs
// after the same), a header may take 32 s, an answer 60 s.
inline constexpr milliseconds idle{90'000};
inline constexpr milliseconds head{32'000};
inline constexpr milliseconds answer{60'000};
// 3 MiB over loopback take milliseconds; this is for a client that was stopped in a debugger.
inline constexpr milliseconds body{60'000};
inline constexpr milliseconds write{60'000};
// How long a connection that we end waits for the client to have read the last answer: closing with
// unread bytes resets the connection, and the answer may be lost.
inline constexpr milliseconds linger{1'000};
// What it may still send meanwhile: the whole of a body that was refused for its length, within reason.
inline constexpr std::size_t linger_bytes = 4 * body_bytes;
// The longest that a graceful stop waits for answers under way.
inline constexpr milliseconds stop{5'000};

// Secrets and certificates in the state folder; ours are under 2 KiB.
inline constexpr std::size_t private_file_bytes = 64u << 10;

}  // namespace ork::embedded::http_limits
