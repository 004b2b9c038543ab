#include "operator/manifest/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace ork::manifest {
namespace {

// Reads from the left; what does not fit leaves it failed.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return ok_ && text_.empty(); }
  bool take(char c) {
    const bool there = ok_ && !text_.empty() && text_.front() == c;
    if (there) text_.remove_prefix(1);
    return there;
  }
  void expect(char c) {
    if (!take(c)) ok_ = false;
  }
  // `least` to `most` digits, of a number up to `max`.
  unsigned number(std::size_t least, std::size_t most, unsigned max) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < most && !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; ++digits) {
      value = value * 10 + static_cast<unsigned>(text_.front() - '0');
      text_.remove_prefix(1);
    }
    if (digits < least || value > max) ok_ = false;
    return value;
  }
  void fraction() {
    if (!take('.')) return;
    number(1, 1, 9);
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') text_.remove_prefix(1);
  }

 private:
  std::string_view text_;
  bool ok_ = true;
};

void time_of_day(Cursor& cursor) {
  cursor.number(1, 2, 23);
  cursor.expect(':');
  cursor.number(1, 2, 59);
  cursor.expect(':');
  cursor.number(1, 2, 59);
  cursor.fraction();
}

void zone(Cursor& cursor) {
  if (cursor.take('Z')) return;
  if (!cursor.take('+')) cursor.expect('-');
  cursor.number(2, 2, 24);
  cursor.expect(':');
  cursor.number(2, 2, 60);
}

}  // namespace

bool is_timestamp(std::string_view text) {
  Cursor cursor(text);
  const unsigned year = cursor.number(4, 4, 9999);
  cursor.expect('-');
  const unsigned month = cursor.number(1, 2, 12);
  cursor.expect('-');
  const unsigned day = cursor.number(1, 2, 31);
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                         std::chrono::day(day));
  if (!date.ok()) return false;
  if (cursor.at_end()) return true;
  if (cursor.take(' ')) {
    time_of_day(cursor);
  } else {
    if (!cursor.take('T')) cursor.expect('t');
    time_of_day(cursor);
    zone(cursor);
  }
  return cursor.at_end();
}

}  // namespace ork::manifest
