#include "controllers/workflow/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>
#include <string>

#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/revision.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using testing::ElementsAre;
using testing::IsEmpty;

Json spec_of(const std::string& image) { return {{"tasks", {{{"name", "a"}, {"image", image}}}}}; }

// A namespace with one Workflow and its revisions, in which plans are carried out.
class World {
 public:
  World() {
    workflow.meta.ns = "default";
    workflow.meta.name = "etl";
    workflow.meta.uid = "u-etl";
    workflow.meta.generation = 1;
    workflow.spec = spec_of("v1");
  }

  void edit(Json spec) {
    workflow.spec = std::move(spec);
    ++workflow.meta.generation;
  }

  WorkflowPlan plan_at(api::TimeMs now) {
    if (exists && !is_current(compiled, workflow)) compiled = compile_workflow(workflow);
    WorkflowSnapshot snapshot{.ns = "default", .name = "etl", .gone = looked_up && !exists, .pinned = pinned};
    if (exists) snapshot.workflow = &workflow;
    if (exists) snapshot.compiled = &compiled;
    for (const api::Revision& revision : revisions) snapshot.revisions.push_back(&revision);
    return plan(snapshot, now);
  }

  void carry_out(const WorkflowPlan& todo) {
    if (todo.create_revision) {
      Json body = todo.create_revision->body;
      body["metadata"]["uid"] = "u-" + todo.create_revision->name;
      auto revision = api::decode_revision(body);
      ASSERT_TRUE(revision.ok());
      revisions.push_back(*revision);
    }
    looked_up = todo.look_up_workflow;
    for (const OldRevision& old : todo.delete_revisions) {
      revisions.remove_if([&](const api::Revision& r) { return r.meta.uid == old.uid; });
    }
    if (todo.status_changed) workflow.status = todo.status;
  }

  // Plans and carries out until there is nothing to do.
  void settle(api::TimeMs now = 1000) {
    for (int i = 0; i < 5; ++i) {
      const auto todo = plan_at(now);
      if (todo.empty()) return;
      carry_out(todo);
    }
    FAIL() << "plans never come to an end";
  }

  const api::Condition& condition(const char* type) const {
    const auto* found = api::find_condition(workflow.status.conditions, type);
    EXPECT_NE(found, nullptr) << type;
    static const api::Condition none;
    return found == nullptr ? none : *found;
  }

  bool exists = true;
  bool looked_up = false;  // what the last plan wanted to know is known
  api::Workflow workflow;
  CompiledWorkflow compiled;
  std::list<api::Revision> revisions;
  std::set<std::string, std::less<>> pinned;
};

TEST(WorkflowPlan, CreatesTheRevisionOfANewWorkflowBeforeItSaysReady) {
  World world;
  const auto first = world.plan_at(1000);
  ASSERT_TRUE(first.create_revision.has_value());
  EXPECT_EQ(first.create_revision->name, revision_name("etl", world.workflow.spec));
  EXPECT_EQ(first.create_revision->body["metadata"]["name"], first.create_revision->name);
  EXPECT_EQ(first.create_revision->body["revision"], 1);
  EXPECT_FALSE(first.status_changed);
  EXPECT_THAT(first.delete_revisions, IsEmpty());
}

TEST(WorkflowPlan, SaysReadyOnceTheRevisionIsThere) {
  World world;
  world.carry_out(world.plan_at(1000));
  const auto second = world.plan_at(2000);
  EXPECT_FALSE(second.create_revision.has_value());
  ASSERT_TRUE(second.status_changed);
  EXPECT_EQ(second.status.revision, world.revisions.front().meta.name);
  EXPECT_EQ(second.status.tasks, 1);
  EXPECT_EQ(second.status.observed_generation, 1);
  EXPECT_THAT(second.status.conditions,
              ElementsAre(api::Condition{.type = "Ready",
                                         .status = api::ConditionStatus::True,
                                         .observed_generation = 1,
                                         .last_transition_ms = 2000,
                                         .reason = "Valid",
                                         .message = "1 task; runs start from revision " + second.status.revision}));
}

TEST(WorkflowPlan, HasNothingToDoOnceAllIsSaid) {
  World world;
  world.settle();
  EXPECT_TRUE(world.plan_at(9000).empty());
}

