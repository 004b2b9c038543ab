#include "controllers/run/inherit.hpp"

#include <gtest/gtest.h>

#include "controllers/run/plan.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using namespace test;

// A branch, a join that asks for a param, and a task that stands alone.
Json flow() {
  return Json::parse(R"({
    "params": [{"name": "day", "default": "monday"}, {"name": "unused", "default": "x"}],
    "defaults": {"image": "busybox"},
    "tasks": [{"name": "list"},
              {"name": "load", "forEach": "tasks.list.output"},
              {"name": "rare", "when": "size(tasks.list.output) > 9"},
              {"name": "join", "dependsOn": ["load", "rare"], "trigger": "noneFailed", "inputs": {"day": "params.day"}},
              {"name": "alone"}]})");
}

api::TaskStatus ended(const char* name, Phase phase, const Json& output = nullptr) {
  api::TaskStatus out = task_status(name, phase, phase == Phase::Skipped ? 0 : 1);
  if (!output.is_null()) out.output = output;
  return out;
}

struct Case {
  const char* what;
  const char* from;
  std::function<void(Json& flow, Json& params, std::vector<api::TaskStatus>& ended)> change;
  const char* inherited;  // names, in the definition's order
};

class Inheritable : public testing::TestWithParam<Case> {};

api::TaskStatus& of(std::vector<api::TaskStatus>& tasks, std::string_view name) {
  return *std::find_if(tasks.begin(), tasks.end(), [&](const api::TaskStatus& task) { return task.name == name; });
}

TEST_P(Inheritable, AreTheTasksThatWouldGiveTheSame) {
  Json spec = flow();
  Json params = {{"day", "monday"}, {"unused", "x"}};
  const Json earlier_params = params;
  std::vector<api::TaskStatus> tasks = {ended("list", Phase::Succeeded, {1, 2}),
                                        ended("load", Phase::Succeeded, {3, 4}), ended("rare", Phase::Skipped),
                                        ended("join", Phase::Succeeded, 7), ended("alone", Phase::Succeeded)};
  GetParam().change(spec, params, tasks);
  const auto before = definition_of(flow().dump().c_str());
  const auto now = definition_of(spec.dump().c_str());
  ASSERT_NE(now, nullptr);
  std::vector<api::TaskStatusPtr> there;
  for (api::TaskStatus& task : tasks) there.push_back(ptr(std::move(task)));
  std::string inherited;
  const auto ends = inheritable({*now, params}, {*before, earlier_params}, there, GetParam().from);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i] == nullptr) continue;
    EXPECT_EQ(ends[i]->name, now->tasks[i].name());
    inherited += (inherited.empty() ? "" : " ") + ends[i]->name;
  }
  EXPECT_EQ(inherited, GetParam().inherited);
}

const auto nothing = [](Json&, Json&, std::vector<api::TaskStatus>&) {};

// As a change of the task at that place.
auto edited(std::size_t task, const char* patch) {
  return [task, patch](Json& spec, Json&, std::vector<api::TaskStatus>&) {
    spec["tasks"][task].merge_patch(Json::parse(patch));
  };
}

INSTANTIATE_TEST_SUITE_P(
    , Inheritable,
    testing::Values(
        Case{"AllHaveSucceeded", "Failed", nothing, "list load rare join alone"},
        Case{"OneHasFailed", "Failed", [](Json&, Json&, auto& tasks) { of(tasks, "load").phase = Phase::Failed; },
             "list rare alone"},
        Case{"OneNeverRan", "Failed",
             [](Json&, Json&, auto& tasks) { of(tasks, "join").phase = Phase::UpstreamFailed; },
             "list load rare alone"},
        Case{"OneWasCancelled", "Failed",
             [](Json&, Json&, auto& tasks) { of(tasks, "alone").phase = Phase::Cancelled; }, "list load rare join"},
        Case{"WhatFollowsAFailureThatIsPassedOver", "Failed",
             [](Json&, Json&, auto& tasks) { of(tasks, "list").phase = Phase::Failed; }, "alone"},
        Case{"FromATask", "load", nothing, "list rare alone"}, Case{"FromTheFirst", "list", nothing, "alone"},
        Case{"FromTheLast", "join", nothing, "list load rare alone"},
        Case{"AnotherScript", "Failed", edited(1, R"({"script": "date"})"), "list rare alone"},
        Case{"AnotherTimeout", "Failed", edited(1, R"({"timeout": "9m"})"), "list load rare join alone"},
        Case{"AnotherDependency", "Failed", edited(4, R"({"dependsOn": ["list"]})"), "list load rare join"},
        Case{"AnotherImage", "Failed", [](Json& spec, Json&, auto&) { spec["defaults"]["image"] = "alpine"; }, ""},
        Case{"ANewTask", "Failed",
             [](Json& spec, Json&, auto&) {
               spec["tasks"].push_back({{"name", "new"}});
               spec["tasks"][4]["dependsOn"] = {"new"};
             },
             "list load rare join"},
        Case{"ATaskLess", "Failed", [](Json& spec, Json&, auto&) { spec["tasks"].erase(4); }, "list load rare join"},
        Case{"AnotherParam", "Failed", [](Json&, Json& params, auto&) { params["day"] = "tuesday"; },
             "list load rare alone"},
        Case{"AnotherParamThatNobodyAsksFor", "Failed", [](Json&, Json& params, auto&) { params["unused"] = "y"; },
             "list load rare join alone"},
        Case{"AStatusThatTellsOfATaskNoMore", "Failed", [](Json&, Json&, auto& tasks) { tasks.erase(tasks.begin()); },
             "alone"},
        Case{"AnOutputThatWasDropped", "Failed",
             [](Json&, Json&, auto& tasks) {
               of(tasks, "list").output.reset();
               of(tasks, "list").message = "its output was dropped to keep the status small";
             },
             "alone"},
        Case{"AnOutputThatMayHaveBeenDropped", "Failed",
             [](Json&, Json&, auto& tasks) { of(tasks, "alone").job.clear(); }, "list load rare join"}),
    [](const auto& instance) { return instance.param.what; });

