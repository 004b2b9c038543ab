#include <re2/re2.h>

#include "controllers/expr/functions.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

const std::string& text(const Value& value) { return value.as<std::string>(); }

Outcome size_of_string(Arguments a, Work& work) {
  if (!work.spend(text(a[0]).size() / 64)) return too_costly();
  return of_int(static_cast<std::int64_t>(count_characters(text(a[0]))));
}

Outcome size_of_bytes(Arguments a, Work&) { return of_int(static_cast<std::int64_t>(a[0].as<Bytes>().octets.size())); }

Outcome contains(Arguments a, Work& work) {
  if (!work.spend(text(a[0]).size() / 64)) return too_costly();
  return of_bool(text(a[0]).find(text(a[1])) != std::string::npos);
}

Outcome starts_with(Arguments a, Work&) { return of_bool(text(a[0]).starts_with(text(a[1]))); }
Outcome ends_with(Arguments a, Work&) { return of_bool(text(a[0]).ends_with(text(a[1]))); }

// Somewhere in the text, unless the pattern says ^ and $. RE2 takes time in proportion to the text.
Outcome matches(Arguments a, Work& work) {
  // Compiling a pattern costs far more than most matches.
  constexpr std::size_t steps_of_pattern = 100;
  if (!work.spend(steps_of_pattern + text(a[1]).size() + text(a[0]).size() / 64)) return too_costly();
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(1 << 20);  // a pattern of 4096 bytes fits; x{1000}{1000} does not
  const RE2 pattern(text(a[1]), options);
  if (!pattern.ok()) {
    return fail(EvalErrc::BadValue, in_quotes(text(a[1])) + " is no regular expression: " + pattern.error());
  }
  return of_bool(RE2::PartialMatch(text(a[0]), pattern));
}

}  // namespace

std::span<const Definition> text_functions() {
  static constexpr Definition definitions[] = {
      {"size(string) -> int", size_of_string},        {"string.size() -> int", size_of_string},
      {"size(bytes) -> int", size_of_bytes},          {"bytes.size() -> int", size_of_bytes},
      {"string.contains(string) -> bool", contains},  {"string.startsWith(string) -> bool", starts_with},
      {"string.endsWith(string) -> bool", ends_with}, {"string.matches(string) -> bool", matches},
      {"matches(string, string) -> bool", matches},
  };
  return definitions;
}

}  // namespace ork::expr
