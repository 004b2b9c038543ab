// What CronJob's own library says of random expressions about the changes of clocks (record.go), beside what ours says.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "controllers/cron/cron.hpp"
#include "operator/time_zones/time_zones.hpp"

namespace ork {
namespace {

struct Line {
  std::string text, cron, zone;
  api::TimeMs after = 0;
  std::vector<api::TimeMs> comes;
};

std::vector<Line> golden() {
  std::ifstream in(ORK_CRON_GOLDEN);
  std::vector<Line> out;
  for (std::string text; std::getline(in, text);) {
    Line line;
    line.text = text;
    std::stringstream fields(text);
    std::string after;
    std::getline(fields, line.cron, '|');
    std::getline(fields, line.zone, '|');
    std::getline(fields, after, '|');
    line.after = std::stoll(after) * 1000;
    for (std::int64_t at = 0; fields >> at;) line.comes.push_back(at * 1000);
    out.push_back(std::move(line));
  }
  return out;
}

TEST(CronGolden, ComesWhenACronJobDoes) {
  const std::vector<Line> lines = golden();
  ASSERT_GT(lines.size(), 1000U);
  for (const Line& line : lines) {
    const auto cron = cron::parse(line.cron);
    ASSERT_TRUE(cron) << line.text;
    std::vector<api::TimeMs> comes;
    api::TimeMs at = line.after;
    for (std::size_t i = 0; i < line.comes.size(); ++i) {
      at = cron::next(*cron, at, line.zone, time_zones::utc_offset_s).value_or(0);
      comes.push_back(at);
    }
    EXPECT_EQ(comes, line.comes) << line.text;
    EXPECT_EQ(cron::last_within(*cron, line.after, at, line.zone, time_zones::utc_offset_s), at) << line.text;
  }
}

// When the clocks of a zone are set, in 2022.
std::vector<api::TimeMs> changes_in(const char* zone) {
  std::vector<api::TimeMs> out;
  const api::TimeMs begin = api::parse_time("2022-01-01T00:00:00Z").value();
  constexpr api::TimeMs hour = 3'600'000;
  for (api::TimeMs at = begin; at < begin + 365 * 24 * hour; at += hour) {
    if (time_zones::utc_offset_s(zone, at / 1000) != time_zones::utc_offset_s(zone, (at + hour) / 1000))
      out.push_back(at);
  }
  return out;
}

// Minute by minute, what the clocks show is what the expression takes: the meaning of it, too slow for use.
void check_about(const char* text, const char* zone, api::TimeMs change) {
  constexpr api::TimeMs minute = 60'000, days = 36 * 60 * minute;
  const cron::Cron cron = cron::parse(text).value();
  auto ours = cron::next(cron, change - days - 1, zone, time_zones::utc_offset_s);
  for (api::TimeMs at = change - days; at < change + days; at += minute) {
    const api::TimeMs shown = at + time_zones::utc_offset_s(zone, at / 1000).value() * 1000;
    // Where clocks are never set.
    const bool fits = cron::next(cron, shown - 1, "", nullptr) == shown;
    ASSERT_EQ(ours == at, fits) << text << " in " << zone << " at " << api::format_time(at);
    if (ours == at) ours = cron::next(cron, at, zone, time_zones::utc_offset_s);
  }
}

TEST(CronGolden, LeavesNothingOutWhereClocksAreSetInOddWays) {
  for (const char* zone : {"Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "America/Asuncion", "Asia/Tehran"}) {
    const auto changes = changes_in(zone);
    ASSERT_GE(changes.size(), 2U) << zone;
    for (const api::TimeMs change : changes) {
      for (const char* text :
           {"17-33 3 * * *", "*/7 1,4 * * thu,0", "12 13,17 */11 * 6", "0 0 * * *", "30 0,23 * * 0,6"})
        check_about(text, zone, change);
    }
  }
}

}  // namespace
}  // namespace ork
