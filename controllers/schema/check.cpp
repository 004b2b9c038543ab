#include "controllers/schema/check.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "controllers/expr/compare.hpp"
#include "controllers/expr/depth.hpp"
#include "controllers/expr/json.hpp"
#include "controllers/expr/moment.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/expr/utf8.hpp"
#include "controllers/schema/limits.hpp"
#include "controllers/schema/words.hpp"

namespace ork::schema {
namespace {

// Whole numbers up to here are exact in a double; above, 3.0 may have been another number once.
constexpr double exact = 9007199254740992.0;  // 2^53

bool is_whole(const Json& value) {
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  const auto number = value.get<double>();
  return std::abs(number) <= exact && std::trunc(number) == number;
}

bool is_of_type(const Json& value, Type type) {
  switch (type) {
    case Type::Any: return true;
    case Type::String: return value.is_string();
    case Type::Integer: return is_whole(value);
    case Type::Number: return value.is_number();
    case Type::Boolean: return value.is_boolean();
    case Type::Array: return value.is_array();
    case Type::Object: return value.is_object();
  }
  return false;
}

// `"a", "b" and 3 more`.
std::string listed(const std::vector<Json>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), max_listed); ++i) {
    if (i > 0) text += ", ";
    text += show_value(values[i]);
  }
  if (values.size() > max_listed) text += " and " + std::to_string(values.size() - max_listed) + " more";
  return text;
}