TEST(WorkflowPlan, KeepsTheTransitionTimeWhileReadyStaysTrue) {
  World world;
  world.settle(1000);
  world.edit({{"tasks", {{{"name", "a"}, {"image", "v2"}}, {{"name", "b"}, {"image", "v2"}}}}});
  world.settle(5000);
  EXPECT_EQ(world.condition("Ready").last_transition_ms, 1000);
  EXPECT_EQ(world.condition("Ready").observed_generation, 2);
  EXPECT_EQ(world.workflow.status.tasks, 2);
  EXPECT_EQ(world.workflow.status.revision, revision_name("etl", world.workflow.spec));
}

TEST(WorkflowPlan, NumbersRevisionsUpwards) {
  World world;
  world.settle();
  world.edit(spec_of("v2"));
  world.settle();
  ASSERT_EQ(world.revisions.size(), 2u);
  EXPECT_EQ(world.revisions.back().revision, 2);
}

TEST(WorkflowPlan, SaysStalledOfAnInvalidSpecAndKeepsNamingTheLastGoodRevision) {
  World world;
  world.settle(1000);
  const std::string good = world.workflow.status.revision;
  world.edit({{"tasks", {{{"name", "a"}}}}});
  world.settle(2000);
  EXPECT_EQ(world.workflow.status.revision, good);
  EXPECT_EQ(world.workflow.status.observed_generation, 2);
  const std::string message =
      "spec.tasks[0]: has neither an image nor a podTemplate: give it an image, or give one to "
      "all tasks in defaults.image";
  EXPECT_EQ(world.condition("Ready").status, api::ConditionStatus::False);
  EXPECT_EQ(world.condition("Ready").reason, "InvalidSpec");
  EXPECT_EQ(world.condition("Ready").message, message);
  EXPECT_EQ(world.condition("Stalled").status, api::ConditionStatus::True);
  EXPECT_EQ(world.condition("Stalled").reason, "InvalidSpec");
  EXPECT_EQ(world.condition("Stalled").message, message);
  EXPECT_EQ(world.condition("Stalled").last_transition_ms, 2000);
  EXPECT_EQ(world.revisions.size(), 1u);
}

TEST(WorkflowPlan, DropsStalledOnceTheSpecIsMended) {
  World world;
  world.workflow.spec = Json::object();
  world.settle(1000);
  EXPECT_EQ(world.workflow.status.revision, "");
  world.edit(spec_of("v1"));
  world.settle(2000);
  EXPECT_EQ(world.condition("Ready").status, api::ConditionStatus::True);
  EXPECT_EQ(world.condition("Ready").last_transition_ms, 2000);
  EXPECT_EQ(api::find_condition(world.workflow.status.conditions, "Stalled"), nullptr);
}

TEST(WorkflowPlan, MakesNoSecondRevisionOfASpecThatIsBack) {
  World world;
  world.settle();
  const std::string first = world.workflow.status.revision;
  world.edit(spec_of("v2"));
  world.settle();
  world.edit(spec_of("v1"));
  world.settle();
  EXPECT_EQ(world.workflow.status.revision, first);
  EXPECT_EQ(world.revisions.size(), 2u);
}

TEST(WorkflowPlan, TakesTwoWaysToWriteANumberForOneSpec) {
  World world;
  world.workflow.spec["parallelism"] = 3;
  world.settle();
  world.edit(world.workflow.spec);
  world.workflow.spec["parallelism"] = 3.0;
  world.settle();
  EXPECT_EQ(world.revisions.size(), 1u);
}

TEST(WorkflowPlan, SaltsTheNameWhereAnotherSpecHasIt) {
  World world;
  const std::string name = revision_name("etl", world.workflow.spec);
  api::Revision other;
  other.meta.name = name;
  other.meta.uid = "u-other";
  other.spec = std::make_shared<const Json>(spec_of("another with the same hash"));
  world.revisions.push_back(other);
  world.settle();
  EXPECT_EQ(world.workflow.status.revision, revision_name("etl", world.workflow.spec, 1));
  EXPECT_NE(world.workflow.status.revision, name);
}

TEST(WorkflowPlan, KeepsTheNewestAndTenOldRevisions) {
  World world;
  for (int i = 0; i < 15; ++i) {
    world.edit(spec_of("v" + std::to_string(i)));
    world.settle();
  }
  ASSERT_EQ(world.revisions.size(), max_old_revisions + 1);
  EXPECT_EQ(world.revisions.front().revision, 5);
  EXPECT_EQ(world.revisions.back().revision, 15);
}

