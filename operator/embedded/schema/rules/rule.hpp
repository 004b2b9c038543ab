#pragma once

// x-kubernetes-validations: one rule of a schema, and asking all of them.

#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/rules/expression.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

struct Rule {
  std::string rule;
  std::string message;     // empty: made from the rule
  std::string field_path;  // what is added to the path of the node: "tasks"
  ProblemType reason = ProblemType::Invalid;
  bool optional_old_self = false;
  rules::Program program;
  std::optional<rules::Program> message_program;
};

// One element of x-kubernetes-validations of `node`; the error is a sentence.
Result<Rule, std::string> parse_rule(const Json& definition, const SchemaNode& node);

// What the rules of `root` and below say of `object`; rules that name oldSelf are asked where `old`
// (null: a new object) has a value at the same place. A rule that fails on a value that did not change
// is let through.
std::vector<FieldProblem> rule_problems(const SchemaNode& root, const Json& object, const Json* old);

}  // namespace ork::embedded
