#include "controllers/expr/functions.hpp"
#include "controllers/expr/moment.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

// One number of what a clock shows: in UTC, or in the zone of the second argument.
template <std::int64_t CalendarParts::* part, std::int64_t add = 0>
Outcome part_of(Arguments a, Work& work) {
  const auto& time = a[0].as<Timestamp>();
  std::int64_t offset = 0;
  if (a.size() > 1) {
    const auto& zone = a[1].as<std::string>();
    auto found = parse_offset(zone);
    if (!found) found = work.scope().utc_offset_s(zone, time);
    if (!found) return fail(EvalErrc::BadValue, "there is no time zone " + in_quotes(zone));
    offset = *found;
  }
  return of_int(parts_of(time, offset).*part + add);
}

// Of the whole duration, in whole units towards zero.
template <std::int64_t unit_s>
Outcome whole_units(Arguments a, Work&) {
  return of_int(a[0].as<Duration>().seconds / unit_s);
}

// What is left beside the whole seconds.
Outcome milliseconds(Arguments a, Work&) { return of_int(a[0].as<Duration>().nanos / 1'000'000); }

}  // namespace

std::span<const Definition> time_functions() {
  using P = CalendarParts;
  static constexpr Definition definitions[] = {
      {"timestamp.getFullYear() -> int", part_of<&P::year>},
      {"timestamp.getFullYear(string) -> int", part_of<&P::year>},
      {"timestamp.getMonth() -> int", part_of<&P::month>},
      {"timestamp.getMonth(string) -> int", part_of<&P::month>},
      {"timestamp.getDate() -> int", part_of<&P::date>},
      {"timestamp.getDate(string) -> int", part_of<&P::date>},
      {"timestamp.getDayOfMonth() -> int", part_of<&P::date, -1>},
      {"timestamp.getDayOfMonth(string) -> int", part_of<&P::date, -1>},
      {"timestamp.getDayOfWeek() -> int", part_of<&P::day_of_week>},
      {"timestamp.getDayOfWeek(string) -> int", part_of<&P::day_of_week>},
      {"timestamp.getDayOfYear() -> int", part_of<&P::day_of_year>},
      {"timestamp.getDayOfYear(string) -> int", part_of<&P::day_of_year>},
      {"timestamp.getHours() -> int", part_of<&P::hours>},
      {"timestamp.getHours(string) -> int", part_of<&P::hours>},
      {"timestamp.getMinutes() -> int", part_of<&P::minutes>},
      {"timestamp.getMinutes(string) -> int", part_of<&P::minutes>},
      {"timestamp.getSeconds() -> int", part_of<&P::seconds>},
      {"timestamp.getSeconds(string) -> int", part_of<&P::seconds>},
      {"timestamp.getMilliseconds() -> int", part_of<&P::milliseconds>},
      {"timestamp.getMilliseconds(string) -> int", part_of<&P::milliseconds>},
      {"duration.getHours() -> int", whole_units<3600>},
      {"duration.getMinutes() -> int", whole_units<60>},
      {"duration.getSeconds() -> int", whole_units<1>},
      {"duration.getMilliseconds() -> int", milliseconds},
  };
  return definitions;
}

}  // namespace ork::expr
