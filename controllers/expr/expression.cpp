#include "controllers/expr/expression.hpp"

#include <algorithm>
#include <set>

#include "controllers/expr/parser.hpp"
#include "controllers/expr/program.hpp"
#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

// Finds what an expression mentions. A macro's own names mean its elements while it lasts.
class Finder {
 public:
  explicit Finder(std::vector<Mention>& found) : found_(found) {}

  void look(const Node& node) {
    if (auto mention = mention_of(node)) {
      if (!is_own(mention->variable)) found_.push_back(std::move(*mention));
      // What stands between brackets may mention something as well.
      for (const Node* part = &node; part != nullptr; part = operand_of(*part)) {
        if (const auto* index = std::get_if<Index>(&part->as)) look(*index->index);
      }
      return;
    }
    if (const auto* fold = std::get_if<Fold>(&node.as)) {
      look(*fold->range);
      own_.push_back(fold->first);
      own_.push_back(fold->second);
      if (fold->condition) look(*fold->condition);
      if (fold->result) look(*fold->result);
      own_.resize(own_.size() - 2);
      return;
    }
    if (const auto* bind = std::get_if<Bind>(&node.as)) {
      look(*bind->value);
      own_.push_back(bind->name);
      look(*bind->body);
      own_.pop_back();
      return;
    }
    for (const Node* child : children_of(node)) look(*child);
  }

 private:
  bool is_own(std::string_view name) const { return std::find(own_.begin(), own_.end(), name) != own_.end(); }

  // What a selection or an index is one of; null: the node is none.
  static const Node* operand_of(const Node& node) {
    if (const auto* select = std::get_if<Select>(&node.as)) return select->operand.get();
    if (const auto* has = std::get_if<Has>(&node.as)) return has->operand.get();
    if (const auto* index = std::get_if<Index>(&node.as)) return index->operand.get();
    return nullptr;
  }

  // The name after the point or between brackets; nullopt: it is not named there.
  static std::optional<std::string> name_in(const Node& node) {
    if (const auto* select = std::get_if<Select>(&node.as)) return select->field;
    if (const auto* has = std::get_if<Has>(&node.as)) return has->field;
    const auto* index = std::get_if<Index>(&node.as);
    const auto* literal = index == nullptr ? nullptr : std::get_if<Literal>(&index->index->as);
    const bool named = literal != nullptr && literal->value.is(Kind::String);
    return named ? std::optional(literal->value.as<std::string>()) : std::nullopt;
  }

  // Of variable.member.field and whatever follows; nullopt: there is no variable at its beginning.
  static std::optional<Mention> mention_of(const Node& node) {
    if (const auto* name = std::get_if<Identifier>(&node.as)) return Mention{name->name, {}, {}, node.begin, node.end};
    const Node* operand = operand_of(node);
    auto out = operand == nullptr ? std::nullopt : mention_of(*operand);
    if (!out) return out;
    const Node* below = operand_of(*operand);
    const bool is_member = below == nullptr;
    const bool is_field = !is_member && operand_of(*below) == nullptr && out->member.has_value();
    if (is_member) out->member = name_in(node);
    if (is_field) out->field = name_in(node);
    if (is_member || is_field) out->end = node.end;
    return out;
  }

  std::vector<Mention>& found_;
  std::vector<std::string> own_;
};

References references_of(const std::vector<Mention>& mentions) {
  std::set<std::string> params;
  std::set<std::string> tasks;
  for (const Mention& mention : mentions) {
    if (!mention.member) continue;
    if (mention.variable == "params") params.insert(*mention.member);
    if (mention.variable == "tasks") tasks.insert(*mention.member);
  }
  return {{params.begin(), params.end()}, {tasks.begin(), tasks.end()}};
}

}  // namespace

const References& Expression::references() const { return program_->references; }
const std::vector<Mention>& Expression::mentions() const { return program_->mentions; }
const std::string& Expression::text() const { return program_->text; }
const Node& Expression::root() const { return *program_->root; }

Result<Expression, ParseError> parse(std::string_view text) {
  if (text.size() > max_expression_length) {
    return Err(ParseError{max_expression_length,
                          "the expression is longer than " + std::to_string(max_expression_length) + " bytes"});
  }
  if (!is_utf8(text)) return Err(ParseError{0, "the expression is no UTF-8"});
  auto root = Parser(text).parse();
  if (!root) return Err(std::move(root).error());
  std::vector<Mention> mentions;
  Finder(mentions).look(**root);
  References references = references_of(mentions);
  return Expression(std::make_shared<const Program>(
      Program{std::string(text), std::move(*root), std::move(mentions), std::move(references)}));
}

}  // namespace ork::expr
