#include "controllers/workflow/param_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"
#include "controllers/workflow/params.hpp"

namespace ork::workflow {
namespace {

constexpr std::array<std::string_view, 6> types{"string", "integer", "number", "boolean", "array", "object"};

// Default and enum, which mean nothing until the type is known.
void check_values(const api::Param& param, const std::string& path, ProblemList& problems) {
  for (std::size_t i = 0; i < param.one_of.size(); ++i) {
    if (is_of_type(param.one_of[i], param.type)) continue;
    problems.add(item(path + ".enum", i), schema::type_mismatch(param.one_of[i], param.type));
  }
  if (!param.default_value) return;
  if (!is_of_type(*param.default_value, param.type)) {
    problems.add(path + ".default", schema::type_mismatch(*param.default_value, param.type));
  } else if (!is_allowed(*param.default_value, param)) {
    problems.add(path + ".default", not_allowed(*param.default_value, param));
  }
}

}  // namespace

void check_params(std::span<const api::Param> params, std::string_view path, ProblemList& problems) {
  std::map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < params.size() && !problems.full(); ++i) {
    const api::Param& param = params[i];
    const std::string here = item(path, i);
    if (!param.name.empty() && !is_identifier(param.name)) {
      problems.add(here + ".name", expr::in_quotes(param.name) +
                                       " must be at most 63 letters, digits and '_', and not begin with a digit");
    }
    const auto [found, added] = first.emplace(param.name, i);
    if (!added && !param.name.empty()) {
      problems.add(here + ".name", expr::in_quotes(param.name) + " is the name of " + item(path, found->second) +
                                       " already: rename one of them");
    }
    if (param.description.size() > max_param_description) {
      problems.add(here + ".description", "may have at most " + std::to_string(max_param_description) + " bytes");
    }
    if (std::find(types.begin(), types.end(), param.type) == types.end()) {
      problems.add(here + ".type", "there is no type " + expr::in_quotes(param.type) +
                                       ": it must be string, integer, number, boolean, array or object");
    } else {
      check_values(param, here, problems);
    }
  }
}

}  // namespace ork::workflow
