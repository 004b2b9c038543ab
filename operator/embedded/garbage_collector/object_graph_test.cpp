#include "operator/embedded/garbage_collector/object_graph.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

using Action = GarbageAction;

OwnerRef owner(const std::string& uid, bool blocks = false) {
  return {.uid = uid, .api_version = "batch/v1", .kind = "Job", .name = uid, .blocks = blocks};
}

OwnedObject object(const std::string& uid, std::vector<OwnerRef> owners = {}) {
  return {.kind = 0, .ns = "n", .name = uid, .uid = uid, .owners = std::move(owners)};
}

OwnedObject deleting(OwnedObject object, bool foreground, bool orphan = false) {
  object.deleting = true;
  object.foreground = foreground;
  object.orphan = orphan;
  return object;
}

class Judge : public ::testing::Test {
 protected:
  Action action(const std::string& uid) const { return judge(graph, *graph.find(uid)).action; }
  std::vector<OwnerRef> owners(const std::string& uid) const { return judge(graph, *graph.find(uid)).owners; }
  ObjectGraph graph{{"batch/v1/Job"}};
};

TEST_F(Judge, LeavesWhatHasNoOwnerOrOneThatIsThere) {
  graph.put(object("free"));
  graph.put(object("owner"));
  graph.put(object("owned", {owner("owner")}));
  EXPECT_EQ(action("free"), Action::Nothing);
  EXPECT_EQ(action("owned"), Action::Nothing);
}

TEST_F(Judge, LooksUpAnOwnerItHasNotHeardOf) {
  graph.put(object("a", {owner("gone")}));
  EXPECT_EQ(action("a"), Action::LookUp);
  EXPECT_EQ(owners("a"), std::vector{owner("gone")});
}

TEST_F(Judge, DeletesWhatHasOnlyAbsentOwners) {
  graph.put(object("a", {owner("gone"), owner("too")}));
  graph.note_absent("gone");
  EXPECT_EQ(owners("a"), std::vector{owner("too")});
  graph.note_absent("too");
  EXPECT_EQ(action("a"), Action::DeleteBackground);
}

TEST_F(Judge, DropsAbsentOwnersWhereAnotherIsThere) {
  graph.put(object("there"));
  graph.put(object("a", {owner("gone"), owner("there")}));
  graph.note_absent("gone");
  EXPECT_EQ(action("a"), Action::DropOwners);
  EXPECT_EQ(owners("a"), std::vector{owner("gone")});
}

TEST_F(Judge, TakesAnOwnerOfAnotherKindToBeThere) {
  OwnerRef foreign = owner("x");
  foreign.kind = "Deployment";
  graph.put(object("a", {foreign}));
  EXPECT_EQ(action("a"), Action::Nothing);
}

TEST_F(Judge, AnOwnerThatIsDeletedInTheForegroundTakesItsDependentsWithIt) {
  graph.put(deleting(object("owner"), true));
  graph.put(object("leaf", {owner("owner")}));
  graph.put(object("branch", {owner("owner")}));
  graph.put(object("twig", {owner("branch")}));
  EXPECT_EQ(action("leaf"), Action::DeleteBackground);
  EXPECT_EQ(action("branch"), Action::DeleteForeground);
  EXPECT_EQ(action("twig"), Action::Nothing);
}

TEST_F(Judge, ADependentThatBlocksHoldsItsOwnerBack) {
  graph.put(deleting(object("owner"), true));
  graph.put(object("blocks", {owner("owner", true)}));
  graph.put(object("does-not", {owner("owner")}));
  EXPECT_EQ(action("owner"), Action::Nothing);
  graph.remove("blocks");
  EXPECT_EQ(action("owner"), Action::ReleaseForeground);
}

TEST_F(Judge, OrphansAreMadeBeforeTheirOwnerGoes) {
  graph.put(deleting(object("owner"), false, true));
  EXPECT_EQ(action("owner"), Action::OrphanDependents);
}

TEST_F(Judge, LeavesWhatIsBeingDeletedForOtherReasons) {
  graph.put(deleting(object("a", {owner("gone")}), false));
  graph.note_absent("gone");
  EXPECT_EQ(action("a"), Action::Nothing);
}

TEST(ObjectGraph, TellsDependentsInTheOrderOfTheirUids) {
  // Wherever in memory they are.
  std::vector<std::string> uids;
  for (int i = 0; i < 40; ++i) uids.push_back(std::to_string(100 + i));
  ObjectGraph graph({});
  for (auto it = uids.rbegin(); it != uids.rend(); ++it) graph.put(object(*it, {owner("x")}));
  for (int i = 0; i < 40; i += 3) graph.put(object(uids[static_cast<std::size_t>(i)], {owner("x")}));
  std::vector<std::string> told;
  for (const OwnedObject* dependent : graph.dependents("x")) told.push_back(dependent->uid);
  EXPECT_EQ(told, uids);
}

TEST(ObjectGraph, FollowsOwnersThatChange) {
  ObjectGraph graph({});
  graph.put(object("a", {owner("x"), owner("y")}));
  EXPECT_EQ(graph.dependents("x").size(), 1U);
  graph.put(object("a", {owner("y")}));
  EXPECT_TRUE(graph.dependents("x").empty());
  EXPECT_EQ(graph.dependents("y").size(), 1U);
  EXPECT_TRUE(graph.remove("a"));
  EXPECT_TRUE(graph.dependents("y").empty());
  EXPECT_FALSE(graph.remove("a"));
}

TEST(ObjectGraph, AnObjectThatAppearsIsNoLongerAbsent) {
  ObjectGraph graph({"batch/v1/Job"});
  graph.note_absent("a");
  graph.put(object("a"));
  EXPECT_EQ(graph.state_of(owner("a")), ObjectGraph::OwnerState::Solid);
  graph.remove("a");
  EXPECT_EQ(graph.state_of(owner("a")), ObjectGraph::OwnerState::Unknown);
}

}  // namespace
}  // namespace ork::embedded
