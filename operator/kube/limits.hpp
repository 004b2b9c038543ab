#pragma once

// Every bound of this folder, with its reason. Nothing here is a tuning knob for users.

#include <chrono>
#include <cstddef>

namespace ork::kube::limits {

using std::chrono::milliseconds;
using std::chrono::seconds;

// An answer to a call. Lists come in pages of 500 (about 2 MB of Jobs); an object is under 2 MiB.
inline constexpr std::size_t answer_bytes = 32u << 20;
// The body of an error answer to a stream: a Status object is under 1 KiB, a proxy's page a few.
inline constexpr std::size_t error_body_bytes = 64u << 10;
// What of a server's message goes into ours: enough for its first sentences, one log line.
inline constexpr std::size_t message_chars = 300;
// The same for whoever shows it to a person in full: a refusal names each wrong field.
inline constexpr std::size_t said_chars = 4000;

// kube-apiserver announces 100 streams per HTTP/2 connection. With more in flight and no cap, curl
// opens one TCP connection for each request beyond them (measured: 201, and twice the CPU).
inline constexpr std::size_t calls_in_flight = 100;
inline constexpr std::size_t streams_open = 200;
inline constexpr long connections = 2;
// A server that speaks only HTTP/1.1 (a proxy) carries one request per connection. Streams last
// for minutes, so there must be one connection for each of them.
inline constexpr std::size_t http1_calls = 8;
inline constexpr std::size_t http1_streams = 64;
// Calls that wait for their turn; about 20 MB with bodies of 1 KB. More means nobody is slowing
// down, and the next call fails at once.
inline constexpr std::size_t calls_queued = 20'000;

// A server within reach answers a SYN in milliseconds; five seconds bridge two lost packets.
inline constexpr milliseconds connect_timeout{5'000};
// Data the kernel could not get acknowledged for this long ends the connection.
inline constexpr milliseconds unacknowledged{30'000};
// The longest we keep still because a server said so: a wrong date must not stop us for an hour.
inline constexpr milliseconds longest_gate{30'000};
// A connection whose request got no answer in time is abandoned, but a slow server must not be
// met with a handshake for each request.
inline constexpr milliseconds connection_min_age{5'000};

// Easy handles kept for reuse, about 25 KB each.
inline constexpr std::size_t idle_handles = 24;
// Distinct header lists kept (accept x content type); we send about six.
inline constexpr std::size_t header_lists = 16;

// The kubelet renews a projected token at 80 % of its life, 10 minutes at the least.
inline constexpr seconds token_file_age{60};
// Exec plugins may ask a cloud for a token; kubectl waits for ever, we do not.
inline constexpr milliseconds plugin_timeout{60'000};
inline constexpr std::size_t plugin_output_bytes = 1u << 20;
// A server that rejects every token must not make us run the plugin for each request.
inline constexpr seconds plugin_min_interval{10};
// A credential is renewed this long before it ends, so that none expires on the way.
inline constexpr seconds expiry_margin{10};
// Credentials said to be good for longer are asked for anew after this.
inline constexpr seconds longest_expiry{30 * 86'400};

// Kubeconfigs, certificates and tokens: real ones are under 100 KiB.
inline constexpr std::size_t file_bytes = 1u << 20;
// Nodes visited in one kubeconfig, aliases counted each time they are reached: an alias bomb ends
// here. A kubeconfig of 1,000 clusters has about 20,000.
inline constexpr std::size_t yaml_nodes = 100'000;
inline constexpr int yaml_depth = 32;

}  // namespace ork::kube::limits
