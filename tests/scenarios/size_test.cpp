// How large a run may be: 5,000 tasks and 100,000 indexes come to their ends, their status fits its object, what is
// written for a task does not grow with the number of the others, and one more is refused before it starts.

#include <gtest/gtest.h>

#include <algorithm>

#include "controllers/workflow/compile.hpp"
#include "controllers/workflow/limits.hpp"
#include "tests/scenarios/world.hpp"

namespace ork::scenarios {
namespace {

using api::Json;
using api::Phase;

constexpr std::size_t most_bytes = std::size_t{1} << 20;

// Layers of 50, each task after one of the layer before.
Json layered(std::size_t tasks) {
  constexpr std::size_t width = 50;
  Json spec = {{"defaults", {{"image", "busybox"}}}, {"tasks", Json::array()}};
  for (std::size_t i = 0; i < tasks; ++i) {
    Json task = {{"name", "task-" + std::to_string(i)}, {"script", "work"}};
    if (i >= width) task["dependsOn"] = {"task-" + std::to_string(i - width)};
    spec["tasks"].push_back(std::move(task));
  }
  return spec;
}

void settle(World& world) {
  while (world.carry_out(world.decide())) {
  }
}

api::Pod ended(const HeldJob& held, std::int64_t index, bool well, api::TimeMs now) {
  api::Pod pod;
  pod.index = index;
  pod.meta.name = held.job.meta.name + "-" + std::to_string(index);
  pod.meta.uid = "uid-" + pod.meta.name;
  pod.meta.creation_ms = pod.start_ms = pod.finish_ms = now;
  pod.phase = well ? api::PodPhase::Succeeded : api::PodPhase::Failed;
  pod.exit_code = well ? 0 : 7;
  return pod;
}

// Each task's Pod ends with an output, a layer after the other.
void run_layers(World& world) {
  settle(world);
  while (!api::is_final(world.status().phase)) {
    world.now += 200;
    for (auto& [name, held] : world.jobs) {
      if (!held.pods.empty()) continue;
      api::Pod pod = ended(held, -1, true, world.now);
      pod.termination_message = R"({"rows":12345})";
      held.pods.emplace(-1, std::move(pod));
    }
    settle(world);
  }
}

std::size_t status_bytes(const World& world) { return api::encode_status(world.status()).dump().size(); }

TEST(Size, FiveThousandTasksTakeNotMuchMoreEachThanFifty) {
  const auto bytes_of_a_task = [](std::size_t tasks) {
    World world(layered(tasks), Json::object());
    run_layers(world);
    EXPECT_EQ(world.status().phase, Phase::Succeeded);
    EXPECT_EQ(world.created.size(), tasks);
    EXPECT_LT(status_bytes(world), most_bytes);
    return world.bytes_written / tasks;
  };
  const std::size_t of_few = bytes_of_a_task(50), of_many = bytes_of_a_task(5'000);
  EXPECT_LE(of_many, 2 * of_few);
  EXPECT_GT(of_few, 500U) << "the Job itself is among what is written";
}

// In ten portions, so scattered that no two of a portion stand side by side. Every other index fails.
TEST(Size, AHundredThousandIndexesFitIntoOneStatus) {
  World world(Json::parse(R"({"defaults": {"image": "busybox"}, "tasks": [
      {"name": "wide", "count": 100000, "onFailure": "run", "script": "work"}, {"name": "end", "dependsOn": ["wide"]}]})"),
              Json::object());
  settle(world);
  std::size_t largest = 0;
  for (std::int64_t portion = 0; portion < 10; ++portion) {
    HeldJob* held = world.job_of("wide");
    ASSERT_NE(held, nullptr) << world.status().message;
    world.now += 200;
    for (std::int64_t index = portion; index < held->count; index += 10)
      held->pods.emplace(index, ended(*held, index, index % 2 == 0, world.now));
    settle(world);
    largest = std::max(largest, status_bytes(world));
  }
  const api::TaskStatus& wide = *world.status().tasks[0];
  EXPECT_EQ(wide.phase, Phase::Failed);
  EXPECT_EQ(wide.succeeded_indexes.size(), 50'000);
  EXPECT_EQ(wide.failed_indexes.size(), 50'000);
  EXPECT_LT(largest, most_bytes);
  ASSERT_NE(world.job_of("end"), nullptr);
  world.job_of("end")->pods.emplace(-1, ended(*world.job_of("end"), -1, true, world.now));
  settle(world);
  EXPECT_EQ(world.status().phase, Phase::Succeeded);
}

TEST(Size, OneMoreIsRefusedBeforeItStarts) {
  const auto refusal = [](const Json& spec) {
    const auto definition = workflow::compile(spec);
    return definition ? "" : workflow::describe(definition.error());
  };
  EXPECT_EQ(refusal(layered(workflow::max_tasks)), "");
  EXPECT_EQ(refusal(layered(workflow::max_tasks + 1)), "spec.tasks: has 5001 entries, but may have at most 5000");
  const auto counted = [](std::int64_t count) {
    return Json{{"tasks", {{{"name", "a"}, {"image", "i"}, {"count", count}}}}};
  };
  EXPECT_EQ(refusal(counted(workflow::max_count)), "");
  EXPECT_EQ(refusal(counted(workflow::max_count + 1)), "spec.tasks[0].count: is 100001, but must be from 1 to 100000");
}

// What only shows once the run is under way fails its task, and says why.
TEST(Size, OneMoreByExpressionEndsItsTask) {
  World world(Json::parse(R"j({"params": [{"name": "n", "type": "integer"}], "defaults": {"image": "i"},
                              "tasks": [{"name": "a", "count": "params.n"}]})j"),
              {{"params", {{"n", 100'001}}}});
  settle(world);
  EXPECT_EQ(world.status().phase, Phase::Failed);
  EXPECT_EQ(world.status().tasks[0]->message, "count has no value: it is 100001, but must be from 0 to 100000");
}

}  // namespace
}  // namespace ork::scenarios
