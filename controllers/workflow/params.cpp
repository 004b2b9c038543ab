#include "controllers/workflow/params.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/depth.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

using api::Json;

// Whole numbers up to here are exact in a double; above, 3.0 may have been another number once.
constexpr double exact = 9007199254740992.0;  // 2^53

bool is_whole(const Json& value) {
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  const auto number = value.get<double>();
  return std::abs(number) <= exact && std::trunc(number) == number;
}

// `"a", "b" and 3 more`, cut where the values are long.
std::string shown(const std::vector<Json>& values) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most); ++i) {
    if (i > 0) text += ", ";
    text += schema::show_value(values[i]);
  }
  if (values.size() > most) text += " and " + std::to_string(values.size() - most) + " more";
  return text;
}

// The value of a param that is given, or nullopt with the problem noted.
std::optional<Json> check_given(const api::Param& param, const Json& value, const std::string& path,
                                ProblemList& problems) {
  if (expr::is_deeper_than(value, max_json_depth)) {
    problems.add(path, "is nested more than " + std::to_string(max_json_depth) + " deep: make it flatter");
  } else if (!is_of_type(value, param.type)) {
    problems.add(path, schema::type_mismatch(value, param.type));
  } else if (!is_allowed(value, param)) {
    problems.add(path, not_allowed(value, param));
  } else {
    return typed(value, param.type);
  }
  return std::nullopt;
}

void check_unknown(std::span<const api::Param> params, const Json& given, const std::string& path,
                   ProblemList& problems) {
  std::vector<std::string_view> names;
  for (const api::Param& param : params) names.push_back(param.name);
  for (auto i = given.begin(); i != given.end() && !problems.full(); ++i) {
    if (std::find(names.begin(), names.end(), i.key()) != names.end()) continue;
    const auto nearest = dag::nearest(i.key(), names);
    problems.add(path, "the workflow has no param " + expr::in_quotes(i.key()) +
                           (nearest.empty() ? ": remove it" : maybe_meant(nearest)));
  }
}

}  // namespace

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return false;
}

Json typed(const Json& value, std::string_view type) {
  if (type == "integer" && value.is_number_float()) return static_cast<std::int64_t>(value.get<double>());
  return value;
}

bool is_allowed(const Json& value, const api::Param& param) {
  return param.one_of.empty() || std::find(param.one_of.begin(), param.one_of.end(), value) != param.one_of.end();
}

std::string not_allowed(const Json& value, const api::Param& param) {
  return "is " + schema::show_value(value) + ", but must be one of: " + shown(param.one_of);
}

Result<Json, std::vector<Problem>> resolve_params(std::span<const api::Param> params, const Json& given,
                                                  std::string_view path) {
  const std::string where(path);
  ProblemList problems;
  if (!given.is_object() && !given.is_null()) {
    problems.add(where, "must be an object that gives each param's value by its name");
    return Err(std::move(problems).take());
  }
  Json values = Json::object();
  for (const api::Param& param : params) {
    const auto found = given.find(param.name);
    if (found != given.end()) {
      if (auto value = check_given(param, *found, where + "." + param.name, problems)) {
        values[param.name] = std::move(*value);
      }
    } else if (param.default_value) {
      values[param.name] = typed(*param.default_value, param.type);
    } else {
      problems.add(where, "the param " + expr::in_quotes(param.name) + " is missing, and has no default");
    }
  }
  check_unknown(params, given, where, problems);
  if (!problems.empty()) return Err(std::move(problems).take());
  return values;
}

}  // namespace ork::workflow
