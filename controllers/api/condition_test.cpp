#include "controllers/api/condition.hpp"

#include <gtest/gtest.h>

#include "controllers/api/read_meta.hpp"

namespace ork::api {
namespace {

Condition ready(ConditionStatus status, TimeMs at, std::string reason = "Because") {
  return {"Ready", status, 1, at, std::move(reason), "A sentence."};
}

TEST(Conditions, KeepTheirTransitionTimeWhileTheStatusStays) {
  const auto next =
      keep_transition_times({ready(ConditionStatus::False, 1000, "Old")}, {ready(ConditionStatus::False, 2000, "New")});
  EXPECT_EQ(next.front().last_transition_ms, 1000);
  EXPECT_EQ(next.front().reason, "New");
}

TEST(Conditions, TakeANewTransitionTimeWithANewStatus) {
  const auto next = keep_transition_times({ready(ConditionStatus::False, 1000)}, {ready(ConditionStatus::True, 2000)});
  EXPECT_EQ(next.front().last_transition_ms, 2000);
}

TEST(Conditions, TakeANewTransitionTimeWhereTheOldOneIsYetToCome) {
  const auto ready_at = [](TimeMs time) { return std::vector{ready(ConditionStatus::False, time)}; };
  EXPECT_EQ(keep_transition_times(ready_at(6'000), ready_at(5'000)).front().last_transition_ms, 6'000);
  EXPECT_EQ(keep_transition_times(ready_at(6'001), ready_at(5'000)).front().last_transition_ms, 5'000);
}

TEST(Conditions, ThatAreNewKeepTheirOwnTime) {
  const auto next = keep_transition_times({}, {ready(ConditionStatus::True, 2000)});
  EXPECT_EQ(next.front().last_transition_ms, 2000);
}

TEST(Conditions, AreFoundByType) {
  const std::vector<Condition> conditions = {ready(ConditionStatus::True, 1)};
  EXPECT_EQ(find_condition(conditions, "Ready"), &conditions.front());
  EXPECT_EQ(find_condition(conditions, "ready"), nullptr);
}

TEST(Conditions, ReadBackAsWritten) {
  const std::vector<Condition> conditions = {ready(ConditionStatus::True, 1'000), ready(ConditionStatus::False, 2'000),
                                             ready(ConditionStatus::Unknown, 3'000)};
  const nlohmann::json status = {{"conditions", encode_conditions(conditions)}};
  Reader reader(status, "status");
  EXPECT_EQ(read_conditions(reader), conditions);
  EXPECT_FALSE(reader.error());
}

TEST(Conditions, NameTheOneThatIsWrong) {
  const nlohmann::json status = {{"conditions", {nlohmann::json::object(), {{"reason", 5}}}}};
  Reader reader(status, "status");
  (void)read_conditions(reader);
  EXPECT_EQ(reader.error()->path, "status.conditions[1].reason");
}

}  // namespace
}  // namespace ork::api
