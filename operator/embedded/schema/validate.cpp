#include <algorithm>
#include <iterator>

#include "operator/embedded/schema/correlate.hpp"
#include "operator/embedded/schema/list_types.hpp"
#include "operator/embedded/schema/problems.hpp"
#include "operator/embedded/schema/rules/rule.hpp"
#include "operator/embedded/schema/schema_node.hpp"
#include "operator/embedded/schema/structure.hpp"

namespace ork::embedded {
namespace {

void append(std::vector<FieldProblem>& to, std::vector<FieldProblem> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

// A value of the wrong shape would only confuse the rules.
bool blocks_rules(const FieldProblem& problem) {
  switch (problem.type) {
    case ProblemType::NotSupported:
    case ProblemType::Required:
    case ProblemType::TooLong:
    case ProblemType::TooMany:
    case ProblemType::TypeInvalid: return true;
    default: return false;
  }
}

std::vector<FieldProblem> structure_of(const SchemaNode& root, const Json& object, const Json* old, Part part) {
  if (part == Part::Whole) return structure_problems(root, object, old, "");
  const SchemaNode* node = root.property("status");
  const Json* status = former_field(&object, "status");
  if (node == nullptr || status == nullptr) return {};
  return structure_problems(*node, *status, former_field(old, "status"), "status");
}

}  // namespace

std::vector<FieldProblem> Schema::validate(const Json& object, const Json* old, Part part,
                                           std::vector<FieldProblem> before) const {
  std::vector<FieldProblem> problems = std::move(before);
  append(problems, structure_of(*root_, object, old, part));
  // Duplicates that were there before are let through.
  std::vector<FieldProblem> doubled = list_type_problems(*root_, object);
  const bool were_there = !doubled.empty() && old != nullptr && !list_type_problems(*root_, *old).empty();
  if (!were_there) append(problems, std::move(doubled));
  if (!root_->rules_below) return problems;
  if (std::any_of(problems.begin(), problems.end(), blocks_rules)) {
    problems.push_back(problems::invalid("<nil>", Json(),
                                         "some validation rules were not checked because the object was invalid; "
                                         "correct the existing errors to complete "
                                         "validation"));
    return problems;
  }
  append(problems, rule_problems(*root_, object, old));
  return problems;
}

}  // namespace ork::embedded
