#include "operator/runtime/store.hpp"

#include <gtest/gtest.h>

#include "operator/runtime/test_object.hpp"

namespace ork::runtime {
namespace {

using testing::object;
using testing::TestObject;
using enum ApplyResult;

std::string names(std::span<const TestObject* const> objects) {
  std::string joined;
  for (const auto* o : objects) joined += o->meta.name + " ";
  return joined;
}

std::string names(const std::vector<TestObject>& objects) {
  std::string joined;
  for (const auto& o : objects) joined += o.meta.name + " ";
  return joined;
}

class StoreTest : public ::testing::Test {
 protected:
  Store<TestObject> store;
  const TestObject* at(std::string_view name) const { return store.find({"ns", name}); }
};

TEST_F(StoreTest, FindsByNameUidAndOwner) {
  EXPECT_EQ(store.apply(object("b", "u2", 2, "Pending", "job")), Added);
  EXPECT_EQ(store.apply(object("a", "u1", 1, "Pending", "job")), Added);
  EXPECT_EQ(store.apply(object("c", "u3", 3, "Pending", "other")), Added);
  EXPECT_EQ(at("a")->meta.uid, "u1");
  EXPECT_EQ(store.find_uid("u2")->meta.name, "b");
  EXPECT_EQ(names(store.owned_by("job")), "a b ");
  EXPECT_EQ(names(store.owned_by("nobody")), "");
  EXPECT_EQ(store.find({"other", "a"}), nullptr);
  EXPECT_EQ(store.find_uid("u9"), nullptr);
}

TEST_F(StoreTest, TellsAChangeFromAnEchoAndFromTheSameSliceUnderANewVersion) {
  store.apply(object("a", "u1", 5));
  EXPECT_EQ(store.apply(object("a", "u1", 5)), Unchanged);
  EXPECT_EQ(store.apply(object("a", "u1", 6)), Unchanged);
  EXPECT_EQ(at("a")->meta.resource_version, "6");
  EXPECT_EQ(store.apply(object("a", "u1", 7, "Running")), Updated);
  EXPECT_EQ(at("a")->phase, "Running");
}

TEST_F(StoreTest, RefusesWhatIsOlderComparingNumbersNotText) {
  store.apply(object("a", "u1", 100, "Running"));
  EXPECT_EQ(store.apply(object("a", "u1", 99)), Stale);
  EXPECT_EQ(store.apply(object("a", "u1", 9)), Stale);
  EXPECT_EQ(at("a")->phase, "Running");
}

TEST_F(StoreTest, TakesWhatComesLastWhereVersionsAreNoNumbers) {
  auto first = object("a", "u1", 1);
  first.meta.resource_version = "zebra";
  auto second = object("a", "u1", 1, "Running");
  second.meta.resource_version = "aardvark";
  store.apply(first);
  EXPECT_EQ(store.apply(second), Updated);
  EXPECT_EQ(store.apply(first), Updated);
}

TEST_F(StoreTest, ANewUidUnderTheSameNameIsADeleteAndAnAdd) {
  store.apply(object("a", "u1", 5, "Running", "job1"));
  std::optional<TestObject> displaced;
  EXPECT_EQ(store.apply(object("a", "u2", 8, "Pending", "job2"), &displaced), Replaced);
  EXPECT_EQ(displaced->meta.uid, "u1");
  EXPECT_EQ(store.find_uid("u1"), nullptr);
  EXPECT_EQ(store.find_uid("u2")->meta.name, "a");
  EXPECT_EQ(names(store.owned_by("job1")), "");
  EXPECT_EQ(names(store.owned_by("job2")), "a ");
  // What is late of the old object changes nothing.
  EXPECT_EQ(store.apply(object("a", "u1", 6)), Stale);
  EXPECT_FALSE(store.remove({"ns", "a"}, "u1", "7"));
  EXPECT_EQ(at("a")->meta.uid, "u2");
}

TEST_F(StoreTest, FollowsAChangeOfOwner) {
  store.apply(object("a", "u1", 5, "Running", "job1"));
  EXPECT_EQ(store.apply(object("a", "u1", 6, "Running", "job2")), Updated);
  EXPECT_EQ(names(store.owned_by("job1")), "");
  EXPECT_EQ(names(store.owned_by("job2")), "a ");
}

TEST_F(StoreTest, RemovesAndReturnsTheObject) {
  store.apply(object("a", "u1", 5, "Running", "job"));
  EXPECT_EQ(store.remove({"ns", "a"}, "u1", "6")->phase, "Running");
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(names(store.owned_by("job")), "");
  EXPECT_EQ(store.find_uid("u1"), nullptr);
  EXPECT_FALSE(store.remove({"ns", "a"}, "u1", "6"));
}

TEST_F(StoreTest, VisitsInOrderOfNamespaceThenName) {
  for (const char* name : {"c", "a", "b"}) store.apply(object(name, std::string{"u"} + name, 1));
  auto other = object("0", "u0", 1);
  other.meta.ns = "another";
  store.apply(other);
  std::string order;
  store.for_each([&](const TestObject& o) { order += o.meta.ns + "/" + o.meta.name + " "; });
  EXPECT_EQ(order, "another/0 ns/a ns/b ns/c ");
}

// --- our own writes ---

TEST_F(StoreTest, AWriteOfOursIsSeenAtOnceAndAnOlderEventDoesNotUndoIt) {
  store.apply(object("a", "u1", 5, "Pending"));
  EXPECT_EQ(store.note_written(object("a", "u1", 9, "Done")), Updated);
  EXPECT_EQ(store.apply(object("a", "u1", 7, "Running")), Stale);
  EXPECT_EQ(at("a")->phase, "Done");
  EXPECT_EQ(store.apply(object("a", "u1", 9, "Done")), Unchanged);
  EXPECT_EQ(store.apply(object("a", "u1", 10, "Later")), Updated);
}

TEST_F(StoreTest, AWriteWhoseAnswerIsOvertakenByTheWatchChangesNothing) {
  store.apply(object("a", "u1", 5, "Pending"));
  store.apply(object("a", "u1", 12, "Later"));
  EXPECT_EQ(store.note_written(object("a", "u1", 9, "Done")), Stale);
  EXPECT_EQ(at("a")->phase, "Later");
}

TEST_F(StoreTest, ACreateWhoseAnswerComesAfterItsDeletionLeavesNoGhost) {
  store.apply(object("a", "u1", 9));
  store.remove({"ns", "a"}, "u1", "11");
  EXPECT_EQ(store.note_written(object("a", "u1", 9)), Stale);
  EXPECT_EQ(store.size(), 0U);
}

TEST_F(StoreTest, ACreateIsHeldBeforeTheWatchTellsOfIt) {
  store.apply(object("b", "u2", 8));
  EXPECT_EQ(store.note_written(object("a", "u1", 9, "Pending", "job")), Added);
  EXPECT_EQ(names(store.owned_by("job")), "a ");
  EXPECT_EQ(store.apply(object("a", "u1", 9, "Pending", "job")), Unchanged);
}

TEST_F(StoreTest, AForgottenObjectIsNotBroughtBackUntilItsEnd) {
  store.apply(object("a", "u1", 5));
  EXPECT_EQ(store.forget({"ns", "a"})->meta.uid, "u1");
  EXPECT_EQ(store.apply(object("a", "u1", 6)), Stale);
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.apply(object("a", "u2", 7)), Added);
  EXPECT_FALSE(store.remove({"ns", "a"}, "u1", "8"));
  EXPECT_EQ(at("a")->meta.uid, "u2");
  EXPECT_FALSE(store.forget({"ns", "nothing"}));
}

// --- lists ---

TEST_F(StoreTest, AListRemovesWhatItDoesNotName) {
  for (const char* name : {"a", "b", "c", "d"}) store.apply(object(name, std::string{"u"} + name, 5, "Pending", "job"));
  store.begin_replace();
  store.apply(object("b", "ub", 5, "Pending", "job"));
  store.apply(object("e", "ue", 6, "Pending", "job"));
  EXPECT_EQ(store.size(), 5U);  // nothing goes before the list is whole
  EXPECT_EQ(names(store.end_replace("10")), "a c d ");
  EXPECT_EQ(names(store.owned_by("job")), "b e ");
}

TEST_F(StoreTest, AListThatBeginsAgainVoidsWhatTheFirstOneNamed) {
  store.begin_replace();
  store.apply(object("a", "ua", 5));
  store.begin_replace();
  store.apply(object("b", "ub", 6));
  EXPECT_EQ(names(store.end_replace("10")), "a ");
}

TEST_F(StoreTest, AListMayGoBackInTimeForEtcdMayHaveBeenRestored) {
  store.apply(object("a", "u1", 1000, "Done"));
  store.note_written(object("b", "u2", 1001, "Done"));
  store.begin_replace();
  EXPECT_EQ(store.apply(object("a", "u1", 400, "Running")), Updated);
  EXPECT_EQ(names(store.end_replace("500")), "b ");
  EXPECT_EQ(at("a")->phase, "Running");
  // And from there on forward again.
  EXPECT_EQ(store.apply(object("a", "u1", 501, "Done")), Updated);
  EXPECT_EQ(store.note_written(object("b", "u3", 502)), Added);
}

TEST_F(StoreTest, AfterARestoreTheSameVersionMayBeAnotherState) {
  store.apply(object("a", "u1", 5, "Done"));
  store.begin_replace();
  EXPECT_EQ(store.apply(object("a", "u1", 5, "Running")), Updated);
  store.end_replace("6");
  EXPECT_EQ(at("a")->phase, "Running");
}

TEST_F(StoreTest, WhatWeWriteWhileAListRunsIsNotUndoneByIt) {
  store.apply(object("old", "u0", 5, "Pending"));
  store.begin_replace();
  store.note_written(object("new", "u1", 60));          // created after the list was read
  store.note_written(object("old", "u0", 61, "Done"));  // changed after the list was read
  EXPECT_EQ(store.apply(object("old", "u0", 5, "Pending")), Stale);
  EXPECT_EQ(names(store.end_replace("50")), "");
  EXPECT_EQ(at("old")->phase, "Done");
  EXPECT_NE(at("new"), nullptr);
}

TEST_F(StoreTest, WhatWeWroteBeforeAListWasReadAndItDoesNotNameIsGone) {
  store.begin_replace();
  store.note_written(object("a", "u1", 40));
  EXPECT_EQ(names(store.end_replace("50")), "a ");
}

TEST_F(StoreTest, AnUnreadableObjectOfAListIsNotTakenForVanished) {
  store.apply(object("a", "u1", 5));
  store.begin_replace();
  store.keep({"ns", "a"});
  store.keep({"ns", "unheard of"});
  EXPECT_EQ(names(store.end_replace("50")), "");
  EXPECT_NE(at("a"), nullptr);
}

TEST_F(StoreTest, AForgottenObjectStaysForgottenWhileListsNameIt) {
  store.apply(object("a", "u1", 5));
  store.forget({"ns", "a"});
  for (int version = 10; version < 13; ++version) {
    store.begin_replace();
    EXPECT_EQ(store.apply(object("a", "u1", 6)), Stale);
    store.end_replace(std::to_string(version));
  }
  store.begin_replace();
  store.end_replace("20");
  // Its end has been seen; should the uid come back all the same, the server knows better.
  EXPECT_EQ(store.apply(object("a", "u1", 21)), Added);
}

TEST_F(StoreTest, AgreesWithAPlainMapUnderRandomChanges) {
  std::map<std::string, TestObject> plain;
  std::uint32_t state = 12345;
  const auto random = [&state](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8U) % below;
  };
  for (int version = 1; version < 20'000; ++version) {
    const std::string name = "n" + std::to_string(random(50));
    const auto held = plain.find(name);
    if (held != plain.end() && random(3) == 0) {
      store.remove({"ns", name}, held->second.meta.uid, std::to_string(version));
      plain.erase(held);
    } else {
      const std::string uid =
          held != plain.end() && random(4) != 0 ? held->second.meta.uid : "u" + std::to_string(version);
      const auto next =
          object(name, uid, version, random(2) == 0 ? "Running" : "Pending", "job" + std::to_string(random(5)));
      store.apply(next);
      plain[name] = next;
    }
    ASSERT_EQ(store.size(), plain.size());
  }
  std::map<std::string, std::string> by_owner;
  for (const auto& [name, o] : plain) {
    ASSERT_NE(store.find_uid(o.meta.uid), nullptr);
    EXPECT_EQ(*store.find_uid(o.meta.uid), o);
    by_owner[o.meta.owner_uid] += name + " ";
  }
  for (const auto& [owner, owned] : by_owner) EXPECT_EQ(names(store.owned_by(owner)), owned);
}

}  // namespace
}  // namespace ork::runtime