// "4 items", "1 character".
std::string amount(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::size_t characters_of(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(expr::decode(text).bytes);
  return count;
}

bool is_uri(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !is_letter(text[0])) return false;
  const std::string_view scheme = text.substr(0, colon);
  const auto in_scheme = [&](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
  constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=%";
  const auto in_uri = [&](char c) { return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos; };
  return std::all_of(scheme.begin(), scheme.end(), in_scheme) && std::all_of(text.begin(), text.end(), in_uri);
}

bool is_date(std::string_view text) {
  constexpr std::size_t size = 10;
  return text.size() == size && expr::parse_timestamp(std::string(text) + "T00:00:00Z");
}

// What a string has to be, where it is not; empty: it is.
std::string_view missed_format(std::string_view text, Format format) {
  switch (format) {
    case Format::None: return {};
    case Format::Date: return is_date(text) ? "" : "a date such as 2026-01-31";
    case Format::DateTime: return expr::parse_timestamp(text) ? "" : "a date and time such as 2026-01-31T12:00:00Z";
    case Format::Duration: return expr::parse_duration(text) ? "" : "a duration such as 90s, 10m or 1h30m";
    case Format::Uri: return is_uri(text) ? "" : "a URI such as https://example.com/a.csv";
  }
  return {};
}

class Checker {
 public:
  std::vector<Problem> take() && { return std::move(problems_); }

  // As deep as the value, which was measured.
  void check(const Json& value, const Schema& schema) {
    if (full()) return;
    if (!is_of_type(value, schema.type)) return tell(type_mismatch(value, to_string(schema.type)));
    if (value.is_string()) check_string(value.get_ref<const std::string&>(), schema);
    if (value.is_number()) check_number(value, schema);
    if (value.is_array()) check_array(value, schema);
    if (value.is_object()) check_object(value, schema);
    if (!schema.one_of.empty() && std::find(schema.one_of.begin(), schema.one_of.end(), value) == schema.one_of.end()) {
      tell("is " + show_value(value) + ", but must be one of: " + listed(schema.one_of));
    }
  }

  void tell(std::string message) {
    if (!full()) problems_.push_back({path_, std::move(message)});
  }

 private:
  bool full() const { return problems_.size() >= max_value_problems; }

  void check_below(const std::string& step, const Json& value, const Schema& schema) {
    const std::size_t before = path_.size();
    path_ += step;
    check(value, schema);
    path_.resize(before);
  }

  void check_size(std::size_t size, std::optional<std::size_t> least, std::optional<std::size_t> most,
                  std::string_view what) {
    if (least && size < *least)
      tell("has " + amount(size, what) + ", but must have at least " + std::to_string(*least));
    if (most && size > *most) tell("has " + amount(size, what) + ", but may have at most " + std::to_string(*most));
  }

  void check_string(const std::string& text, const Schema& schema) {
    if (schema.min_length || schema.max_length) {
      check_size(characters_of(text), schema.min_length, schema.max_length, "character");
    }
    const std::string_view wanted = missed_format(text, schema.format);
    if (!wanted.empty()) tell("is " + expr::in_quotes(text) + ", but must be " + std::string(wanted));
    if (!schema.regex) return;
    matched_bytes_ += text.size();
    if (matched_bytes_ > max_pattern_bytes) {
      return tell("is more text than is held against patterns: " + std::to_string(max_pattern_bytes) +
                  " bytes in one value");
    }
    if (re2::RE2::PartialMatch(text, *schema.regex)) return;
    tell("is " + expr::in_quotes(text) + ", but must match " + expr::printable(schema.pattern, max_told_pattern));
  }

  void check_number(const Json& value, const Schema& schema) {
    const expr::Value number = expr::view_of(value);
    const auto is_within = [&](const std::optional<Json>& bound, bool above, bool exclusive) {
      if (!bound) return true;
      const auto order = expr::compare_numbers(number, expr::view_of(*bound));
      return above ? (exclusive ? order > 0 : order >= 0) : (exclusive ? order < 0 : order <= 0);
    };
    const auto must_be = [&](const std::string& words, const Json& bound) {
      tell("is " + show_value(value) + ", but must be " + words + " " + show_value(bound));
    };
    const bool from = is_within(schema.minimum, true, false);
    const bool to = is_within(schema.maximum, false, false);
    if ((!from || !to) && schema.minimum && schema.maximum) {
      must_be("from " + show_value(*schema.minimum) + " to", *schema.maximum);
    } else if (!from) {
      must_be("at least", *schema.minimum);
    } else if (!to) {
      must_be("at most", *schema.maximum);
    }
    if (!is_within(schema.exclusive_minimum, true, true)) must_be("more than", *schema.exclusive_minimum);
    if (!is_within(schema.exclusive_maximum, false, true)) must_be("less than", *schema.exclusive_maximum);
  }

  void check_array(const Json& value, const Schema& schema) {
    check_size(value.size(), schema.min_items, schema.max_items, "item");
    if (!schema.items) return;
    for (std::size_t i = 0; i < value.size() && !full(); ++i) check_below(item(i), value[i], *schema.items);
  }

  void check_object(const Json& value, const Schema& schema) {
    for (const std::string& name : schema.required) {
      const auto property = schema.properties.find(name);
      const bool has_default = property != schema.properties.end() && property->second->default_value;
      if (!has_default && !value.contains(name)) tell("the field " + expr::in_quotes(name) + " is missing");
    }
    for (auto i = value.begin(); i != value.end() && !full(); ++i) {
      const auto property = schema.properties.find(i.key());
      if (property != schema.properties.end()) {
        check_below(field(i.key()), i.value(), *property->second);
      } else if (schema.others) {
        check_below(field(i.key()), i.value(), *schema.others);
      } else if (schema.closed) {
        tell_unknown(i.key(), schema);
      }
    }
  }

  void tell_unknown(const std::string& name, const Schema& schema) {
    std::vector<std::string_view> names;
    for (const auto& [known, of] : schema.properties) names.push_back(known);
    const std::string other = instead(name, names);
    tell("there is no field " + expr::in_quotes(name) + (other.empty() ? ": remove it" : other));
  }

  std::string path_;
  std::vector<Problem> problems_;
  std::size_t matched_bytes_ = 0;
};

class Completer {
 public:
  explicit Completer(std::size_t room) : room_(room) {}
  bool fits() const { return fits_; }

  void complete(Json& value, const Schema& schema) {
    if (schema.type == Type::Integer && value.is_number_float()) {
      value = static_cast<std::int64_t>(value.get<double>());
    }
    if (value.is_array() && schema.items) {
      for (Json& each : value) complete(each, *schema.items);
    }
    if (value.is_object()) complete_fields(value, schema);
  }

 private:
  void complete_fields(Json& value, const Schema& schema) {
    for (const auto& [name, property] : schema.properties) {
      if (!fits_) return;
      if (property->default_value && !value.contains(name)) add(value, name, *property->default_value);
    }
    for (auto i = value.begin(); i != value.end(); ++i) {
      const auto property = schema.properties.find(i.key());
      if (property != schema.properties.end()) {
        complete(i.value(), *property->second);
      } else if (schema.others) {
        complete(i.value(), *schema.others);
      }
    }
  }

  void add(Json& value, const std::string& name, const Json& default_value) {
    const std::size_t bytes =
        name.size() + default_value.dump(-1, ' ', false, Json::error_handler_t::replace).size() + sizeof(",\"\":") - 1;
    fits_ = bytes <= room_;
    if (!fits_) return;
    room_ -= bytes;
    value[name] = default_value;
  }

  std::size_t room_;
  bool fits_ = true;
};

}  // namespace

std::vector<Problem> check(const Json& value, const Schema& schema) {
  Checker checker;
  if (expr::is_deeper_than(value, max_value_depth)) {
    checker.tell("is nested more than " + std::to_string(max_value_depth) + " deep: make it flatter");
  } else {
    checker.check(value, schema);
  }
  return std::move(checker).take();
}

std::optional<Json> completed(const Json& value, const Schema& schema, std::size_t most) {
  Json out = value;
  Completer completer(most);
  completer.complete(out, schema);
  if (!completer.fits()) return std::nullopt;
  return out;
}

}  // namespace ork::schema
