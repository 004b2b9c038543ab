#include "controllers/expr/explain.hpp"

#include <map>

#include "controllers/expr/evaluator.hpp"

namespace ork::expr {
namespace {

struct Heard {
  std::size_t times = 0;
  std::optional<Json> value;
  std::string error;
};

void list_parts(const Node& node, std::size_t level, const std::map<const Node*, Heard>& heard,
                std::vector<Part>& out) {
  if (!std::holds_alternative<Literal>(node.as)) {
    Part part{level, node.begin, node.end, 0, std::nullopt, {}};
    if (const auto found = heard.find(&node); found != heard.end()) {
      part.times = found->second.times;
      part.value = found->second.value;
      part.error = found->second.error;
    }
    out.push_back(std::move(part));
  }
  for (const Node* child : children_of(node)) list_parts(*child, level + 1, heard, out);
}

}  // namespace

Explanation explain(const Expression& expression, const Scope& scope) {
  std::map<const Node*, Heard> heard;
  const auto listen = [&](const Node& node, const Result<Value, EvalError>& answer) {
    Heard& entry = heard[&node];
    ++entry.times;
    entry.value = answer ? std::optional(to_json(*answer)) : std::nullopt;
    entry.error = answer ? std::string() : answer.error().message;
  };
  Explanation out{Evaluator(expression.text(), scope, Budget{}, listen).of(expression.root()), {}};
  list_parts(expression.root(), 0, heard, out.parts);
  return out;
}

}  // namespace ork::expr
