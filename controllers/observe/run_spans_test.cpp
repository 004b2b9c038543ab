#include "controllers/observe/run_spans.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "controllers/observe/test_runs.hpp"
#include "controllers/observe/trace.hpp"

namespace ork::observe {
namespace {

using api::Phase;
using test::began;
using test::ended;
using test::run_with;
using test::task;

std::string attribute(const Span& span, std::string_view name) {
  const auto found = std::find_if(span.attributes.begin(), span.attributes.end(),
                                  [&](const auto& attribute) { return attribute.first == name; });
  return found == span.attributes.end() ? "none" : found->second;
}

TEST(RunSpans, AnAttemptThatSucceededIsASpanInItsRuns) {
  const std::vector<Span> spans =
      spans_of(run_with({task("load", Phase::Running)}).status, run_with({task("load", Phase::Succeeded)}));
  ASSERT_EQ(spans.size(), 1u);
  const Span& span = spans[0];
  EXPECT_EQ(span.name, "TASK load");
  EXPECT_EQ(span.trace_id, trace_of(run_with({})).trace_id);
  EXPECT_EQ(span.span_id, attempt_span_id("u-1", "load", 1));
  EXPECT_EQ(span.parent_id, run_span_id("u-1"));
  EXPECT_EQ(span.start_ms, began + 1'000);
  EXPECT_EQ(span.end_ms, began + 6'000);
  EXPECT_FALSE(span.failed);
  EXPECT_EQ(attribute(span, "cicd.pipeline.task.run.result"), "success");
  EXPECT_EQ(attribute(span, "ork.attempt"), "1");
}

TEST(RunSpans, EachAttemptIsOneAsItEnds) {
  api::TaskStatus waits = task("load", Phase::Retrying);
  waits.attempts = {{.attempt = 1,
                     .job = "job-load-1",
                     .start_ms = began + 1'000,
                     .completion_ms = began + 2'000,
                     .exit_code = 3,
                     .cause = api::Cause::Program,
                     .reason = "Error",
                     .message = "no such table"}};
  api::TaskStatus done = waits;
  done.phase = Phase::Succeeded;
  done.attempt = 2;
  done.job = "job-load-2";
  done.completion_ms = began + 9'000;
  const std::vector<Span> first = spans_of(run_with({task("load", Phase::Running)}).status, run_with({waits}));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_TRUE(first[0].failed);
  EXPECT_EQ(first[0].message, "no such table");
  EXPECT_EQ(attribute(first[0], "process.exit.code"), "3");
  EXPECT_EQ(attribute(first[0], "error.type"), "Error");
  const std::vector<Span> second = spans_of(run_with({waits}).status, run_with({done}));
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].span_id, attempt_span_id("u-1", "load", 2));
  EXPECT_EQ(second[0].start_ms, began + 2'000);
  EXPECT_FALSE(second[0].failed);
  // Where the operator saw both at once: both.
  EXPECT_EQ(spans_of(run_with({task("load", Phase::Running)}).status, run_with({done})).size(), 2u);
}

TEST(RunSpans, ARunThatEndedIsTheRootOfItsTrace) {
  const api::WorkflowRun running = run_with({});
  const std::vector<Span> spans = spans_of(running.status, ended(running, Phase::Succeeded));
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].name, "RUN etl");
  EXPECT_EQ(spans[0].kind, SpanKind::Server);
  EXPECT_EQ(spans[0].span_id, run_span_id("u-1"));
  EXPECT_EQ(spans[0].parent_id, "");
  EXPECT_EQ(spans[0].end_ms - spans[0].start_ms, 60'000);
  EXPECT_EQ(attribute(spans[0], "cicd.pipeline.result"), "success");
}

TEST(RunSpans, ARunThatWasStartedInATraceIsPartOfIt) {
  api::WorkflowRun running = run_with({task("a", Phase::Running)});
  running.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  api::WorkflowRun after = ended(run_with({task("a", Phase::Failed)}), Phase::Failed, "TaskFailed");
  after.traceparent = running.traceparent;
  const std::vector<Span> spans = spans_of(running.status, after);
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(spans[0].parent_id, spans[1].span_id);
  EXPECT_EQ(spans[1].parent_id, "b7ad6b7169203331");
  EXPECT_TRUE(spans[1].failed);
}

TEST(RunSpans, OfATraceThatKeepsNoneThereAreNone) {
  api::WorkflowRun after = ended(run_with({task("a", Phase::Succeeded)}), Phase::Succeeded);
  after.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  EXPECT_TRUE(spans_of(run_with({}).status, after).empty());
}

TEST(RunSpans, WhatDidNotRunHasNone) {
  api::TaskStatus skipped = task("a", Phase::Skipped);
  skipped.attempt = 0;
  skipped.start_ms = 0;
  api::TaskStatus inherited = task("b", Phase::Succeeded);
  inherited.inherited_from = "earlier";
  EXPECT_TRUE(spans_of(run_with({}).status, run_with({skipped, inherited})).empty());
}

TEST(RunSpans, ATaskThatOnlyWaitsHasOne) {
  api::TaskStatus waited = task("gate", Phase::Succeeded);
  waited.attempt = 0;
  waited.job.clear();
  const std::vector<Span> spans = spans_of(run_with({task("gate", Phase::Pending)}).status, run_with({waited}));
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].span_id, attempt_span_id("u-1", "gate", 0));
}

}  // namespace
}  // namespace ork::observe
