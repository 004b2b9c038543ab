#include "operator/embedded/schema/rules/functions.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>

#include "operator/embedded/schema/go_duration.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/rules/limits.hpp"

namespace ork::embedded::rules {
namespace {

struct Function {
  std::string_view name;
  bool receiver;
  std::size_t args;
};

constexpr std::array<Function, 15> functions = {{
    {"size", false, 1},
    {"size", true, 1},
    {"matches", true, 2},
    {"matches", false, 2},
    {"startsWith", true, 2},
    {"endsWith", true, 2},
    {"contains", true, 2},
    {"duration", false, 1},
    {"string", false, 1},
    {"int", false, 1},
    {"double", false, 1},
    {"dyn", false, 1},
    {"hasValue", true, 1},
    {"value", true, 1},
    {"orValue", true, 2},
}};

void add_size(std::int64_t& cost, std::size_t bytes) { cost += static_cast<std::int64_t>(bytes / 10); }

Value matches(const Expression& expression, const std::string& subject, const std::string& pattern) {
  if (expression.pattern != nullptr) return Value{re2::RE2::PartialMatch(subject, *expression.pattern)};
  re2::RE2::Options options;
  options.set_log_errors(false);
  re2::RE2 compiled(pattern, options);
  if (!compiled.ok()) return failure("error parsing regexp: " + compiled.error());
  return Value{re2::RE2::PartialMatch(subject, compiled)};
}

Value conversion_error(std::string_view from, std::string_view to) {
  return failure("type conversion error from '" + std::string(from) + "' to '" + std::string(to) + "'");
}

Value to_duration(const Value& value) {
  if (value.is<Duration>()) return value;
  const Text* one = value.get<Text>();
  if (one == nullptr) return no_overload();
  auto ns = parse_go_duration(**one);
  return ns ? Value{Duration{*ns}} : conversion_error("string", "google.protobuf.Duration");
}

Value to_int(const Value& value) {
  if (value.is<std::int64_t>()) return value;
  if (const auto* one = value.get<std::uint64_t>()) {
    return *one <= std::numeric_limits<std::int64_t>::max() ? Value{static_cast<std::int64_t>(*one)}
                                                            : failure("integer overflow");
  }
  if (const double* one = value.get<double>()) {
    constexpr double bound = 9223372036854775808.0;  // 2^63
    return *one > -bound && *one < bound ? Value{static_cast<std::int64_t>(*one)} : failure("integer overflow");
  }
  const Text* one = value.get<Text>();
  if (one == nullptr) return no_overload();
  std::int64_t number = 0;
  const char *begin = (*one)->data(), *end = begin + (*one)->size();
  if ((*one)->starts_with('+') && (*one)->size() > 1 && (*one)->at(1) != '-') ++begin;
  auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc() && stop == end && begin != end ? Value{number} : conversion_error("string", "int");
}

Value to_double(const Value& value) {
  if (value.is<double>()) return value;
  if (const auto* one = value.get<std::int64_t>()) return Value{static_cast<double>(*one)};
  if (const auto* one = value.get<std::uint64_t>()) return Value{static_cast<double>(*one)};
  const Text* one = value.get<Text>();
  if (one == nullptr) return no_overload();
  double number = 0;
  const char *begin = (*one)->data(), *end = begin + (*one)->size();
  auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc() && stop == end && begin != end ? Value{number} : conversion_error("string", "double");
}

// A duration prints as Go's protobuf does: seconds, with a fraction where there is one.
std::string duration_text(std::int64_t ns) {
  std::string text = ns < 0 ? "-" : "";
  std::uint64_t size = ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  text += std::to_string(size / 1'000'000'000);
  std::string fraction = std::to_string(size % 1'000'000'000);
  fraction.insert(0, 9 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return text + (fraction.empty() ? "" : "." + fraction) + "s";
}

Value to_string(const Value& value) {
  if (value.is<Text>()) return value;
  if (const Duration* one = value.get<Duration>()) return text(duration_text(one->ns));
  bool scalar = value.is<bool>() || value.is<std::int64_t>() || value.is<std::uint64_t>() || value.is<double>();
  return scalar ? text(printed(value)) : no_overload();
}

Value optional_call(const Expression& expression, const std::vector<Value>& args) {
  const Optional* optional = args[0].get<Optional>();
  if (optional == nullptr) return no_overload();
  bool has = optional->value != nullptr;
  if (expression.name == "hasValue") return Value{has};
  if (has) return *optional->value;
  return expression.name == "orValue" ? args[1] : failure("optional.none() dereference");
}

Value text_call(const Expression& expression, const std::vector<Value>& args, std::int64_t& cost) {
  const Text *subject = args[0].get<Text>(), *other = args[1].get<Text>();
  if (subject == nullptr || other == nullptr) return no_overload();
  const std::string &a = **subject, &b = **other;
  add_size(cost, a.size() + b.size());
  if (expression.name == "startsWith") return Value{a.starts_with(b)};
  if (expression.name == "endsWith") return Value{a.ends_with(b)};
  if (expression.name == "contains") return Value{a.find(b) != std::string::npos};
  return matches(expression, a, b);
}

std::optional<std::int64_t> whole(const std::string& name, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  bool overflow = name == "+"   ? __builtin_add_overflow(a, b, &out)
                  : name == "-" ? __builtin_sub_overflow(a, b, &out)
                                : __builtin_mul_overflow(a, b, &out);
  return overflow ? std::nullopt : std::optional(out);
}

Value divided(const std::string& name, std::int64_t a, std::int64_t b) {
  if (b == 0) return failure(name == "/" ? "division by zero" : "modulus by zero");
  if (b == -1 && a == std::numeric_limits<std::int64_t>::min()) return failure("integer overflow");
  return Value{name == "/" ? a / b : a % b};
}

Value unsigned_result(const std::string& name, std::uint64_t a, std::uint64_t b) {
  std::uint64_t out = 0;
  if (name == "/" || name == "%") {
    if (b == 0) return failure(name == "/" ? "division by zero" : "modulus by zero");
    return Value{name == "/" ? a / b : a % b};
  }
  bool overflow = name == "+"   ? __builtin_add_overflow(a, b, &out)
                  : name == "-" ? __builtin_sub_overflow(a, b, &out)
                                : __builtin_mul_overflow(a, b, &out);
  return overflow ? failure("unsigned integer overflow") : Value{out};
}

Value double_result(const std::string& name, double a, double b) {
  if (name == "+") return Value{a + b};
  if (name == "-") return Value{a - b};
  if (name == "*") return Value{a * b};
  return name == "/" ? Value{a / b} : no_overload();
}

Value sum_of_lists(const Value& a, const Value& b, std::int64_t& cost) {
  auto items = elements_of(a), more = elements_of(b);
  cost += static_cast<std::int64_t>(items->size() + more->size());
  if (cost > limits::rule_cost) return failure("operation cancelled: actual cost limit exceeded");
  items->insert(items->end(), more->begin(), more->end());
  return Value{std::make_shared<const List>(std::move(*items))};
}

Value arithmetic(const std::string& name, const Value& a, const Value& b, std::int64_t& cost) {
  if (const auto *x = a.get<std::int64_t>(), *y = b.get<std::int64_t>(); x != nullptr && y != nullptr) {
    if (name == "/" || name == "%") return divided(name, *x, *y);
    auto out = whole(name, *x, *y);
    return out ? Value{*out} : failure("integer overflow");
  }
  if (const auto *x = a.get<std::uint64_t>(), *y = b.get<std::uint64_t>(); x != nullptr && y != nullptr) {
    return unsigned_result(name, *x, *y);
  }
  if (const auto *x = a.get<double>(), *y = b.get<double>(); x != nullptr && y != nullptr) {
    return double_result(name, *x, *y);
  }
  if (const auto *x = a.get<Duration>(), *y = b.get<Duration>(); x != nullptr && y != nullptr) {
    if (name != "+" && name != "-") return no_overload();
    auto out = whole(name, x->ns, y->ns);
    return out ? Value{Duration{*out}} : failure("duration overflow");
  }
  if (name != "+") return no_overload();
  if (const auto *x = a.get<Text>(), *y = b.get<Text>(); x != nullptr && y != nullptr) {
    add_size(cost, (*x)->size() + (*y)->size());
    if (cost > limits::rule_cost) return failure("operation cancelled: actual cost limit exceeded");
    return text(**x + **y);
  }
  return is_list(a) && is_list(b) ? sum_of_lists(a, b, cost) : no_overload();
}

Value contained(const Value& wanted, const Value& in, std::int64_t& cost) {
  if (is_map(in)) {
    auto found = field_of(in, wanted);
    return Value{found.has_value()};
  }
  if (!is_list(in)) return no_overload();
  auto items = elements_of(in);
  return Value{std::any_of(items->begin(), items->end(),
                           [&](const Value& item) { return equal(item, wanted, cost, limits::rule_cost); })};
}

}  // namespace

bool is_function(const std::string& name, bool receiver, std::size_t args) {
  return std::any_of(functions.begin(), functions.end(), [&](const Function& one) {
    return one.name == name && one.receiver == receiver && one.args == args;
  });
}

Value call(const Expression& expression, const std::vector<Value>& args, std::int64_t& cost) {
  const std::string& name = expression.name;
  if (name == "size") {
    if (const Text* one = args[0].get<Text>()) add_size(cost, (*one)->size());
    auto size = size_of(args[0]);
    return size ? Value{*size} : no_overload();
  }
  if (name == "duration") return to_duration(args[0]);
  if (name == "string") return to_string(args[0]);
  if (name == "int") return to_int(args[0]);
  if (name == "double") return to_double(args[0]);
  if (name == "dyn") return args[0];
  if (name == "hasValue" || name == "value" || name == "orValue") return optional_call(expression, args);
  return text_call(expression, args, cost);
}

Value binary(const std::string& name, const Value& a, const Value& b, std::int64_t& cost) {
  if (name == "==") return Value{equal(a, b, cost, limits::rule_cost)};
  if (name == "!=") return Value{!equal(a, b, cost, limits::rule_cost)};
  if (name == "in") return contained(a, b, cost);
  if (name[0] != '<' && name[0] != '>') return arithmetic(name, a, b, cost);
  auto order = order_of(a, b);
  if (!order) return no_overload();
  if (name == "<") return Value{*order < 0};
  if (name == "<=") return Value{*order <= 0};
  return Value{name == ">" ? *order > 0 : *order >= 0};
}

Value negated(const Value& value) {
  if (const auto* one = value.get<std::int64_t>()) {
    return *one == std::numeric_limits<std::int64_t>::min() ? failure("integer overflow") : Value{-*one};
  }
  if (const double* one = value.get<double>()) return Value{-*one};
  if (const Duration* one = value.get<Duration>()) {
    return one->ns == std::numeric_limits<std::int64_t>::min() ? failure("duration overflow")
                                                               : Value{Duration{-one->ns}};
  }
  return no_overload();
}

}  // namespace ork::embedded::rules
