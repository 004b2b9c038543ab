#include "controllers/workflow/params.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/check.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/schema_rules.hpp"

namespace ork::workflow {
namespace {

using api::Json;

// The value of a param, or nullopt with the problem noted.
std::optional<Json> value_of(const CompiledParam& param, const Json& value, const std::string& path,
                             ProblemList& problems) {
  const std::vector<schema::Problem> wrong = schema::check(value, *param.schema);
  if (param.secret && !wrong.empty()) {
    problems.add(path, std::string(not_a_reference));
    return std::nullopt;
  }
  for (const schema::Problem& problem : wrong) problems.add(path + problem.path, problem.message);
  if (!wrong.empty()) return std::nullopt;
  auto whole = schema::completed(value, *param.schema, max_defaults_bytes);
  if (!whole) {
    problems.add(path, "would grow by more than " + std::to_string(max_defaults_bytes) +
                           " bytes, were the defaults of its fields filled in: give fewer items, or smaller defaults");
  }
  return whole;
}

void check_unknown(std::span<const CompiledParam> params, const Json& given, const std::string& path,
                   ProblemList& problems) {
  std::vector<std::string_view> names;
  for (const CompiledParam& param : params) names.push_back(param.name);
  for (auto i = given.begin(); i != given.end() && !problems.full(); ++i) {
    if (std::find(names.begin(), names.end(), i.key()) != names.end()) continue;
    const auto nearest = dag::nearest(i.key(), names);
    problems.add(path, "the workflow has no param " + expr::in_quotes(i.key()) +
                           (nearest.empty() ? ": remove it" : maybe_meant(nearest)));
  }
}

}  // namespace

Result<Json, std::vector<Problem>> resolve_params(std::span<const CompiledParam> params, const Json& given,
                                                  std::string_view path) {
  const std::string where(path);
  ProblemList problems;
  if (!given.is_object() && !given.is_null()) {
    problems.add(where, "must be an object that gives each param's value by its name");
    return Err(std::move(problems).take());
  }
  Json values = Json::object();
  for (const CompiledParam& param : params) {
    const auto found = given.find(param.name);
    const auto& by_default = param.schema->default_value;
    if (found == given.end() && !by_default) {
      problems.add(where, "the param " + expr::in_quotes(param.name) + " is missing, and has no default");
      continue;
    }
    auto value = value_of(param, found != given.end() ? *found : *by_default, where + "." + param.name, problems);
    if (value) values[param.name] = std::move(*value);
  }
  check_unknown(params, given, where, problems);
  if (!problems.empty()) return Err(std::move(problems).take());
  return values;
}

}  // namespace ork::workflow
