#include "controllers/expr/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "controllers/expr/json.hpp"
#include "controllers/expr/moment.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

constexpr int default_precision = 6;
constexpr int max_precision = 100;

std::string not_finite(double number) {
  if (std::isnan(number)) return "NaN";
  return number > 0 ? "Infinity" : "-Infinity";
}

std::string display_double(double number) {
  if (!std::isfinite(number)) return not_finite(number);
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

std::string display_list(const List& list) {
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ", ";
    out += display(list.at(i));
  }
  return out + "]";
}

std::string display_map(const Map& map) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Value key = map.key_at(i);
    entries.push_back(display(key).append(": ").append(display(*map.find(key))));
  }
  std::sort(entries.begin(), entries.end());
  std::string out = "{";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ", ";
    out += entries[i];
  }
  return out + "}";
}

// A whole number as its sign and its size.
struct Whole {
  bool negative = false;
  std::uint64_t size = 0;
};

std::optional<Whole> whole_of(const Value& value) {
  if (const auto* u = value.get_if<std::uint64_t>()) return Whole{false, *u};
  const auto* i = value.get_if<std::int64_t>();
  if (i == nullptr) return std::nullopt;
  const auto bits = static_cast<std::uint64_t>(*i);
  return Whole{*i < 0, *i < 0 ? ~bits + 1 : bits};
}

std::string in_base(Whole number, int base) {
  std::array<char, 72> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number.size, base);
  std::string out(number.negative ? 1 : 0, '-');
  return out.append(text.data(), end.ptr);
}

std::string in_hex(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::optional<double> number_of(const Value& value) {
  if (const auto* d = value.get_if<double>()) return *d;
  if (const auto* i = value.get_if<std::int64_t>()) return static_cast<double>(*i);
  if (const auto* u = value.get_if<std::uint64_t>()) return static_cast<double>(*u);
  return std::nullopt;
}

// nullopt: this verb takes no such value.
std::optional<std::string> with_verb(char verb, int precision, const Value& value) {
  const auto whole = whole_of(value);
  const auto number = number_of(value);
  switch (verb) {
    case 's': return display(value);
    case 'd':
      if (whole) return in_base(*whole, 10);
      if (number && !std::isfinite(*number)) return not_finite(*number);
      return std::nullopt;
    case 'b':
      if (value.is(Kind::Bool)) return value.as<bool>() ? "1" : "0";
      return whole ? std::optional(in_base(*whole, 2)) : std::nullopt;
    case 'o': return whole ? std::optional(in_base(*whole, 8)) : std::nullopt;
    case 'x':
      if (value.is(Kind::String)) return in_hex(value.as<std::string>());
      if (value.is(Kind::Bytes)) return in_hex(value.as<Bytes>().octets);
      return whole ? std::optional(in_base(*whole, 16)) : std::nullopt;
    case 'X': {
      auto lower = with_verb('x', precision, value);
      return lower ? std::optional(upper(std::move(*lower))) : std::nullopt;
    }
    default: break;
  }
  if (!number) return std::nullopt;
  if (!std::isfinite(*number)) return not_finite(*number);
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), verb == 'f' ? "%.*f" : "%.*e", precision, *number);
  return text.data();
}

// ".3" in front of a verb, taken off; nullopt: it is none.
std::optional<int> take_precision(std::string_view& rest) {
  if (!rest.starts_with('.')) return default_precision;
  int precision = 0;
  const auto read = std::from_chars(rest.data() + 1, rest.data() + rest.size(), precision);
  if (read.ec != std::errc() || precision < 0 || precision > max_precision) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
  return precision;
}

}  // namespace

std::string display(const Value& value) {
  switch (value.kind()) {
    case Kind::Null: return "null";
    case Kind::Bool: return value.as<bool>() ? "true" : "false";
    case Kind::Int: return std::to_string(value.as<std::int64_t>());
    case Kind::Uint: return std::to_string(value.as<std::uint64_t>());
    case Kind::Double: return display_double(value.as<double>());
    case Kind::String: return value.as<std::string>();
    case Kind::Bytes: return value.as<Bytes>().octets;
    case Kind::List: return display_list(*value.as<ListPtr>());
    case Kind::Map: return display_map(*value.as<MapPtr>());
    case Kind::Timestamp: return format_timestamp(value.as<Timestamp>());
    case Kind::Duration: return format_duration(value.as<Duration>());
    case Kind::Type: return value.as<TypeName>().name;
    case Kind::Optional: {
      const auto& held = value.as<Optional>().value;
      if (!held) return "optional.none()";
      std::string out = "optional(";
      return out.append(display(*held)).append(")");
    }
  }
  return {};
}

Outcome format_text(std::string_view pattern, const List& values, Work& work) {
  std::string out;
  std::size_t next = 0;
  std::string_view rest = pattern;
  while (!rest.empty()) {
    const std::size_t percent = std::min(rest.find('%'), rest.size());
    if (!work.spend(1)) return too_costly();
    out += rest.substr(0, percent);
    rest.remove_prefix(percent);
    if (rest.empty()) break;
    rest.remove_prefix(1);
    if (rest.starts_with('%')) {
      out += '%';
      rest.remove_prefix(1);
      continue;
    }
    const auto precision = take_precision(rest);
    if (!precision || rest.empty() || std::string_view("sdfebxXo").find(rest.front()) == std::string_view::npos) {
      return fail(EvalErrc::BadValue,
                  "format knows %s, %d, %f, %e, %b, %o, %x, %X and %%, not what " + in_quotes(pattern) + " has");
    }
    if (next >= values.size()) return fail(EvalErrc::OutOfRange, "format has more places than the list has values");
    const Value value = values.at(next++);
    const auto piece = with_verb(rest.front(), *precision, value);
    if (!piece) {
      return fail(EvalErrc::WrongType,
                  "%" + std::string(1, rest.front()) + " takes no value such as " + std::string(kind_in_words(value)));
    }
    if (!work.make(piece->size())) return too_costly();
    out += *piece;
    rest.remove_prefix(1);
  }
  if (!work.make(out.size())) return too_costly();
  return of_string(std::move(out));
}

}  // namespace ork::expr
