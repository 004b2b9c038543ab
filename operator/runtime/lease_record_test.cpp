#include "operator/runtime/lease_record.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ork::runtime {
namespace {

using nlohmann::json;

const LeaseClaim claim{"ork-system", "ork", "pod-1", Duration{15'000}, 1'767'225'600'120};

TEST(MicroTime, IsWhatTheApiServerParses) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00.000000Z"},
      {1'767'225'600'120, "2026-01-01T00:00:00.120000Z"},
      {1'709'251'199'999, "2024-02-29T23:59:59.999000Z"},
      {4'102'444'800'000, "2100-01-01T00:00:00.000000Z"},
      {-1, "1969-12-31T23:59:59.999000Z"},
  };
  for (const auto& [wall_ms, text] : cases) EXPECT_EQ(micro_time(wall_ms), text);
}

TEST(LeaseRecord, ANewLeaseIsHeldFromTheStart) {
  const auto lease = json::parse(new_lease(claim));
  EXPECT_EQ(lease["metadata"]["name"], "ork");
  EXPECT_EQ(lease["metadata"]["namespace"], "ork-system");
  EXPECT_FALSE(lease["metadata"].contains("resourceVersion"));
  EXPECT_EQ(lease["spec"]["holderIdentity"], "pod-1");
  EXPECT_EQ(lease["spec"]["leaseDurationSeconds"], 15);
  EXPECT_EQ(lease["spec"]["acquireTime"], "2026-01-01T00:00:00.120000Z");
  EXPECT_EQ(lease["spec"]["leaseTransitions"], 0);
}

TEST(LeaseRecord, ReadsWhatIsThereAndTakesOddFieldsForUnset) {
  const auto record =
      read_lease(R"({"metadata":{"resourceVersion":"7"},"spec":{"holderIdentity":"x","leaseDurationSeconds":20}})");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->resource_version, "7");
  EXPECT_EQ(record->holder, "x");
  EXPECT_EQ(record->duration, Duration{20'000});
  for (const char* body :
       {R"({"metadata":{"resourceVersion":"7"}})", R"({"metadata":{"resourceVersion":"7"},"spec":null})",
        R"({"metadata":{"resourceVersion":"7"},"spec":[1]})",
        R"({"metadata":{"resourceVersion":"7"},"spec":{"holderIdentity":5,"leaseDurationSeconds":"x"}})"}) {
    const auto odd = read_lease(body);
    ASSERT_TRUE(odd) << body;
    EXPECT_EQ(odd->holder, "") << body;
    EXPECT_EQ(odd->duration, Duration{0}) << body;
    // And it can be claimed from there.
    EXPECT_EQ(json::parse(claimed_lease(*odd, claim))["spec"]["holderIdentity"], "pod-1") << body;
  }
}

TEST(LeaseRecord, RefusesWhatIsNoLease) {
  for (const char* body : {"", "x", "[]", "5", "{}", R"({"metadata":5})", R"({"metadata":{"resourceVersion":7}})"}) {
    EXPECT_FALSE(read_lease(body)) << body;
  }
}

TEST(LeaseRecord, ARenewalKeepsTheTimeOfAcquisitionAndWhatOthersWrote) {
  auto lease = json::parse(new_lease(claim));
  lease["metadata"]["resourceVersion"] = "7";
  lease["metadata"]["annotations"]["note"] = "by hand";
  auto later = claim;
  later.wall_ms += 5'000;
  const auto renewed = json::parse(claimed_lease(*read_lease(lease.dump()), later));
  EXPECT_EQ(renewed["metadata"]["resourceVersion"], "7");
  EXPECT_EQ(renewed["metadata"]["annotations"]["note"], "by hand");
  EXPECT_EQ(renewed["spec"]["acquireTime"], "2026-01-01T00:00:00.120000Z");
  EXPECT_EQ(renewed["spec"]["renewTime"], "2026-01-01T00:00:05.120000Z");
  EXPECT_EQ(renewed["spec"]["leaseTransitions"], 0);
}

TEST(LeaseRecord, TakingOverCountsATransition) {
  auto lease = json::parse(new_lease(claim));
  lease["metadata"]["resourceVersion"] = "7";
  auto other = claim;
  other.identity = "pod-2";
  other.wall_ms += 60'000;
  const auto taken = json::parse(claimed_lease(*read_lease(lease.dump()), other));
  EXPECT_EQ(taken["spec"]["holderIdentity"], "pod-2");
  EXPECT_EQ(taken["spec"]["acquireTime"], "2026-01-01T00:01:00.120000Z");
  EXPECT_EQ(taken["spec"]["leaseTransitions"], 1);
}

TEST(LeaseRecord, AReleasedLeaseHasNoHolder) {
  auto lease = json::parse(new_lease(claim));
  lease["metadata"]["resourceVersion"] = "7";
  const auto released = json::parse(released_lease(*read_lease(lease.dump()), claim.wall_ms));
  EXPECT_FALSE(released["spec"].contains("holderIdentity"));
  EXPECT_EQ(released["spec"]["leaseDurationSeconds"], 1);
  EXPECT_EQ(released["metadata"]["resourceVersion"], "7");
}

}  // namespace
}  // namespace ork::runtime
