#include "controllers/backlog/line.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

namespace ork::backlog {
namespace {

using Keys = std::vector<std::string>;

Run run(const std::string& key, api::TimeMs made_ms = 0) { return {key, key.substr(0, key.find('/')), made_ms}; }

// So many runs of one namespace, made one after the other.
void join(Line& line, const std::string& ns, int count, api::TimeMs from_ms = 0) {
  for (int i = 0; i < count; ++i) line.join(run(ns + "/" + std::to_string(i), from_ms + i));
}

TEST(Line, IsOpenUntilAsManyTasksAsMayWaitForANode) {
  Line line(2);
  EXPECT_TRUE(line.is_open("a"));
  line.note(run("a/1"), 1);
  EXPECT_TRUE(line.is_open("a"));
  line.note(run("a/2"), 1);
  EXPECT_FALSE(line.is_open("a"));
  line.note(run("a/1"), 0);
  EXPECT_TRUE(line.is_open("a"));
}

TEST(Line, LetsInTheOldestFirst) {
  Line line(2);
  line.join(run("a/late", 30));
  line.join(run("a/early", 10));
  line.join(run("a/between", 20));
  EXPECT_EQ(line.let_in(), (Keys{"a/early", "a/between"}));
  EXPECT_EQ(line.let_in(), Keys{});
  EXPECT_EQ(line.waiting(), 1U);
  EXPECT_FALSE(line.is_open("a"));
}

TEST(Line, LetsInOneForEachTaskThatHasFoundItsNode) {
  Line line(2);
  join(line, "a", 4);
  EXPECT_EQ(line.let_in(), (Keys{"a/0", "a/1"}));
  line.note(run("a/0"), 3);  // its tasks are more than one
  line.note(run("a/1", 1), 0);
  EXPECT_EQ(line.let_in(), Keys{});
  line.note(run("a/0"), 1);
  EXPECT_EQ(line.let_in(), Keys{"a/2"});
}

TEST(Line, CountsWhatFitsNowhereForTheMostAndNotForTheWindow) {
  Line line(4);
  line.set_window(2);
  join(line, "a", 6);
  EXPECT_EQ(line.let_in(), (Keys{"a/0", "a/1"}));
  line.note(run("a/0"), 1, 1);
  line.note(run("a/1", 1), 1, 1);
  EXPECT_EQ(line.limit(), 4U);
  EXPECT_EQ(line.let_in(), (Keys{"a/2", "a/3"}));
  line.note(run("a/2", 2), 1, 1);
  EXPECT_EQ(line.let_in(), Keys{}) << "four are the most";
  line.note(run("a/0"), 0);
  line.note(run("a/1", 1), 0);
  EXPECT_EQ(line.limit(), 3U);
  EXPECT_EQ(line.let_in(), Keys{"a/4"});
}

TEST(Line, HasNamespacesTakeTurns) {
  Line line(4);
  join(line, "a", 10);
  join(line, "b", 10, 100);
  EXPECT_EQ(line.let_in(), (Keys{"a/0", "b/0", "a/1", "b/1"}));
}

TEST(Line, KeepsAShareForWhoComesLater) {
  Line line(4);
  join(line, "a", 10);
  EXPECT_EQ(line.let_in().size(), 4U);
  // None of a's finds a node, and b may have its half all the same.
  EXPECT_TRUE(line.is_open("b"));
  join(line, "b", 10);
  EXPECT_EQ(line.let_in(), (Keys{"b/0", "b/1"}));
  EXPECT_EQ(line.let_in(), Keys{});
  EXPECT_EQ(line.unplaced(), 6U);
}

TEST(Line, LetsEachNamespaceBeginSomething) {
  Line line(1);
  for (const char* key : {"a/1", "b/1", "c/1"}) line.join(run(key));
  EXPECT_EQ(line.let_in().size(), 3U);
}

TEST(Line, ForgetsWhoLeaves) {
  Line line(1);
  join(line, "a", 3);
  EXPECT_EQ(line.let_in(), Keys{"a/0"});
  line.leave("a/1");
  line.leave("a/0");
  EXPECT_EQ(line.let_in(), Keys{"a/2"});
  line.leave("a/2");
  line.leave("a/2");
  EXPECT_EQ(line.waiting(), 0U);
  EXPECT_EQ(line.unplaced(), 0U);
}

TEST(Line, DoesNotTakeSomebodyInTwice) {
  Line line(2);
  line.join(run("a/1"));
  line.join(run("a/1"));
  EXPECT_EQ(line.let_in(), Keys{"a/1"});
  line.join(run("a/1"));
  EXPECT_EQ(line.let_in(), Keys{});
  EXPECT_TRUE(line.is_let_in("a/1"));
  EXPECT_FALSE(line.is_let_in("a/2"));
}

TEST(Line, CountsARunThatHadBegunBefore) {
  Line line(3);
  line.note(run("a/1"), 2);
  line.join(run("a/2"));
  line.join(run("a/3"));
  EXPECT_EQ(line.let_in(), Keys{"a/2"});
}

// Whatever happens, in any order: never more than the limit and each namespace's share, and who waits comes in once
// the others are done.
RC_GTEST_PROP(LineProperty, NobodyWaitsForEverAndNothingIsCountedTwice, ()) {
  const auto limit = *rc::gen::inRange<std::size_t>(1, 6);
  Line line(limit);
  std::map<std::string, std::size_t> in;  // key -> tasks
  std::set<std::string> waits;
  const auto take_in = [&] {
    for (const std::string& key : line.let_in()) {
      RC_ASSERT(waits.erase(key) == 1);
      in[key] = 1;
    }
  };
  const auto some_key = [] {
    return std::string(1, *rc::gen::element('a', 'b', 'c')) + "/" + std::to_string(*rc::gen::inRange(0, 6));
  };
  for (int step = *rc::gen::inRange(0, 60); step > 0; --step) {
    const std::string key = *rc::gen::exec(some_key);
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        if (!in.contains(key)) waits.insert(key);
        line.join(run(key));
        break;
      case 1:
        if (const auto found = in.find(key); found != in.end()) {
          found->second = *rc::gen::inRange<std::size_t>(0, 3);
          line.note(run(key), found->second);
          if (found->second == 0) in.erase(found);
        }
        break;
      default:
        line.leave(key);
        in.erase(key);
        waits.erase(key);
    }
    take_in();
    std::size_t total = 0;
    for (const auto& [_, tasks] : in) total += tasks;
    RC_ASSERT(line.unplaced() == total);
    RC_ASSERT(line.waiting() == waits.size());
    RC_ASSERT(waits.empty() || total >= limit);
  }
  while (!in.empty()) {
    line.leave(in.begin()->first);
    in.erase(in.begin());
    take_in();
  }
  RC_ASSERT(waits.empty());
}

}  // namespace
}  // namespace ork::backlog
