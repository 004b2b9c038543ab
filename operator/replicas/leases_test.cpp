#include "operator/replicas/leases.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ork::replicas {
namespace {

using nlohmann::json;
using runtime::Duration;

const Member member{"ork-system", "ork", "pod-1", Duration{5'000}};
constexpr std::int64_t new_year_ms = 1'767'225'600'120;

TEST(MicroTime, IsWhatTheApiServerParses) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00.000000Z"},
      {new_year_ms, "2026-01-01T00:00:00.120000Z"},
      {1'709'251'199'999, "2024-02-29T23:59:59.999000Z"},
      {4'102'444'800'000, "2100-01-01T00:00:00.000000Z"},
      {-1, "1969-12-31T23:59:59.999000Z"},
  };
  for (const auto& [wall_ms, text] : cases) EXPECT_EQ(micro_time(wall_ms), text);
}

TEST(MemberLease, IsHeldFromTheStartAndShownByTheWatchOfItsGroup) {
  const auto lease = json::parse(new_member_lease(member, new_year_ms));
  EXPECT_EQ(lease["metadata"]["name"], "ork-pod-1");
  EXPECT_EQ(lease["metadata"]["namespace"], "ork-system");
  EXPECT_EQ(lease["metadata"]["labels"]["ork.dev/operators"], "ork");
  EXPECT_EQ(group_selector("ork"), "ork.dev/operators=ork");
  EXPECT_EQ(lease["spec"]["holderIdentity"], "pod-1");
  EXPECT_EQ(lease["spec"]["leaseDurationSeconds"], 5);
  EXPECT_EQ(lease["spec"]["acquireTime"], "2026-01-01T00:00:00.120000Z");
}

TEST(MemberLease, ARenewalTouchesNothingThatOthersWrote) {
  const auto patch = json::parse(renewed_member_lease(member, new_year_ms));
  EXPECT_EQ(patch.size(), 1U);
  EXPECT_FALSE(patch["spec"].contains("acquireTime"));
  EXPECT_EQ(patch["spec"]["renewTime"], "2026-01-01T00:00:00.120000Z");
}

TEST(ReadLease, TakesOddFieldsForUnset) {
  for (const char* rest : {"", R"(,"spec":null)", R"(,"spec":[1])", R"(,"spec":{"leaseDurationSeconds":"x"})"}) {
    const auto lease =
        read_lease(R"({"metadata":{"name":"a","resourceVersion":"7","annotations":5})" + std::string(rest) + "}");
    ASSERT_TRUE(lease) << rest;
    EXPECT_EQ(lease->duration, Duration{0}) << rest;
    EXPECT_EQ(lease->buckets, "") << rest;
  }
}

TEST(ReadLease, RefusesWhatIsNone) {
  for (const char* body : {"", "x", "[]", "5", "{}", R"({"metadata":5})", R"({"metadata":{"resourceVersion":"7"}})",
                           R"({"metadata":{"name":"a","resourceVersion":7}})"}) {
    EXPECT_FALSE(read_lease(body)) << body;
  }
}

TEST(Holders, AreWrittenAsRangesAndReadBack) {
  shard::Holders holders;
  for (std::size_t i = 0; i < 32; ++i) holders[i] = "a";
  holders[40] = "a";
  holders[63] = "b";
  EXPECT_EQ(holders_text(holders), R"({"a":"0-31,40","b":"63"})");
  EXPECT_EQ(read_holders(holders_text(holders)), holders);
  EXPECT_EQ(holders_text({}), "{}");
}

TEST(Holders, WhatIsNoSuchTextGivesNothingToAnybody) {
  for (const char* text : {"", "x", "[]", "7", R"({"a":7})", R"({"a":"64"})", R"({"a":"-1"})", R"({"a":"1-"})",
                           R"({"a":"x-3,,"})", R"({"a":"5-3"})", R"({"a":"1e1"})", R"({"a":"0-99999999999999"})"}) {
    EXPECT_EQ(read_holders(text), shard::Holders()) << text;
  }
  EXPECT_EQ(holders_text(read_holders(R"({"a":"0,x,2","b":"2-3"})")), R"({"a":"0,2","b":"3"})");
}

TEST(GroupLease, AChangeFailsWhereSomebodyWasFaster) {
  shard::Holders holders;
  holders[7] = "pod-1";
  EXPECT_EQ(json::parse(changed_group_lease(holders, "12"))["metadata"]["resourceVersion"], "12");
  const auto made = json::parse(new_group_lease(member, holders));
  EXPECT_EQ(made["metadata"]["name"], "ork");
  EXPECT_EQ(made["metadata"]["annotations"]["ork.dev/buckets"], R"({"pod-1":"7"})");
  EXPECT_EQ(json::parse(delete_unchanged("ork-system", "ork-a", "u", "12").body)["preconditions"],
            json({{"uid", "u"}, {"resourceVersion", "12"}}));
}

}  // namespace
}  // namespace ork::replicas
