#include "controllers/shard/shares.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace ork::shard {
namespace {

Holders all_of(const std::string& who) {
  Holders holders;
  holders.fill(who);
  return holders;
}

int held_by(const Holders& holders, const std::string& who) {
  return static_cast<int>(std::count(holders.begin(), holders.end(), who));
}

void apply(const Move& move, const std::string& self, Holders& holders) {
  for (const Bucket bucket : move.take) holders[static_cast<std::size_t>(bucket)] = self;
  for (const Bucket bucket : move.give) holders[static_cast<std::size_t>(bucket)].clear();
}

TEST(BucketOf, IsTheSameInEveryVersion) {
  EXPECT_EQ(bucket_of(""), 1);
  EXPECT_EQ(bucket_of("default/nightly"), 58);
}

TEST(BucketOf, SpreadsNamesThatDifferInTheirLastDigits) {
  std::array<int, bucket_count> hits{};
  for (int i = 0; i < 6400; ++i) ++hits[static_cast<std::size_t>(bucket_of("team-a/load-" + std::to_string(i)))];
  const auto [least, most] = std::minmax_element(hits.begin(), hits.end());
  EXPECT_GT(*least, 60);
  EXPECT_LT(*most, 150);
}

TEST(ShareOf, IsEqualAndTheFirstByNameHaveTheRest) {
  EXPECT_EQ(share_of({"a"}, "a"), 64);
  EXPECT_EQ(share_of({"a", "b", "c"}, "a"), 22);
  EXPECT_EQ(share_of({"a", "b", "c"}, "b"), 21);
  EXPECT_EQ(share_of({"a", "b"}, "somebody else"), 0);
}

TEST(NextMove, TheFirstTakesAll) { EXPECT_EQ(next_move(Holders(), {"a"}, "a").take.size(), 64U); }

TEST(NextMove, GivesHalfToTheSecondAndNeverWhatItMayKeep) {
  const Move move = next_move(all_of("a"), {"a", "b"}, "a");
  EXPECT_EQ(move.give.size(), 32U);
  EXPECT_TRUE(move.take.empty());
}

TEST(NextMove, TakesNothingFromWhoIsThere) { EXPECT_EQ(next_move(all_of("a"), {"a", "b"}, "b"), Move()); }

TEST(NextMove, TakesWhatADeadOneHeld) {
  Holders holders = all_of("a");
  for (std::size_t i = 0; i < 32; ++i) holders[i] = "dead";
  EXPECT_EQ(next_move(holders, {"a"}, "a").take.size(), 32U);
}

TEST(NextMove, WhoIsNoMemberGivesAllAndTakesNothing) {
  EXPECT_EQ(next_move(all_of("a"), {"b"}, "a").give.size(), 64U);
  EXPECT_EQ(next_move(Holders(), {"b"}, "a"), Move());
}

// However the buckets lie and whoever moves first.
RC_GTEST_PROP(NextMove, LeadsToEqualSharesWithNothingLeftToDo, ()) {
  const std::vector<std::string> names{"a", "b", "c", "d", "gone", ""};
  Holders holders;
  for (std::string& holder : holders) holder = *rc::gen::elementOf(names);
  const auto count = *rc::gen::inRange(1, 5);
  const Members members(names.begin(), names.begin() + count);
  for (int round = 0; round < 3; ++round) {
    auto order = *rc::gen::container<std::vector<int>>(static_cast<std::size_t>(count) * 2, rc::gen::inRange(0, count));
    for (int i = 0; i < count; ++i) order.push_back(i);
    for (const int i : order) {
      const std::string& self = names[static_cast<std::size_t>(i)];
      const Holders before = holders;
      apply(next_move(holders, members, self), self, holders);
      for (std::size_t b = 0; b < holders.size(); ++b) {
        if (before[b] != self && members.contains(before[b])) RC_ASSERT(holders[b] == before[b]);
      }
    }
  }
  for (const std::string& member : members) {
    RC_ASSERT(held_by(holders, member) == share_of(members, member));
    RC_ASSERT(next_move(holders, members, member) == Move());
  }
}

}  // namespace
}  // namespace ork::shard
