#include "controllers/api/time.hpp"

#include <gtest/gtest.h>

namespace ork::api {
namespace {

constexpr TimeMs noon = 1'795'262'400'000;  // 2026-11-21T12:00:00Z

TEST(Time, ReadsRfc3339) {
  const struct {
    const char* text;
    TimeMs expected;
  } cases[] = {
      {"2026-11-21T12:00:00Z", noon},
      {"2026-11-21t12:00:00z", noon},
      {"2026-11-21T12:00:00.5Z", noon + 500},
      {"2026-11-21T12:00:00.123456789Z", noon + 123},
      {"2026-11-21T13:00:00+01:00", noon},
      {"2026-11-21T06:30:00-05:30", noon},
      {"2026-11-22T02:00:00.250+14:00", noon + 250},
      {"2026-11-21T11:59:60Z", noon},  // a leap second counts as the next one
      {"9999-12-31T23:59:60Z", max_time_ms},
      {"9999-12-31T23:59:59-01:00", max_time_ms},
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999Z", -1},
      {"2024-02-29T00:00:00Z", 1'709'164'800'000},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_time(c.text), c.expected) << c.text;
}

TEST(Time, RefusesWhatIsNoRfc3339) {
  for (const char* text : {"",
                           "now",
                           "2026-11-21",
                           "2026-11-21 12:00:00Z",
                           "2026-11-21T12:00:00",
                           "2026-11-21T12:00Z",
                           "2026-13-21T12:00:00Z",
                           "2026-00-21T12:00:00Z",
                           "2026-02-29T12:00:00Z",
                           "2026-11-31T12:00:00Z",
                           "2026-11-21T24:00:00Z",
                           "2026-11-21T12:60:00Z",
                           "2026-11-21T12:00:61Z",
                           "2026-11-21T12:00:00.Z",
                           "2026-11-21T12:00:00+1:00",
                           "2026-11-21T12:00:00+24:00",
                           "2026-11-21T12:00:00+01:60",
                           "2026-11-21T12:00:00+0100",
                           "2026-11-21T12:00:00Zz",
                           "26-11-21T12:00:00Z",
                           "2026-11-2xT12:00:00Z",
                           "2026/11/21T12:00:00Z",
                           "2026-11/21T12:00:00Z",
                           "2026-11-21T12-00:00Z",
                           "2026-11-21T12:00-00Z"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(Time, IsWrittenInMillisecondsAndReadsBack) {
  EXPECT_EQ(format_time(noon), "2026-11-21T12:00:00.000Z");
  for (const TimeMs time : {noon + 1, noon - 1, TimeMs{1}, TimeMs{-1}, max_time_ms}) {
    EXPECT_EQ(parse_time(format_time(time)), time);
  }
}

TEST(Time, BeyondWhatRfc3339CanSayIsWrittenAsItsLastInstant) {
  EXPECT_EQ(format_time(max_time_ms), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_time(INT64_MAX), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_time(INT64_MIN), "0000-01-01T00:00:00.000Z");
}

TEST(Time, LaterStopsAtTheLastInstant) {
  EXPECT_EQ(later_by_seconds(noon, 90), noon + 90'000);
  EXPECT_EQ(later_by_seconds(noon, INT64_MAX), max_time_ms);
  EXPECT_EQ(later_by_seconds(max_time_ms, 1), max_time_ms);
}

TEST(Duration, ReadsGoStrings) {
  const struct {
    const char* text;
    DurationMs expected;
  } cases[] = {{"0s", 0},         {"250ms", 250},       {"90s", 90'000},
               {"1m30s", 90'000}, {"1h30m", 5'400'000}, {"1.5h", 5'400'000},
               {"0.25s", 250},    {"2m2m", 240'000},    {"0.4ms", 0},
               {"0.5ms", 1},      {"24h", 86'400'000},  {"87840h", 87840LL * 3'600'000}};
  for (const auto& c : cases) EXPECT_EQ(parse_duration(c.text), c.expected) << c.text;
}

TEST(Duration, RefusesWhatTheSchemaRefuses) {
  for (const char* text :
       {"", "90", "s", "-1s", "+1s", "1d", "1 s", "1s ", "1.s", ".5s", "1..5s", "1e3s", "1h-5m", "1.5.5s", "87841h",
        "11111111111111111111111111111111s", "99999999999999999999999h", "1us"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsWrittenShort) {
  const struct {
    DurationMs duration;
    const char* expected;
  } cases[] = {{0, "0s"},
               {-5, "0s"},
               {1, "1ms"},
               {1'000, "1s"},
               {90'000, "1m30s"},
               {3'600'000, "1h"},
               {5'400'250, "1h30m250ms"},
               {90'000'000, "25h"}};
  for (const auto& c : cases) {
    EXPECT_EQ(format_duration(c.duration), c.expected);
    if (c.duration >= 0) {
      EXPECT_EQ(parse_duration(c.expected), c.duration);
    }
  }
}

}  // namespace
}  // namespace ork::api
