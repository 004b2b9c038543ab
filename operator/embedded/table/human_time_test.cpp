#include "operator/embedded/table/human_time.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t year = 365 * day;

// The expected texts are those of apimachinery's duration.HumanDuration.
TEST(HumanDuration, ShowsSecondsForTwoMinutes) {
  EXPECT_EQ(human_duration(0), "0s");
  EXPECT_EQ(human_duration(999), "0s");
  EXPECT_EQ(human_duration(119 * second), "119s");
}

TEST(HumanDuration, ShowsMinutesAndSecondsForTenMinutes) {
  EXPECT_EQ(human_duration(2 * minute), "2m");
  EXPECT_EQ(human_duration(2 * minute + second), "2m1s");
  EXPECT_EQ(human_duration(10 * minute - 1), "9m59s");
}

TEST(HumanDuration, ShowsMinutesForThreeHours) {
  EXPECT_EQ(human_duration(10 * minute), "10m");
  EXPECT_EQ(human_duration(3 * hour - 1), "179m");
}

TEST(HumanDuration, ShowsHoursAndMinutesForEightHours) {
  EXPECT_EQ(human_duration(3 * hour), "3h");
  EXPECT_EQ(human_duration(3 * hour + minute), "3h1m");
  EXPECT_EQ(human_duration(8 * hour - 1), "7h59m");
}

TEST(HumanDuration, ShowsHoursForTwoDays) {
  EXPECT_EQ(human_duration(8 * hour), "8h");
  EXPECT_EQ(human_duration(48 * hour - 1), "47h");
}

TEST(HumanDuration, ShowsDaysAndHoursForEightDays) {
  EXPECT_EQ(human_duration(2 * day), "2d");
  EXPECT_EQ(human_duration(2 * day + hour), "2d1h");
  EXPECT_EQ(human_duration(8 * day - 1), "7d23h");
}

TEST(HumanDuration, ShowsDaysForTwoYears) {
  EXPECT_EQ(human_duration(8 * day), "8d");
  EXPECT_EQ(human_duration(2 * year - 1), "729d");
}

TEST(HumanDuration, ShowsYearsAndDaysForEightYears) {
  EXPECT_EQ(human_duration(2 * year), "2y");
  EXPECT_EQ(human_duration(2 * year + day), "2y1d");
  EXPECT_EQ(human_duration(8 * year - 1), "7y364d");
  EXPECT_EQ(human_duration(8 * year), "8y");
  EXPECT_EQ(human_duration(300 * year), "300y");
}

TEST(HumanDuration, TakesALittleBitOfTheFutureForNow) {
  EXPECT_EQ(human_duration(-1), "0s");
  EXPECT_EQ(human_duration(-1999), "0s");
  EXPECT_EQ(human_duration(-2000), "<invalid>");
}

TEST(Age, CountsFromATimestamp) {
  EXPECT_EQ(age_of("2026-11-21T11:59:00Z", 1'795'262'400'000), "60s");
  EXPECT_EQ(age_of("2026-11-21T11:59:00.500000Z", 1'795'262'400'000), "59s");
}

TEST(Age, IsUnknownWithoutATimestamp) {
  EXPECT_EQ(age_of(nullptr, 0), "<unknown>");
  EXPECT_EQ(age_of("nonsense", 0), "<unknown>");
  EXPECT_EQ(age_of(5, 0), "<unknown>");
}

}  // namespace
}  // namespace ork::embedded
