#include "operator/telemetry/otlp.hpp"

#include <nlohmann/json.hpp>

#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace {

using nlohmann::json;

// opentelemetry/proto/trace/v1/trace.proto
constexpr int kind_internal = 1;
constexpr int kind_server = 2;
constexpr int status_ok = 1;
constexpr int status_error = 2;

json attributes_of(const std::vector<std::pair<std::string, std::string>>& attributes) {
  json out = json::array();
  for (const auto& [key, value] : attributes) out.push_back({{"key", key}, {"value", {{"stringValue", value}}}});
  return out;
}

std::string nanoseconds(std::int64_t ms) { return ms <= 0 ? "0" : std::to_string(ms) + "000000"; }

json json_of(const observe::Span& span) {
  json out = {{"traceId", span.trace_id},
              {"spanId", span.span_id},
              {"name", span.name},
              {"kind", span.kind == observe::SpanKind::Server ? kind_server : kind_internal},
              {"startTimeUnixNano", nanoseconds(span.start_ms)},
              {"endTimeUnixNano", nanoseconds(std::max(span.start_ms, span.end_ms))},
              {"attributes", attributes_of(span.attributes)},
              {"status", {{"code", span.failed ? status_error : status_ok}}}};
  if (!span.parent_id.empty()) out["parentSpanId"] = span.parent_id;
  if (span.failed && !span.message.empty())
    out["status"]["message"] = span.message.substr(0, limits::span_message_bytes);
  return out;
}

}  // namespace

std::string otlp_body(const Resource& resource, std::span<const observe::Span> spans) {
  json list = json::array();
  for (const observe::Span& span : spans) list.push_back(json_of(span));
  const json scope = {{"scope", {{"name", "ork"}}}, {"spans", std::move(list)}};
  const json of_resource = {{"resource", {{"attributes", attributes_of(resource)}}},
                            {"scopeSpans", json::array({scope})}};
  const json body = {{"resourceSpans", json::array({of_resource})}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ork::telemetry
