#pragma once

// A span of a trace, as OpenTelemetry has it.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ork::observe {

enum class SpanKind { Internal, Server };

struct Span {
  std::string trace_id;   // 32 hex digits
  std::string span_id;    // 16
  std::string parent_id;  // 16; empty: it is the root
  std::string name;
  SpanKind kind = SpanKind::Internal;
  std::int64_t start_ms = 0;  // Unix epoch
  std::int64_t end_ms = 0;
  bool failed = false;
  std::string message;                                          // of a failed one
  std::vector<std::pair<std::string, std::string>> attributes;  // in this order
  friend bool operator==(const Span&, const Span&) = default;
};

}  // namespace ork::observe