TEST(InheritableOf, ATaskThatAsksForItsRunIsNeverTheSame) {
  const char* spec = R"({"tasks": [{"name": "a", "image": "i", "inputs": {"run": "run.name"}},
                                   {"name": "b", "image": "i", "inputs": {"all": "params"}}]})";
  const auto definition = definition_of(spec);
  ASSERT_NE(definition, nullptr);
  const std::vector<api::TaskStatusPtr> tasks = {ptr(ended("a", Phase::Succeeded)), ptr(ended("b", Phase::Succeeded))};
  const Json none = Json::object(), one = {{"x", 1}};
  EXPECT_EQ(inheritable({*definition, none}, {*definition, none}, tasks, "Failed")[0], nullptr);
  EXPECT_NE(inheritable({*definition, none}, {*definition, none}, tasks, "Failed")[1], nullptr);
  EXPECT_EQ(inheritable({*definition, none}, {*definition, one}, tasks, "Failed")[1], nullptr);
}

// What a rerun of a run of one Succeeded and one Failed task begins with.
struct Rerun : TestRun {
  api::WorkflowRun earlier;

  explicit Rerun(const std::string& from = "Failed")
      : TestRun(R"({"tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i", "dependsOn": ["a"]}]})") {
    run.spec.rerun_of = api::RerunOf{.name = "old", .from = from};
    earlier.meta.name = "old";
    earlier.meta.uid = "old-uid";
    earlier.status.phase = Phase::Failed;
    earlier.status.revision = "flow-0";
    api::TaskStatus a = ended("a", Phase::Succeeded, 7);
    a.start_ms = now - 1'000;
    a.completion_ms = now - 500;
    a.exit_code = 0;
    earlier.status.tasks = {ptr(std::move(a)), ptr(ended("b", Phase::Failed))};
  }

  Plan planned(bool shown = true, bool defined = true) {
    if (shown)
      snapshot.earlier["old"] = {std::make_shared<const api::WorkflowRun>(earlier),
                                 defined ? snapshot.definition : nullptr, ""};
    return plan(snapshot, now);
  }

  std::string refusal(bool shown = true, bool defined = true) {
    const Plan decided = planned(shown, defined);
    if (decided.status.phase != Phase::Failed || !decided.create.empty()) return "not refused";
    return api::find_condition(decided.status.conditions, "Succeeded")->reason + ": " + decided.status.message;
  }
};

TEST(Inherit, IsStoredBeforeAnythingStarts) {
  const Plan decided = Rerun().planned();
  EXPECT_TRUE(decided.create.empty());
  EXPECT_EQ(decided.urgency, Urgency::First);
  EXPECT_EQ(decided.status.revision, "flow-1");
  EXPECT_EQ(decided.status.rerun_of, (api::RerunStatus{"old", "old-uid", 1}));
  EXPECT_EQ(decided.status.message, "a rerun of old: 1 task inherited");
  EXPECT_EQ(decided.status.progress, "1/2");
}

