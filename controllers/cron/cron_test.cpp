#include "controllers/cron/cron.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ork::cron {
namespace {

using api::TimeMs;

TimeMs at(const char* time) { return api::parse_time(time).value(); }

// Clocks are set forward by an hour at 01:00 UTC on 2026-03-29, and back at 01:00 UTC on 2026-10-25.
std::optional<std::int64_t> berlin(std::string_view zone, std::int64_t unix_s) {
  if (zone != "Europe/Berlin") return std::nullopt;
  const bool summer = unix_s >= at("2026-03-29T01:00:00Z") / 1000 && unix_s < at("2026-10-25T01:00:00Z") / 1000;
  return summer ? 7200 : 3600;
}

std::string next_of(const char* cron, const char* after, const char* zone = "") {
  const auto parsed = parse(cron);
  if (!parsed) return parsed.error().message;
  const auto time = next(*parsed, at(after), zone, berlin);
  return time ? api::format_time(*time) : "never";
}

TEST(Cron, ComesNextAfterATime) {
  const struct {
    const char *cron, *after, *next;
  } cases[] = {
      {"* * * * *", "2026-11-22T10:00:00Z", "2026-11-22T10:01:00.000Z"},
      {"* * * * *", "2026-11-22T10:00:59.999Z", "2026-11-22T10:01:00.000Z"},
      {"*/15 * * * *", "2026-11-22T10:01:00Z", "2026-11-22T10:15:00.000Z"},
      {"0 2 * * *", "2026-11-22T02:00:00Z", "2026-11-23T02:00:00.000Z"},
      {"30 6 * * mon-fri", "2026-11-20T07:00:00Z", "2026-11-23T06:30:00.000Z"},
      {"0 0 * * 7", "2026-11-22T10:00:00Z", "2026-11-29T00:00:00.000Z"},
      {"0 0 * * 5-7", "2026-11-20T10:00:00Z", "2026-11-21T00:00:00.000Z"},
      {"0 0 1 JAN *", "2026-11-22T10:00:00Z", "2027-01-01T00:00:00.000Z"},
      {"@yearly", "2026-11-22T10:00:00Z", "2027-01-01T00:00:00.000Z"},
      {"@Hourly", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00.000Z"},
      {"0 0 29 2 *", "2026-11-22T10:00:00Z", "2028-02-29T00:00:00.000Z"},
      {"0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00.000Z"},
      {"0 12 13 * fri", "2026-11-22T10:00:00Z", "2026-11-27T12:00:00.000Z"},   // either is enough
      {"0 12 */2 * fri", "2026-11-22T10:00:00Z", "2026-11-23T12:00:00.000Z"},  // a step is not every day
      {"5/20 1,3 * * *", "2026-11-22T01:45:00Z", "2026-11-22T03:05:00.000Z"},
      {"0 0 1 1 *", "1969-12-31T23:59:00Z", "1970-01-01T00:00:00.000Z"},
  };
  for (const auto& c : cases) EXPECT_EQ(next_of(c.cron, c.after), c.next) << c.cron << " after " << c.after;
}

TEST(Cron, GoesByTheClocksOfItsZone) {
  EXPECT_EQ(next_of("0 2 * * *", "2026-07-01T12:00:00Z", "Europe/Berlin"), "2026-07-02T00:00:00.000Z");
  EXPECT_EQ(next_of("0 2 * * *", "2026-12-01T12:00:00Z", "Europe/Berlin"), "2026-12-02T01:00:00.000Z");
  EXPECT_EQ(next_of("0 2 * * *", "2026-12-01T12:00:00Z", "Europe/Atlantis"), "never");
}

TEST(Cron, LeavesOutAnHourThatTheClocksLeaveOut) {
  EXPECT_EQ(next_of("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin"), "2026-03-30T00:30:00.000Z");
}

TEST(Cron, ComesTwiceInAnHourThatTheClocksShowTwice) {
  EXPECT_EQ(next_of("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin"), "2026-10-25T00:30:00.000Z");
  EXPECT_EQ(next_of("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin"), "2026-10-25T01:30:00.000Z");
  EXPECT_EQ(next_of("30 2 * * *", "2026-10-25T01:30:00Z", "Europe/Berlin"), "2026-10-26T01:30:00.000Z");
}

TEST(Cron, FindsTheLastTimeOfASpan) {
  const auto last = [](const char* cron, const char* from, const char* until) -> std::string {
    const auto time = last_within(parse(cron).value(), at(from), at(until), "", nullptr);
    return time ? api::format_time(*time) : "none";
  };
  EXPECT_EQ(last("* * * * *", "2020-01-01T00:00:00Z", "2026-11-22T10:00:30Z"), "2026-11-22T10:00:00.000Z");
  EXPECT_EQ(last("0 2 * * *", "2026-11-01T00:00:00Z", "2026-11-22T01:59:59Z"), "2026-11-21T02:00:00.000Z");
  EXPECT_EQ(last("0 2 * * *", "2026-11-22T02:00:00Z", "2026-11-22T02:00:00Z"), "2026-11-22T02:00:00.000Z");
  EXPECT_EQ(last("0 2 * * *", "2026-11-22T02:00:01Z", "2026-11-23T01:00:00Z"), "none");
  EXPECT_EQ(last("@yearly", "2021-06-01T00:00:00Z", "2026-11-22T10:00:30Z"), "2026-01-01T00:00:00.000Z");
}

TEST(Cron, SaysWhatIsWrongAndWhere) {
  const struct {
    const char* cron;
    std::size_t at;
    const char* message;
  } cases[] = {
      {"", 0,
       "there must be five fields (minute, hour, day of month, month, day of week), such as 0 2 * * *, and there are "
       "0"},
      {"0 2 * *", 7,
       "there must be five fields (minute, hour, day of month, month, day of week), such as 0 2 * * *, and there are "
       "4"},
      {"0 0 2 * * *", 10,
       "there must be five fields (minute, hour, day of month, month, day of week), such as 0 2 * * *, and there are "
       "6"},
      {"@nightly", 0, "there is no such word: write @hourly, @daily, @weekly, @monthly or @yearly, or five fields"},
      {"TZ=Europe/Berlin 0 2 * * *", 0, "a zone stands in timeZone, not here"},
      {"60 2 * * *", 0, "the minute must be 0 to 59, or a range, a list or a step of those"},
      {"0 2,24 * * *", 4, "the hour must be 0 to 23, or a range, a list or a step of those"},
      {"0 2 * foo *", 6, "the month must be 1 to 12 or a name such as feb, or a range, a list or a step of those"},
      {"0 2 * * fri-", 12,
       "the day of week must be 0 to 7 or a name such as mon, or a range, a list or a step of those"},
      {"0 9-5 * * *", 2, "the hour ends before it begins: write the smaller one first"},
      {"*/0 * * * *", 2, "the minute has a step that must be 1 to 59"},
      {"0 0 31 2,4 *", 4, "no such day ever comes: no month named here is so long"},
  };
  for (const auto& c : cases) {
    const auto cron = parse(c.cron);
    ASSERT_FALSE(cron) << c.cron;
    EXPECT_EQ(cron.error().message, c.message) << c.cron;
    EXPECT_EQ(cron.error().at, c.at) << c.cron;
  }
}

}  // namespace
}  // namespace ork::cron
