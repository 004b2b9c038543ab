#include "controllers/expr/syntax.hpp"

#include <array>

namespace ork::expr {
namespace {

struct Collector {
  std::vector<const Node*>& out;

  void add(const NodePtr& node) {
    if (node) out.push_back(node.get());
  }
  void operator()(const Literal&) {}
  void operator()(const Identifier&) {}
  void operator()(const Select& n) { add(n.operand); }
  void operator()(const Has& n) { add(n.operand); }
  void operator()(const Index& n) { add(n.operand), add(n.index); }
  void operator()(const Unary& n) { add(n.operand); }
  void operator()(const Binary& n) { add(n.left), add(n.right); }
  void operator()(const Logic& n) {
    for (const NodePtr& term : n.terms) add(term);
  }
  void operator()(const Conditional& n) { add(n.condition), add(n.yes), add(n.no); }
  void operator()(const Call& n) {
    add(n.target);
    for (const NodePtr& argument : n.arguments) add(argument);
  }
  void operator()(const MakeList& n) {
    for (const auto& item : n.items) add(item.value);
  }
  void operator()(const MakeMap& n) {
    for (const auto& entry : n.entries) add(entry.key), add(entry.value);
  }
  void operator()(const Fold& n) { add(n.range), add(n.condition), add(n.result); }
  void operator()(const Bind& n) { add(n.value), add(n.body); }
};

}  // namespace

std::vector<const Node*> children_of(const Node& node) {
  std::vector<const Node*> out;
  std::visit(Collector{out}, node.as);
  return out;
}

std::string_view name_of(Macro macro) {
  constexpr std::array<std::string_view, 11> names{"all",    "exists",        "exists_one",   "map",
                                                   "filter", "transformList", "transformMap", "transformMapEntry",
                                                   "sortBy", "optMap",        "optFlatMap"};
  return names[static_cast<std::size_t>(macro)];
}

std::string_view sign_of(BinaryOperator op) {
  constexpr std::array<std::string_view, 12> signs{"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"};
  return signs[static_cast<std::size_t>(op)];
}

}  // namespace ork::expr
