#include "controllers/run/cached_results.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using namespace test;

api::TaskStatus made(const std::string& key, api::TimeMs at) {
  api::TaskStatus out = task_status("load", api::Phase::Succeeded, 1);
  out.cache_key = key;
  out.completion_ms = at;
  return out;
}

api::WorkflowRun ended(const std::string& name, api::TimeMs at, std::vector<api::TaskStatus> tasks) {
  api::WorkflowRun run;
  run.meta.ns = "data";
  run.meta.name = name;
  run.meta.uid = "uid-" + name;
  run.spec.workflow_ref = "flow";
  run.status.phase = api::Phase::Failed;
  run.status.completion_ms = at;
  for (api::TaskStatus& task : tasks) run.status.tasks.push_back(ptr(std::move(task)));
  return run;
}

std::string found(const CachedResults& results, const std::string& key, const char* workflow = "flow") {
  const CachedResult* result = results.find("data", workflow, key);
  return result == nullptr ? "none" : result->run + " at " + std::to_string(result->made_ms);
}

TEST(CachedResults, TheNewestOfAKeyIsFound) {
  CachedResults results;
  results.add(ended("b", 9, {made("k", 5)}));
  results.add(ended("a", 8, {made("k", 3), made("other", 4)}));
  EXPECT_EQ(found(results, "k"), "b at 5");
  EXPECT_EQ(found(results, "other"), "a at 4");
  EXPECT_EQ(found(results, "k", "another"), "none");
}

TEST(CachedResults, WhatIsGoneIsNotFound) {
  CachedResults results;
  const api::WorkflowRun run = ended("a", 8, {made("k", 3)});
  results.add(run);
  results.add(run);
  EXPECT_EQ(results.size(), 1);
  results.remove(run);
  EXPECT_EQ(found(results, "k"), "none");
  EXPECT_EQ(results.size(), 0);
}

TEST(CachedResults, WhoGoesTakesNothingOfOthers) {
  CachedResults results;
  const api::WorkflowRun old = ended("old", 8, {made("k", 3)});
  results.add(old);
  results.add(ended("new", 9, {made("k", 5)}));
  results.remove(old);
  EXPECT_EQ(found(results, "k"), "new at 5");
}

TEST(CachedResults, AnEditedRunHasWhatItHasNow) {
  CachedResults results;
  results.add(ended("a", 8, {made("k", 3)}));
  results.add(ended("a", 8, {made("other", 3)}));
  EXPECT_EQ(found(results, "k"), "none");
  EXPECT_EQ(found(results, "other"), "a at 3");
}

TEST(CachedResults, OfTooManyTheLongestEndedGo) {
  CachedResults results;
  for (std::size_t i = 0; i <= max_cached_results; ++i) {
    const auto at = static_cast<api::TimeMs>(i + 1);
    results.add(ended("r" + std::to_string(i), at, {made("k" + std::to_string(i), at)}));
  }
  EXPECT_EQ(results.size(), max_cached_results);
  EXPECT_EQ(found(results, "k0"), "none");
  EXPECT_EQ(found(results, "k1"), "r1 at 2");
}

struct Case {
  const char* what;
  std::function<void(api::WorkflowRun& run, api::TaskStatus& task)> change;
};

class LeavesNoResult : public testing::TestWithParam<Case> {};

TEST_P(LeavesNoResult, ForOthers) {
  api::WorkflowRun run = ended("a", 8, {});
  api::TaskStatus task = made("k", 3);
  task.output = 7;
  EXPECT_TRUE(leaves_result(run, task));
  GetParam().change(run, task);
  EXPECT_FALSE(leaves_result(run, task));
}

INSTANTIATE_TEST_SUITE_P(
    All, LeavesNoResult,
    testing::Values(Case{"GoesOn", [](auto& run, auto&) { run.status.phase = api::Phase::Running; }},
                    Case{"IsInline", [](auto& run, auto&) { run.spec.workflow_ref.clear(); }},
                    Case{"HasNoKey", [](auto&, auto& task) { task.cache_key.clear(); }},
                    Case{"HasFailed", [](auto&, auto& task) { task.phase = api::Phase::Failed; }},
                    Case{"HasItFromAnother", [](auto&, auto& task) { task.inherited_from = "older"; }},
                    Case{"HasNoTime", [](auto&, auto& task) { task.completion_ms = 0; }},
                    Case{"HasLostItsOutput",
                         [](auto&, auto& task) {
                           task.output.reset();
                           task.job.clear();
                         }}),
    [](const auto& one) { return one.param.what; });

}  // namespace
}  // namespace ork::run