TEST(Inherit, ShowsWhoseEndItIsAndNoneOfItsAttempts) {
  const Plan decided = Rerun().planned();
  ASSERT_EQ(decided.status.tasks.size(), 2u);
  api::TaskStatus expected = task_status("a", Phase::Succeeded);
  expected.reason = "Inherited";
  expected.output = 7;
  expected.exit_code = 0;
  expected.inherited_from = "old";
  EXPECT_EQ(*decided.status.tasks[0], expected);
  EXPECT_EQ(*decided.status.tasks[1], task_status("b"));
}

TEST(Inherit, OfWhatWasInheritedTellsOfTheRunThatDidIt) {
  Rerun rerun;
  api::TaskStatus a = ended("a", Phase::Succeeded, 7);
  a.attempt = 0;
  a.inherited_from = "older";
  rerun.earlier.status.tasks[0] = ptr(std::move(a));
  EXPECT_EQ(rerun.planned().status.tasks.at(0)->inherited_from, "older");
}

TEST(Inherit, IsDecidedOnce) {
  Rerun rerun;
  rerun.store({task_status("a"), task_status("b")});
  rerun.run.status.rerun_of = api::RerunStatus{"old", "old-uid", 0};
  const Plan decided = rerun.planned();
  EXPECT_EQ(decided.create.size(), 1u);
  EXPECT_EQ(decided.status.rerun_of->inherited, 0);
}

TEST(Inherit, FromTheBeginningIsNothing) {
  const Plan decided = Rerun("").planned(true, false);
  EXPECT_TRUE(decided.look_up.empty());
  EXPECT_EQ(decided.status.rerun_of, (api::RerunStatus{"old", "old-uid", 0}));
  EXPECT_EQ(decided.status.tasks.at(0)->phase, Phase::Pending);
}

TEST(Inherit, AsksForWhatItDoesNotSee) {
  const Plan without_run = Rerun().planned(false, false);
  ASSERT_EQ(without_run.look_up.size(), 1u);
  EXPECT_EQ(without_run.look_up[0], (Missing{Missing::Kind::Run, "old", ""}));
  EXPECT_FALSE(without_run.status_changed);
  const Plan without_revision = Rerun().planned(true, false);
  ASSERT_EQ(without_revision.look_up.size(), 1u);
  EXPECT_EQ(without_revision.look_up[0], (Missing{Missing::Kind::Revision, "flow-0", ""}));
  EXPECT_FALSE(without_revision.status_changed);
}

TEST(Inherit, FromARunThatIsNotThereFails) {
  Rerun rerun;
  rerun.snapshot.gone.insert({Missing::Kind::Run, "old", ""});
  EXPECT_EQ(rerun.refusal(false, false),
            "RerunSourceNotFound: there is no run old in namespace data, which this one is a rerun of");
  Rerun other;
  other.run.spec.rerun_of->uid = "first-uid";
  EXPECT_EQ(other.refusal(),
            "RerunSourceNotFound: run old, which this one is a rerun of, is gone: another of that name, with uid "
            "old-uid, has taken its place");
}

TEST(Inherit, FromARunThatGoesOnFails) {
  Rerun rerun;
  rerun.earlier.status.phase = Phase::Running;
  EXPECT_EQ(rerun.refusal(),
            "RerunSourceNotFinished: run old, which this one is a rerun of, has not ended: wait for its end, or cancel "
            "it, and make another");
}

TEST(Inherit, FromWhatIsNotKnownAnyMoreFails) {
  Rerun rerun;
  rerun.snapshot.gone.insert({Missing::Kind::Revision, "flow-0", ""});
  EXPECT_EQ(
      rerun.refusal(true, false),
      "RerunRevisionNotFound: ControllerRevision flow-0, which run old started from, is gone, so nothing of it can "
      "be inherited: leave out spec.rerunOf.from");
  Rerun other;
  other.snapshot.earlier["old"].problem = "can't be read";
  EXPECT_EQ(other.refusal(false, false), "RerunSourceUnreadable: run old, which this one is a rerun of, can't be read");
}

TEST(Inherit, FromATaskThatIsNotThereFails) {
  EXPECT_EQ(Rerun("bb").refusal(), "RerunTaskNotFound: spec.rerunOf.from: there is no task \"bb\"");
  Rerun near("reprot");
  near.snapshot.definition = definition_of(R"({"tasks": [{"name": "report", "image": "i"}]})");
  EXPECT_EQ(near.refusal(false, false),
            "RerunTaskNotFound: spec.rerunOf.from: there is no task \"reprot\"; did you mean \"report\"?");
}

TEST(Inherit, IsNotAskedForACancelledRun) {
  Rerun rerun;
  rerun.run.spec.cancel = true;
  EXPECT_EQ(rerun.planned(false, false).status.phase, Phase::Cancelled);
}

}  // namespace
}  // namespace ork::run
