#pragma once

// Every bound of this folder, with its reason.

#include <chrono>
#include <cstddef>

namespace ork::telemetry::limits {

using std::chrono::milliseconds;

// Series of one metric: what a cluster with hundreds of workflows needs, and what a scrape every 15 s costs nobody
// anything for. Beyond it names go under "other" (docs/design/0024).
inline constexpr std::size_t series = 1'000;
// A histogram's series are as many as its buckets, and three.
inline constexpr std::size_t histogram_series = 250;
// Of a label's value, in bytes: a namespace or a task has 63, a Workflow 253.
inline constexpr std::size_t label_value_bytes = 256;

// Who asks: a Prometheus or two, the kubelet, a person. Beyond it a connection is closed at once.
inline constexpr std::size_t connections = 32;
// Of a request, its header and its body: Prometheus sends some 400 bytes.
inline constexpr std::size_t request_bytes = 8u << 10;
// For a whole request, and for its answer to be taken.
inline constexpr milliseconds exchange{10'000};
// Between two requests on one connection: Prometheus asks once a minute at least.
inline constexpr milliseconds idle{90'000};
// While no further file can be opened, accepting waits this long.
inline constexpr milliseconds accept_pause{100};

// Spans that wait to be sent, about 1 KiB each: a collector may be away for a minute while a hundred tasks a second
// end.
inline constexpr std::size_t spans_waiting = 8'192;
// Spans of one request: half a megabyte of JSON, where a collector's bound is 20 MiB.
inline constexpr std::size_t spans_in_request = 512;
// So long a span waits for others to go with it.
inline constexpr milliseconds batch_wait{1'000};
// A collector that does not take a batch is asked so often again; then the batch is dropped.
inline constexpr int tries = 6;
// A process that ends waits this long for its last spans to go.
inline constexpr milliseconds last_spans{2'000};
// Of a span's message, in bytes.
inline constexpr std::size_t span_message_bytes = 1'024;

}  // namespace ork::telemetry::limits
