#include "operator/embedded/kinds/go_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

struct Moment {
  std::chrono::sys_seconds seconds;
  int micros = 0;
};

// Reads RFC 3339 from left to right, as Go's time.Parse does; says where it stopped.
class Reader {
 public:
  Reader(std::string_view text, bool micros) : text_(text), rest_(text), micros_(micros) {}

  Result<Moment, std::string> read() {
    int year = digits(4, 4, "2006");
    literal("-");
    int month = within(digits(2, 2, "01"), 1, 12, "month");
    literal("-");
    int day = digits(2, 2, "02");
    literal("T");
    int hour = within(digits(1, 2, "15"), 0, 23, "hour");
    literal(":");
    int minute = within(digits(2, 2, "04"), 0, 59, "minute");
    literal(":");
    int second = within(digits(2, 2, "05"), 0, 59, "second");
    int fraction = micros_ ? exact_fraction() : any_fraction();
    int offset = zone();
    if (!rest_.empty()) fail_with("extra text: " + go_text::quoted(rest_));
    std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day))};
    if (error_.empty() && !date.ok()) fail_with("day out of range");
    if (!error_.empty()) return Err(error_);
    std::chrono::sys_seconds at = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                                  std::chrono::minutes(minute) + std::chrono::seconds(second) -
                                  std::chrono::minutes(offset);
    return Moment{at, fraction};
  }

 private:
  void fail_with(const std::string& what) {
    if (error_.empty()) error_ = "parsing time " + go_text::quoted(text_) + ": " + what;
  }
  void fail(std::string_view wanted) {
    if (!error_.empty()) return;
    std::string layout = micros_ ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    error_ = "parsing time " + go_text::quoted(text_) + " as " + go_text::quoted(layout) + ": cannot parse " +
             go_text::quoted(rest_) + " as " + go_text::quoted(wanted);
  }
  int within(int value, int least, int greatest, const std::string& name) {
    if (value < least || value > greatest) fail_with(name + " out of range");
    return value;
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  int digits(std::size_t least, std::size_t most, std::string_view wanted) {
    int value = 0;
    std::size_t count = 0;
    for (; count < most && count < rest_.size() && is_digit(rest_[count]); ++count) {
      value = value * 10 + (rest_[count] - '0');
    }
    if (count < least) fail(wanted);
    if (error_.empty()) rest_.remove_prefix(count);
    return value;
  }
  void literal(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return fail(wanted);
    if (error_.empty()) rest_.remove_prefix(wanted.size());
  }
  int exact_fraction() {
    if (rest_.size() < 7 || rest_[0] != '.') {
      fail(".000000");
      return 0;
    }
    for (std::size_t i = 1; i < 7; ++i) {
      if (!is_digit(rest_[i])) fail(".000000");
    }
    if (!error_.empty()) return 0;
    rest_.remove_prefix(1);
    return digits(6, 6, ".000000");
  }
  // Digits after the second that the layout does not ask for; times are kept to the second.
  int any_fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return 0;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_[0])) rest_.remove_prefix(1);
    return 0;
  }
  // Minutes east of UTC.
  int zone() {
    if (rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      return 0;
    }
    bool shape = rest_.size() >= 6 && (rest_[0] == '+' || rest_[0] == '-') && is_digit(rest_[1]) &&
                 is_digit(rest_[2]) && rest_[3] == ':' && is_digit(rest_[4]) && is_digit(rest_[5]);
    if (!shape) {
      fail("Z07:00");
      return 0;
    }
    int hours = (rest_[1] - '0') * 10 + rest_[2] - '0';
    int minutes = (rest_[4] - '0') * 10 + rest_[5] - '0';
    if (hours > 24) fail_with("time zone offset hour out of range");
    if (minutes > 60) fail_with("time zone offset minute out of range");
    int offset = hours * 60 + minutes;
    if (rest_[0] == '-') offset = -offset;
    rest_.remove_prefix(6);
    return offset;
  }

  std::string_view text_;
  std::string_view rest_;
  bool micros_;
  std::string error_;
};

std::string written(const Moment& moment, bool micros) {
  auto day = std::chrono::floor<std::chrono::days>(moment.seconds);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss time(moment.seconds - day);
  std::array<char, 80> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  std::string text = buffer.data();
  if (micros) {
    std::snprintf(buffer.data(), buffer.size(), ".%06d", moment.micros);
    text += buffer.data();
  }
  return text + "Z";
}

Result<std::string, std::string> read(std::string_view text, bool micros) {
  auto moment = Reader(text, micros).read();
  if (!moment) return Err(moment.error());
  std::string time = written(*moment, micros);
  // Go's zero time, which it writes as null.
  return time.starts_with("0001-01-01T00:00:00") && moment->micros == 0 ? std::string() : time;
}

}  // namespace

Result<std::string, std::string> read_time(std::string_view text) { return read(text, false); }
Result<std::string, std::string> read_micro_time(std::string_view text) { return read(text, true); }

}  // namespace ork::embedded
