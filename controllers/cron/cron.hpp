#pragma once

// Cron expressions, as Kubernetes' CronJob reads them: five fields (minute, hour, day of month, month, day of week) or
// one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly. Pure; zones are the caller's.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/time.hpp"
#include "controllers/result/result.hpp"

namespace ork::cron {

// Bit n: the field takes the value n.
struct Cron {
  std::uint64_t minutes = 0;
  std::uint32_t hours = 0;
  std::uint32_t days_of_month = 0;
  std::uint16_t months = 0;
  std::uint8_t days_of_week = 0;  // 0: Sunday
  // A day must fit both fields where one of them takes every day, else one of them is enough.
  bool any_day_of_month = false;
  bool any_day_of_week = false;
  friend bool operator==(const Cron&, const Cron&) = default;
};

struct CronError {
  std::size_t at = 0;   // byte of the text
  std::string message;  // what is wrong, and what to write
};

// Refuses what never comes, such as the 31st of February.
Result<Cron, CronError> parse(std::string_view text);

// The first instant after `after` at which the clocks of `zone` show what `cron` takes, a whole minute; nullopt: none
// within eight years, or there is no such zone. An hour that the clocks leave out has no instants, one that they show
// twice has them twice. `zone` empty: UTC; then `utc_offset_s` may be null.
std::optional<api::TimeMs> next(const Cron& cron, api::TimeMs after, std::string_view zone,
                                api::UtcOffset utc_offset_s);

// The last such instant within [from, until]; nullopt: there is none.
std::optional<api::TimeMs> last_within(const Cron& cron, api::TimeMs from, api::TimeMs until, std::string_view zone,
                                       api::UtcOffset utc_offset_s);

}  // namespace ork::cron
