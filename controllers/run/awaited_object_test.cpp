#include "controllers/run/awaited_object.hpp"

#include <gtest/gtest.h>

#include "controllers/run/run_scope.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using namespace test;

// A task that waits for the Deployment "web", by what stands in `more`.
struct World : TestRun {
  Json params = {{"n", 3}};
  explicit World(const std::string& more)
      : TestRun((R"js({"params": [{"name": "n", "type": "integer"}], "tasks": [{"name": "hold", "wait": {"object":
                  {"apiVersion": "apps/v1", "kind": "Deployment", "name": "'web'")js" +
                 more + "}}}]}")
                    .c_str()) {
    store({task_status("hold")});
  }

  std::string told(const AwaitedObject& awaited) const {
    const auto judged = judge_object(snapshot.definition->tasks[0], "web", awaited,
                                     RunScope(snapshot, params, snapshot.run->status.tasks));
    if (!judged) return "Err: " + judged.error();
    return judged->reason.empty() ? "holds" : judged->reason + ": " + judged->message;
  }
  std::string told(const char* object) const {
    return told({.is_seen = true, .object = std::make_shared<const Json>(Json::parse(object)), .problem = {}});
  }
};

TEST(AwaitedObject, IsWaitedForUntilItIsThere) {
  const World world("");
  EXPECT_EQ(world.told(AwaitedObject()), "Waiting: waits for Deployment web");
  EXPECT_EQ(world.told({.is_seen = true, .object = nullptr, .problem = {}}),
            "ObjectNotFound: waits for Deployment web, which is not there");
  EXPECT_EQ(world.told("{}"), "holds");
}

TEST(AwaitedObject, ThatCanNotBeWatchedTellsWhy) {
  const World world("");
  EXPECT_EQ(world.told({.is_seen = true, .object = std::make_shared<const Json>(), .problem = "it is forbidden"}),
            "ObjectUnavailable: waits for Deployment web, which can't be watched: it is forbidden");
}

TEST(AwaitedObject, HasToHaveTheConditionTrue) {
  const World world(R"(, "condition": "Available")");
  EXPECT_EQ(world.told("{}"), "Waiting: waits for Deployment web: it has no condition Available");
  EXPECT_EQ(world.told(R"({"status": {"conditions": [{"type": "Progressing", "status": "True"},
                          {"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable"}]}})"),
            "Waiting: waits for Deployment web: Available is False (MinimumReplicasUnavailable)");
  EXPECT_EQ(world.told(R"({"status": {"conditions": [{"type": "Available"}]}})"),
            "Waiting: waits for Deployment web: Available is Unknown");
  EXPECT_EQ(world.told(R"({"status": {"conditions": [{"type": "Available", "status": "True"}]}})"), "holds");
  for (const char* odd : {R"({"status": {"conditions": 7}})", R"({"status": {"conditions": [7]}})", "[]"})
    EXPECT_EQ(world.told(odd), "Waiting: waits for Deployment web: it has no condition Available") << odd;
}

TEST(AwaitedObject, IsNotJudgedByWhatIsToldOfAnEarlierGeneration) {
  const World world(R"(, "condition": "Available")");
  const std::string earlier = "Waiting: waits for Deployment web: Available is told of an earlier generation of it";
  EXPECT_EQ(world.told(R"({"metadata": {"generation": 2}, "status": {"observedGeneration": 1,
                          "conditions": [{"type": "Available", "status": "True"}]}})"),
            earlier);
  EXPECT_EQ(world.told(R"({"metadata": {"generation": 2}, "status": {"observedGeneration": 2,
                          "conditions": [{"type": "Available", "status": "True", "observedGeneration": 1}]}})"),
            earlier);
  EXPECT_EQ(world.told(R"({"metadata": {"generation": 2}, "status": {"observedGeneration": 2,
                          "conditions": [{"type": "Available", "status": "True"}]}})"),
            "holds");
}

TEST(AwaitedObject, HasToMakeTheExpressionTrue) {
  const World world(R"(, "until": "object.status.readyReplicas >= params.n")");
  EXPECT_EQ(world.told(R"({"status": {"readyReplicas": 2}})"), "Waiting: waits for Deployment web: until is false");
  EXPECT_EQ(world.told(R"({"status": {"readyReplicas": 3}})"), "holds");
  EXPECT_TRUE(world.told(R"({"status": {}})").starts_with("Waiting: waits for Deployment web: until has no value: "));
}

TEST(AwaitedObject, WhoseExpressionIsNeitherTrueNorFalseIsNotWaitedFor) {
  const World world(R"(, "until": "object.data.ready")");
  EXPECT_EQ(world.told(R"({"data": {"ready": "yes"}})"),
            "Err: wait.object.until is a string, but has to be true or false");
}

}  // namespace
}  // namespace ork::run
