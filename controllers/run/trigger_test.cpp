#include "controllers/run/trigger.hpp"

#include <gtest/gtest.h>

#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Phase;
using api::Trigger;
using namespace test;

// The five triggers, in the order of the enum, over the same upstream.
struct Row {
  const char* what;
  UpstreamCounts upstream;
  Turn all_succeeded, all_done, any_succeeded, any_failed, none_failed;
};

constexpr Turn wait = Turn::NotYet, go = Turn::Run, skip = Turn::Skip, fail = Turn::UpstreamFailed;

constexpr Row rows[] = {
    {"nothing to wait for", {}, go, go, skip, skip, go},
    {"all still open", {.open = 2}, wait, wait, wait, wait, wait},
    {"all succeeded", {.succeeded = 2}, go, go, go, skip, go},
    {"one succeeded, one open", {.open = 1, .succeeded = 1}, wait, wait, go, wait, wait},
    {"all failed", {.failed = 2}, fail, go, fail, go, fail},
    {"one failed, one open", {.open = 1, .failed = 1}, fail, wait, wait, go, fail},
    {"one failed, one succeeded", {.succeeded = 1, .failed = 1}, fail, go, go, go, fail},
    {"all excused", {.excused = 2}, go, go, skip, go, go},
    {"one excused, one open", {.open = 1, .excused = 1}, wait, wait, wait, go, wait},
    {"one excused, one succeeded", {.succeeded = 1, .excused = 1}, go, go, go, go, go},
    {"one excused, one failed", {.excused = 1, .failed = 1}, fail, go, fail, go, fail},
    {"all skipped", {.skipped = 2}, skip, go, skip, skip, go},
    // The open one may still fail, and then it is a failure that stops what follows.
    {"one skipped, one open", {.open = 1, .skipped = 1}, wait, wait, wait, wait, wait},
    {"one skipped, one succeeded", {.succeeded = 1, .skipped = 1}, skip, go, go, skip, go},
    {"one skipped, one failed", {.failed = 1, .skipped = 1}, fail, go, fail, go, fail},
    {"one skipped, one excused", {.excused = 1, .skipped = 1}, skip, go, skip, go, go},
};

TEST(Trigger, DecidesByHowTheUpstreamHasEnded) {
  for (const Row& row : rows) {
    EXPECT_EQ(turn_of(Trigger::AllSucceeded, row.upstream), row.all_succeeded) << row.what << ", allSucceeded";
    EXPECT_EQ(turn_of(Trigger::AllDone, row.upstream), row.all_done) << row.what << ", allDone";
    EXPECT_EQ(turn_of(Trigger::AnySucceeded, row.upstream), row.any_succeeded) << row.what << ", anySucceeded";
    EXPECT_EQ(turn_of(Trigger::AnyFailed, row.upstream), row.any_failed) << row.what << ", anyFailed";
    EXPECT_EQ(turn_of(Trigger::NoneFailed, row.upstream), row.none_failed) << row.what << ", noneFailed";
  }
}

// Every upstream of up to three of a kind: whatever ends next, what was decided early is decided still.
TEST(Trigger, IsDecidedEarlyOnlyWhereNoFurtherEndChangesIt) {
  constexpr int UpstreamCounts::* ends[] = {&UpstreamCounts::succeeded, &UpstreamCounts::excused,
                                            &UpstreamCounts::failed, &UpstreamCounts::skipped};
  for (int number = 0; number < 81; ++number) {
    UpstreamCounts now{.open = 1};
    int digits = number;
    for (int UpstreamCounts::* end : ends) {
      now.*end = digits % 3;
      digits /= 3;
    }
    for (const auto trigger :
         {Trigger::AllSucceeded, Trigger::AllDone, Trigger::AnySucceeded, Trigger::AnyFailed, Trigger::NoneFailed}) {
      const Turn early = turn_of(trigger, now);
      for (int UpstreamCounts::* end : ends) {
        UpstreamCounts next = now;
        next.open = 0;
        ++(next.*end);
        const Turn late = turn_of(trigger, next);
        EXPECT_TRUE(late == early || early == Turn::NotYet) << api::to_string(trigger) << " " << number;
        EXPECT_NE(late, Turn::NotYet) << api::to_string(trigger) << " " << number;
      }
    }
  }
}

Turn turn_in(const char* spec, std::vector<Phase> phases) {
  const auto definition = definition_of(spec);
  std::vector<api::TaskStatusPtr> tasks;
  for (std::size_t i = 0; i < definition->tasks.size(); ++i) {
    tasks.push_back(ptr(task_status(definition->tasks[i].name(), i < phases.size() ? phases[i] : Phase::Pending)));
  }
  return turn_of_task(*definition, static_cast<int>(phases.size()), tasks);
}

TEST(TurnOfATask, CountsEachPhaseForWhatItMeans) {
  const char* const spec = R"({"defaults": {"image": "i"}, "tasks": [{"name": "a"}, {"name": "b", "onFailure": "run"},
                               {"name": "c", "dependsOn": ["a", "b"]}]})";
  const struct {
    Phase a, b;
    Turn expected;
  } cases[] = {{Phase::Succeeded, Phase::Succeeded, go},       {Phase::Succeeded, Phase::Failed, go},
               {Phase::Failed, Phase::Succeeded, fail},        {Phase::Failed, Phase::Running, fail},
               {Phase::Running, Phase::Succeeded, wait},       {Phase::Pending, Phase::Failed, wait},
               {Phase::Queued, Phase::Succeeded, wait},        {Phase::Retrying, Phase::Succeeded, wait},
               {Phase::Deferred, Phase::Succeeded, wait},      {Phase::Skipped, Phase::Succeeded, skip},
               {Phase::Skipped, Phase::Running, wait},         {Phase::Cancelled, Phase::Succeeded, fail},
               {Phase::Succeeded, Phase::UpstreamFailed, fail}};
  for (const auto& c : cases) {
    EXPECT_EQ(turn_in(spec, {c.a, c.b}), c.expected) << api::to_string(c.a) << " " << api::to_string(c.b);
  }
}

TEST(TurnOfATask, WaitsForWhatItsExpressionsReadWhateverItsTrigger) {
  const char* const by_when = R"({"defaults": {"image": "i"}, "tasks": [{"name": "a"}, {"name": "b"},
      {"name": "c", "dependsOn": ["a"], "trigger": "anyFailed", "when": "tasks.b.phase == 'Succeeded'"}]})";
  EXPECT_EQ(turn_in(by_when, {Phase::Failed, Phase::Running}), wait);
  EXPECT_EQ(turn_in(by_when, {Phase::Failed, Phase::Succeeded}), go);
  EXPECT_EQ(turn_in(by_when, {Phase::Running, Phase::Failed}), go);
  const char* const by_input = R"({"defaults": {"image": "i"}, "tasks": [{"name": "a"}, {"name": "b"},
      {"name": "c", "dependsOn": ["a"], "trigger": "anySucceeded", "inputs": {"x": "tasks.b.output"}}]})";
  EXPECT_EQ(turn_in(by_input, {Phase::Succeeded, Phase::Running}), wait);
  EXPECT_EQ(turn_in(by_input, {Phase::Running, Phase::Succeeded}), go);
}

}  // namespace
}  // namespace ork::run
