#include "controllers/workflow/task_digest.hpp"

#include <gtest/gtest.h>

namespace ork::workflow {
namespace {

using api::Json;

struct Case {
  const char* what;
  const char* patch;  // a merge patch of the spec
  bool same;
};

class TaskDigest : public testing::TestWithParam<Case> {};

TEST_P(TaskDigest, TellsWhetherATaskIsMadeOfTheSame) {
  const Json before = Json::parse(R"({
    "defaults": {"image": "busybox", "env": [{"name": "A", "value": "1"}], "timeout": "1m"},
    "types": {"row": {"type": "integer"}},
    "tasks": [{"name": "load", "script": "echo", "inputs": {"day": "params.day"}, "output": {"$ref": "row"}}]})");
  Json after = before;
  Json patch = Json::parse(GetParam().patch);
  // A merge patch takes lists as a whole: of the task it is written for itself.
  if (patch.contains("task")) after["tasks"][0].merge_patch(patch["task"]);
  patch.erase("task");
  after.merge_patch(patch);
  EXPECT_EQ(task_digests(before) == task_digests(after), GetParam().same);
}

INSTANTIATE_TEST_SUITE_P(
    , TaskDigest,
    testing::Values(Case{"Nothing", "{}", true}, Case{"Script", R"({"task": {"script": "date"}})", false},
                    Case{"Name", R"({"task": {"name": "store"}})", false},
                    Case{"Input", R"({"task": {"inputs": {"day": "'monday'"}}})", false},
                    Case{"AnotherInput", R"({"task": {"inputs": {"n": "1"}}})", false},
                    Case{"When", R"({"task": {"when": "true"}})", false},
                    Case{"Count", R"({"task": {"count": 3}})", false},
                    Case{"Tolerate", R"({"task": {"tolerate": {"failures": 1}}})", false},
                    Case{"OwnImage", R"({"task": {"image": "alpine"}})", false},
                    Case{"OwnEnv", R"({"task": {"env": [{"name": "B"}]}})", false},
                    Case{"DefaultImage", R"({"defaults": {"image": "alpine"}})", false},
                    Case{"DefaultEnv", R"({"defaults": {"env": [{"name": "A", "value": "2"}]}})", false},
                    Case{"TypeOfItsOutput", R"({"types": {"row": {"type": "string"}}})", false},
                    Case{"AFieldOfTomorrow", R"({"task": {"gpu": "large"}})", false},
                    Case{"Retry", R"({"task": {"retry": {"limit": 3}}})", true},
                    Case{"Timeout", R"({"task": {"timeout": "5m", "pendingTimeout": "1m"}})", true},
                    Case{"DefaultTimeout", R"({"defaults": {"timeout": "5m", "retry": {"limit": 1}}})", true},
                    Case{"Resources", R"({"task": {"resources": {"limits": {"memory": "1Gi"}},
                                                   "onOOM": {"memory": "x2", "max": "2Gi"}}})",
                         true},
                    Case{"Cache", R"({"task": {"cache": {"key": "params.day", "ttl": "1h"}}})", true},
                    Case{"Parallelism", R"({"task": {"parallelism": 3, "onFailure": "run"}})", true},
                    Case{"WhatIsSaidOfTheRun", R"({"parallelism": 3, "timeout": "1h", "output": "1"})", true}),
    [](const auto& instance) { return instance.param.what; });

Json spec_with(const char* task) {
  return {{"defaults", {{"image", "busybox"}}}, {"types", {{"t", "string"}}}, {"tasks", {Json::parse(task)}}};
}

// The same with another image among the defaults, and other types.
bool depends_on_defaults(const char* task) {
  const Json before = spec_with(task);
  Json after = before;
  after["defaults"]["image"] = "alpine";
  after["types"]["t"] = "integer";
  return task_digests(before) != task_digests(after);
}

TEST(TaskDigestDefaults, CountOnlyWhereTheyAreMadeUseOf) {
  EXPECT_TRUE(depends_on_defaults(R"({"name": "a"})"));
  EXPECT_FALSE(depends_on_defaults(R"({"name": "a", "image": "own"})"));
  EXPECT_FALSE(depends_on_defaults(R"({"name": "a", "podTemplate": {"spec": {}}})"));
  EXPECT_FALSE(depends_on_defaults(R"({"name": "a", "wait": {"for": "5m"}})"));
  EXPECT_FALSE(depends_on_defaults(R"({"name": "a", "approve": {}})"));
}

TEST(TaskDigestDefaults, OtherTasksAreNoPartOfIt) {
  Json spec = spec_with(R"({"name": "a"})");
  const auto alone = task_digests(spec);
  ASSERT_EQ(alone.size(), 1u);
  spec["tasks"].push_back({{"name", "b"}});
  const auto both = task_digests(spec);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0], alone[0]);
  EXPECT_NE(both[1], alone[0]);
}

}  // namespace
}  // namespace ork::workflow
