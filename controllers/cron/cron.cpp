#include "controllers/cron/cron.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <span>
#include <vector>

namespace ork::cron {
namespace {

using api::TimeMs;

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<unsigned, 12> longest_month{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

struct FieldKind {
  const char* name;
  unsigned least;
  unsigned most;
  std::span<const std::string_view> names = {};  // the first stands for `first_name`
  unsigned first_name = 0;
};

constexpr std::array<FieldKind, 5> kinds{FieldKind{"minute", 0, 59}, FieldKind{"hour", 0, 23},
                                         FieldKind{"day of month", 1, 31}, FieldKind{"month", 1, 12, month_names, 1},
                                         FieldKind{"day of week", 0, 7, day_names, 0}};

struct Macro {
  std::string_view name;
  std::string_view means;
};
constexpr std::array<Macro, 7> macros{Macro{"@yearly", "0 0 1 1 *"},  Macro{"@annually", "0 0 1 1 *"},
                                      Macro{"@monthly", "0 0 1 * *"}, Macro{"@weekly", "0 0 * * 0"},
                                      Macro{"@daily", "0 0 * * *"},   Macro{"@midnight", "0 0 * * *"},
                                      Macro{"@hourly", "0 * * * *"}};

struct Field {
  std::uint64_t values = 0;
  bool any = false;  // "*" or "?"
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

class FieldParser {
 public:
  FieldParser(std::string_view text, std::size_t at, const FieldKind& kind) : text_(text), at_(at), kind_(kind) {}

  Result<Field, CronError> parse() {
    Field out;
    for (std::size_t from = 0; from <= text_.size() && !error_;) {
      const std::size_t to = std::min(text_.find(',', from), text_.size());
      add_part(text_.substr(from, to - from), from, out);
      from = to + 1;
    }
    if (error_) return Err(std::move(*error_));
    return out;
  }

 private:
  // "*", "5", "1-5", each with "/2" or without.
  void add_part(std::string_view part, std::size_t from, Field& out) {
    const std::size_t slash = part.find('/');
    const std::string_view range = part.substr(0, slash);
    const std::size_t dash = range.find('-');
    const bool star = range == "*" || range == "?";
    unsigned low = kind_.least, high = most_written();
    if (!star) {
      low = value_of(range.substr(0, dash), from);
      if (dash != std::string_view::npos) {
        high = value_of(range.substr(dash + 1), from + dash + 1);
      } else if (slash == std::string_view::npos) {
        high = low;
      }
    }
    unsigned step = 1;
    if (slash != std::string_view::npos) step = step_of(part.substr(slash + 1), from + slash + 1);
    if (error_) return;
    if (low > high) return fail(from, "ends before it begins: write the smaller one first");
    for (unsigned value = low; value <= high; value += step) out.values |= std::uint64_t{1} << value;
    out.any = out.any || (star && step == 1);
  }

  // Sunday is 0 and 7; what goes to the end goes to Saturday.
  unsigned most_written() const { return kind_.names.data() == day_names.data() ? 6 : kind_.most; }

  std::optional<unsigned> number(std::string_view text) const {
    unsigned out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
  }

  unsigned value_of(std::string_view text, std::size_t from) {
    const auto named = std::find(kind_.names.begin(), kind_.names.end(), lower(text));
    if (named != kind_.names.end()) return kind_.first_name + static_cast<unsigned>(named - kind_.names.begin());
    const auto value = number(text);
    if (value && *value >= kind_.least && *value <= kind_.most) return *value;
    fail(from, "must be " + std::to_string(kind_.least) + " to " + std::to_string(kind_.most) +
                   (kind_.names.empty() ? "" : " or a name such as " + std::string(kind_.names[1])) +
                   ", or a range, a list or a step of those");
    return kind_.least;
  }

  unsigned step_of(std::string_view text, std::size_t from) {
    const auto step = number(text);
    if (step && *step >= 1 && *step <= kind_.most) return *step;
    fail(from, "has a step that must be 1 to " + std::to_string(kind_.most));
    return 1;
  }

  void fail(std::size_t from, const std::string& what) {
    if (!error_) error_ = CronError{at_ + from, std::string("the ") + kind_.name + " " + what};
  }

  std::string_view text_;
  std::size_t at_;
  const FieldKind& kind_;
  std::optional<CronError> error_;
};

struct Word {
  std::string_view text;
  std::size_t at = 0;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> out;
  for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    out.push_back({text.substr(at, end - at), at});
    at = text.find_first_not_of(' ', end);
  }
  return out;
}

CronError wrong_count(std::span<const Word> words, std::string_view text) {
  if (words.size() == 1 && words[0].text.starts_with('@'))
    return {words[0].at, "there is no such word: write @hourly, @daily, @weekly, @monthly or @yearly, or five fields"};
  if (!words.empty() && (words[0].text.starts_with("TZ=") || words[0].text.starts_with("CRON_TZ=")))
    return {words[0].at, "a zone stands in timeZone, not here"};
  return {words.size() > 5 ? words[5].at : text.size(),
          "there must be five fields (minute, hour, day of month, month, day of week), such as 0 2 * * *, and there " +
              std::string(words.size() == 1 ? "is " : "are ") + std::to_string(words.size())};
}

// Some month has some of those days.
bool ever_comes(const Cron& cron) {
  if (!cron.any_day_of_month && !cron.any_day_of_week) return true;
  for (unsigned month = 1; month <= 12; ++month) {
    const unsigned first = static_cast<unsigned>(std::countr_zero(cron.days_of_month));
    if ((cron.months >> month & 1U) != 0 && first <= longest_month[month - 1]) return true;
  }
  return false;
}

// What the clocks of a zone show.
struct LocalTime {
  unsigned minute, hour, day, month, weekday;
};

// From days since 1970-01-01, by Howard Hinnant's civil_from_days.
LocalTime local_time(std::int64_t seconds) {
  const std::int64_t days = (seconds >= 0 ? seconds : seconds - 86'399) / 86'400;
  const std::int64_t of_day = seconds - days * 86'400;
  const std::int64_t z = days + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const auto doe = static_cast<unsigned>(z - era * 146'097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const std::int64_t weekday = (days % 7 + 11) % 7;  // 1970-01-01 was a Thursday
  return {static_cast<unsigned>(of_day / 60 % 60), static_cast<unsigned>(of_day / 3600), doy - (153 * mp + 2) / 5 + 1,
          mp < 10 ? mp + 3 : mp - 9, static_cast<unsigned>(weekday)};
}

bool takes_day(const Cron& cron, const LocalTime& local) {
  const bool of_month = (cron.days_of_month >> local.day & 1U) != 0;
  const bool of_week = (cron.days_of_week >> local.weekday & 1U) != 0;
  return cron.any_day_of_month || cron.any_day_of_week ? of_month && of_week : of_month || of_week;
}

// Clocks are set only at whole quarters of an hour, so up to the next one nothing is left out.
std::int64_t next_quarter(std::int64_t seconds) { return (seconds / 900 + 1) * 900; }

// Where a day does not fit: to its evening, from where on each quarter is looked at, since the clocks may be set about
// midnight; and where its month does not, nearly to the end of that.
std::int64_t later_day(const Cron& cron, const LocalTime& local, std::int64_t seconds) {
  constexpr unsigned evening = 20, late_day = 27;
  if ((cron.months >> local.month & 1U) == 0 && local.day < late_day)
    return next_quarter(seconds + std::int64_t{86'400} * (late_day - local.day) - 3600 * local.hour - 900);
  if (local.hour < evening) return next_quarter(seconds + 3600 * (evening - local.hour) - 60 * local.minute - 900);
  return next_quarter(seconds);
}

}  // namespace

Result<Cron, CronError> parse(std::string_view text) {
  std::string_view fields = text;
  const auto words_written = words_of(text);
  if (words_written.size() == 1) {
    const auto macro = std::find_if(macros.begin(), macros.end(),
                                    [&](const Macro& one) { return one.name == lower(words_written[0].text); });
    if (macro != macros.end()) fields = macro->means;
  }
  const std::vector<Word> words = words_of(fields);
  if (words.size() != kinds.size()) return Err(wrong_count(words, text));
  std::array<Field, 5> out;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    auto field = FieldParser(words[i].text, words[i].at, kinds[i]).parse();
    if (!field) return Err(std::move(field).error());
    out[i] = *field;
  }
  Cron cron{.minutes = out[0].values,
            .hours = static_cast<std::uint32_t>(out[1].values),
            .days_of_month = static_cast<std::uint32_t>(out[2].values),
            .months = static_cast<std::uint16_t>(out[3].values),
            .days_of_week = static_cast<std::uint8_t>((out[4].values | out[4].values >> 7) & 0x7f),
            .any_day_of_month = out[2].any,
            .any_day_of_week = out[4].any};
  if (!ever_comes(cron)) return Err(CronError{words[2].at, "no such day ever comes: no month named here is so long"});
  return cron;
}

std::optional<TimeMs> next(const Cron& cron, TimeMs after, std::string_view zone, api::UtcOffset utc_offset_s) {
  constexpr std::int64_t eight_years_s = 8LL * 366 * 86'400;
  const std::int64_t minutes_before = (after >= 0 ? after : after - 59'999) / 60'000;
  std::int64_t seconds = (minutes_before + 1) * 60;
  for (const std::int64_t end = seconds + eight_years_s; seconds < end;) {
    std::int64_t offset = 0;
    if (!zone.empty()) {
      const auto known = utc_offset_s == nullptr ? std::nullopt : utc_offset_s(zone, seconds);
      if (!known) return std::nullopt;
      offset = *known;
    }
    const LocalTime local = local_time(seconds + offset);
    if ((cron.months >> local.month & 1U) == 0 || !takes_day(cron, local)) {
      seconds = later_day(cron, local, seconds);
    } else if ((cron.hours >> local.hour & 1U) == 0) {
      seconds = next_quarter(seconds);
    } else if ((cron.minutes >> local.minute & 1U) == 0) {
      seconds += 60;
    } else {
      return seconds * 1000;
    }
  }
  return std::nullopt;
}

std::optional<TimeMs> last_within(const Cron& cron, TimeMs from, TimeMs until, std::string_view zone,
                                  api::UtcOffset utc_offset_s) {
  // What comes often is found near the end, and of what comes seldom there is little.
  constexpr TimeMs hour = 3'600'000;
  for (const TimeMs window : {hour, 24 * hour, 31 * 24 * hour, 8 * 366 * 24 * hour}) {
    const TimeMs begin = std::max(from, until - window);
    std::optional<TimeMs> found;
    for (auto at = next(cron, begin - 1, zone, utc_offset_s); at && *at <= until;
         at = next(cron, *at, zone, utc_offset_s))
      found = at;
    if (found || begin == from) return found;
  }
  return std::nullopt;
}

}  // namespace ork::cron
