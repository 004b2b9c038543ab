#include "operator/telemetry/otlp.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ork::telemetry {
namespace {

observe::Span span() {
  observe::Span out{.trace_id = "0af7651916cd43dd8448eb211c80319c", .span_id = "b7ad6b7169203331", .name = "RUN etl"};
  out.kind = observe::SpanKind::Server;
  out.start_ms = 1'700'000'000'123;
  out.end_ms = 1'700'000'001'000;
  out.attributes = {{"cicd.pipeline.name", "etl"}};
  return out;
}

TEST(Otlp, IsTheJsonOfAnExportRequest) {
  EXPECT_EQ(nlohmann::json::parse(otlp_body({{"service.name", "ork"}}, std::vector{span()})), nlohmann::json::parse(R"({
    "resourceSpans": [{
      "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "ork"}}]},
      "scopeSpans": [{
        "scope": {"name": "ork"},
        "spans": [{"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "name": "RUN etl", "kind": 2,
                   "startTimeUnixNano": "1700000000123000000", "endTimeUnixNano": "1700000001000000000",
                   "attributes": [{"key": "cicd.pipeline.name", "value": {"stringValue": "etl"}}], "status": {"code": 1}}]
      }]
    }]})"));
}

TEST(Otlp, AFailedSpanSaysWhyAndWhoseChildItIs) {
  observe::Span failed = span();
  failed.kind = observe::SpanKind::Internal;
  failed.parent_id = "00f067aa0ba902b7";
  failed.failed = true;
  failed.message = "exit code 3";
  const auto body = nlohmann::json::parse(otlp_body({}, std::vector{failed}));
  const auto& out = body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  EXPECT_EQ(out["kind"], 1);
  EXPECT_EQ(out["parentSpanId"], "00f067aa0ba902b7");
  EXPECT_EQ(out["status"], (nlohmann::json{{"code", 2}, {"message", "exit code 3"}}));
}

TEST(Otlp, NothingThatSomebodyWroteBreaksIt) {
  observe::Span odd = span();
  odd.name = "RUN \xff\"\n";
  odd.end_ms = 0;
  const auto body = nlohmann::json::parse(otlp_body({}, std::vector{odd}), nullptr, false);
  ASSERT_FALSE(body.is_discarded());
  EXPECT_EQ(body["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["endTimeUnixNano"], "1700000000123000000");
}

}  // namespace
}  // namespace ork::telemetry