TEST(WorkflowPlan, KeepsRevisionsThatRunsPinBesidesTheTen) {
  World world;
  world.settle();
  world.pinned.insert(world.workflow.status.revision);
  const std::string pinned = world.workflow.status.revision;
  for (int i = 2; i < 20; ++i) {
    world.edit(spec_of("v" + std::to_string(i)));
    world.settle();
  }
  ASSERT_EQ(world.revisions.size(), max_old_revisions + 2);
  EXPECT_EQ(world.revisions.front().meta.name, pinned);
  world.pinned.clear();
  const auto todo = world.plan_at(1000);
  EXPECT_THAT(todo.delete_revisions, ElementsAre(OldRevision{pinned, "u-" + pinned}));
}

TEST(WorkflowPlan, KeepsTheLastGoodRevisionOfAWorkflowThatIsInvalid) {
  World world;
  for (int i = 0; i < 12; ++i) {
    world.edit(spec_of("v" + std::to_string(i)));
    world.settle();
  }
  world.edit(spec_of("v1"));  // back to the oldest that is left
  world.settle();
  const std::string good = world.workflow.status.revision;
  world.edit(Json::object());
  world.settle();
  EXPECT_EQ(world.workflow.status.revision, good);
  EXPECT_EQ(world.revisions.front().meta.name, good);
}

TEST(WorkflowPlan, DeletesWhatNoRunPinsOnceTheWorkflowIsGone) {
  World world;
  for (int i = 0; i < 3; ++i) {
    world.edit(spec_of("v" + std::to_string(i)));
    world.settle();
  }
  world.exists = false;
  world.pinned.insert(std::next(world.revisions.begin())->meta.name);
  auto todo = world.plan_at(1000);
  EXPECT_TRUE(todo.look_up_workflow);
  EXPECT_THAT(todo.delete_revisions, IsEmpty());
  world.carry_out(todo);
  todo = world.plan_at(1000);
  EXPECT_THAT(todo.delete_revisions,
              ElementsAre(OldRevision{world.revisions.front().meta.name, world.revisions.front().meta.uid},
                          OldRevision{world.revisions.back().meta.name, world.revisions.back().meta.uid}));
  EXPECT_FALSE(todo.status_changed);
  world.carry_out(todo);
  EXPECT_EQ(world.revisions.size(), 1u);
  world.pinned.clear();
  world.settle();
  EXPECT_THAT(world.revisions, IsEmpty());
}

TEST(WorkflowPlan, LeavesAWorkflowAndARevisionThatAreBeingDeletedAlone) {
  World world;
  world.settle();
  world.workflow.meta.deleting = true;
  world.edit(spec_of("v2"));
  EXPECT_TRUE(world.plan_at(1000).empty());
  world.exists = false;
  world.revisions.front().meta.deleting = true;
  EXPECT_TRUE(world.plan_at(1000).empty());
}

TEST(WorkflowPlan, CreatesARevisionAgainThatSomebodyDeleted) {
  World world;
  world.settle();
  const std::string name = world.workflow.status.revision;
  world.revisions.clear();
  const auto todo = world.plan_at(2000);
  ASSERT_TRUE(todo.create_revision.has_value());
  EXPECT_EQ(todo.create_revision->name, name);
  world.settle();
  EXPECT_EQ(world.workflow.status.revision, name);
}

TEST(WorkflowPlan, IsTheSameForTheSameSnapshotInAnyOrder) {
  World world;
  for (int i = 0; i < 5; ++i) {
    world.edit(spec_of("v" + std::to_string(i)));
    world.settle();
  }
  world.exists = false;
  const auto one = world.plan_at(1000);
  world.revisions.reverse();
  EXPECT_EQ(world.plan_at(1000).delete_revisions, one.delete_revisions);
}

TEST(CompiledWorkflow, IsOfOneGenerationOfOneObject) {
  World world;
  const auto compiled = compile_workflow(world.workflow);
  ASSERT_NE(compiled.definition, nullptr);
  EXPECT_TRUE(is_current(compiled, world.workflow));
  ++world.workflow.meta.generation;
  EXPECT_FALSE(is_current(compiled, world.workflow));
  world.workflow.meta.generation = 1;
  world.workflow.meta.uid = "u-again";
  EXPECT_FALSE(is_current(compiled, world.workflow));
  world.workflow.spec = nullptr;
  const auto broken = compile_workflow(world.workflow);
  EXPECT_EQ(broken.definition, nullptr);
  EXPECT_EQ(broken.problems.size(), 1u);
}

}  // namespace
}  // namespace ork::workflow
