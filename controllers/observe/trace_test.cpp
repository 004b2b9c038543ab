#include "controllers/observe/trace.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ork::observe {
namespace {

constexpr const char* given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

api::WorkflowRun run_of(const std::string& uid, const std::string& traceparent = "") {
  api::WorkflowRun run;
  run.meta.uid = uid;
  run.traceparent = traceparent;
  return run;
}

TEST(Trace, OfARunFollowsFromItsUid) {
  const Trace trace = trace_of(run_of("u-1"));
  EXPECT_EQ(trace, trace_of(run_of("u-1")));
  EXPECT_NE(trace.trace_id, trace_of(run_of("u-2")).trace_id);
  EXPECT_EQ(trace.trace_id.size(), 32u);
  EXPECT_EQ(trace.parent_id, "");
  EXPECT_TRUE(trace.sampled);
}

TEST(Trace, ThatARunWasStartedInGoesOn) {
  EXPECT_EQ(trace_of(run_of("u-1", given)), (Trace{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true}));
}

TEST(Trace, ThatKeepsNoSpansIsToldSo) {
  const api::WorkflowRun run = run_of("u", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
  EXPECT_FALSE(trace_of(run).sampled);
  EXPECT_TRUE(traceparent_of(run, "a", 1).ends_with("-00"));
}

TEST(Trace, WhatIsNoTraceparentIsAsIfThereWereNone) {
  for (const char* wrong : {"", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
                            "00-0af7651916cd43dd8448eb211c80319c+b7ad6b7169203331-01"}) {
    EXPECT_EQ(parse_traceparent(wrong), std::nullopt) << wrong;
    EXPECT_EQ(trace_of(run_of("u", wrong)), trace_of(run_of("u"))) << wrong;
  }
}

TEST(Trace, NoTwoSpansOfARunAreCalledAlike) {
  std::set<std::string> ids = {run_span_id("u")};
  for (const char* task : {"a", "b", "a-1"}) {
    for (int attempt = 0; attempt < 12; ++attempt) ids.insert(attempt_span_id("u", task, attempt));
  }
  EXPECT_EQ(ids.size(), 37u);
  EXPECT_NE(attempt_span_id("u", "a", 1), attempt_span_id("v", "a", 1));
}

TEST(Trace, AContainerIsToldItsSpan) {
  const std::string told = traceparent_of(run_of("u", given), "load", 2);
  EXPECT_EQ(told, "00-0af7651916cd43dd8448eb211c80319c-" + attempt_span_id("u", "load", 2) + "-01");
  EXPECT_TRUE(parse_traceparent(told));
}

}  // namespace
}  // namespace ork::observe
