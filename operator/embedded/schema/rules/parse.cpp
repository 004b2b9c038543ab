#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "operator/embedded/schema/rules/expression.hpp"
#include "operator/embedded/schema/rules/functions.hpp"
#include "operator/embedded/schema/rules/lexer.hpp"
#include "operator/embedded/schema/rules/limits.hpp"

namespace ork::embedded::rules {
namespace {

using Node = std::shared_ptr<const Expression>;

// Binary operators from the loosest to the tightest; || and && stand before them.
constexpr std::array<std::array<std::string_view, 7>, 3> levels = {{
    {"==", "!=", "<=", ">=", "<", ">", "in"},
    {"+", "-"},
    {"*", "/", "%"},
}};

const std::set<std::string_view>& macros() {
  static const std::set<std::string_view> names = {"all", "exists", "exists_one", "map", "filter"};
  return names;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  Result<Program, std::string> program() {
    Node root = expression(0);
    if (error_.empty() && word_.token != Token::End) unexpected();
    if (!error_.empty()) return Err(error_);
    return Program{root, uses_old_self_};
  }

 private:
  void advance() {
    word_ = lexer_.next();
    if (word_.token == Token::Wrong) fail(word_.text);
  }
  Node fail(const std::string& what) {
    if (error_.empty()) error_ = what + " (at " + std::to_string(word_.at) + ")";
    return nullptr;
  }
  Node unexpected() {
    return fail(word_.token == Token::End ? "the expression ends too early" : "unexpected '" + word_.text + "'");
  }
  bool at_symbol(std::string_view symbol) const { return word_.token == Token::Symbol && word_.text == symbol; }
  bool take(std::string_view symbol) {
    if (!at_symbol(symbol)) return false;
    advance();
    return true;
  }
  bool expect(std::string_view symbol) {
    if (take(symbol)) return true;
    unexpected();
    return false;
  }

  std::shared_ptr<Expression> made(Operation operation, std::vector<Node> args = {}, std::string name = "") {
    auto node = std::make_shared<Expression>();
    for (const Node& arg : args) {
      if (arg != nullptr) node->depth = std::max(node->depth, arg->depth + 1);
    }
    if (node->depth > limits::rule_depth) fail("the expression nests too deeply");
    node->operation = operation;
    node->args = std::move(args);
    node->name = std::move(name);
    return node;
  }
  Node literal(Value value) {
    auto node = made(Operation::Literal);
    node->value = std::move(value);
    return node;
  }

  Node expression(std::size_t depth) {
    if (depth > limits::rule_depth) return fail("the expression nests too deeply");
    Node condition = logical(depth, true);
    if (!error_.empty() || !take("?")) return condition;
    Node yes = logical(depth + 1, true);
    if (!error_.empty() || !expect(":")) return nullptr;
    Node no = expression(depth + 1);
    return error_.empty() ? made(Operation::Conditional, {condition, yes, no}) : nullptr;
  }

  Node logical(std::size_t depth, bool either) {
    std::string_view symbol = either ? "||" : "&&";
    auto operand = [&] { return either ? logical(depth, false) : binary_level(depth, 0); };
    std::vector<Node> operands = {operand()};
    while (error_.empty() && take(symbol)) operands.push_back(operand());
    if (!error_.empty()) return nullptr;
    if (operands.size() == 1) return operands[0];
    return made(either ? Operation::Or : Operation::And, std::move(operands));
  }

  std::string_view operator_at(std::size_t level) const {
    bool named = word_.token == Token::Identifier && word_.text == "in";
    if (word_.token != Token::Symbol && !named) return {};
    for (std::string_view one : levels[level]) {
      if (one == word_.text) return one;
    }
    return {};
  }

  Node binary_level(std::size_t depth, std::size_t level) {
    auto operand = [&] { return level + 1 < levels.size() ? binary_level(depth, level + 1) : unary(depth); };
    Node left = operand();
    while (error_.empty()) {
      std::string_view name = operator_at(level);
      if (name.empty()) return left;
      advance();
      Node right = operand();
      if (!error_.empty()) return nullptr;
      left = made(Operation::Binary, {left, right}, std::string(name));
    }
    return nullptr;
  }

  Node unary(std::size_t depth) {
    if (depth > limits::rule_depth) return fail("the expression nests too deeply");
    if (take("!")) {
      Node inner = unary(depth + 1);
      return inner == nullptr ? nullptr : made(Operation::Not, {inner});
    }
    if (take("-")) {
      // The smallest integer has no positive counterpart: the sign is part of the literal.
      if (word_.token == Token::Int) word_.text.insert(0, "-");
      if (word_.token == Token::Int) return member(depth);
      Node inner = unary(depth + 1);
      return inner == nullptr ? nullptr : made(Operation::Negate, {inner});
    }
    return member(depth);
  }

  Node member(std::size_t depth) {
    Node node = primary(depth);
    while (error_.empty()) {
      if (take("[")) {
        Node index = expression(depth + 1);
        if (!error_.empty() || !expect("]")) return nullptr;
        node = made(Operation::Index, {node, index});
      } else if (take(".")) {
        node = after_dot(node, depth);
      } else {
        return node;
      }
    }
    return nullptr;
  }

  Node after_dot(const Node& target, std::size_t depth) {
    if (word_.token != Token::Identifier) return unexpected();
    std::string name = word_.text;
    advance();
    if (!take("(")) return made(Operation::Select, {target}, name);
    if (macros().contains(name)) return macro(target, name, depth);
    std::vector<Node> args = {target};
    if (!arguments(args, ")", depth)) return nullptr;
    return called(std::move(name), true, std::move(args));
  }

  bool arguments(std::vector<Node>& args, std::string_view close, std::size_t depth) {
    if (take(close)) return true;
    do {
      if (at_symbol(close) && close != ")") break;  // a list may end with a comma
      args.push_back(expression(depth + 1));
      if (!error_.empty()) return false;
    } while (take(","));
    return expect(close);
  }

  Node macro(const Node& target, const std::string& name, std::size_t depth) {
    if (word_.token != Token::Identifier) return fail(name + " needs the name of a variable");
    std::string variable = word_.text;
    advance();
    if (!expect(",")) return nullptr;
    variables_.insert(variable);
    std::vector<Node> args = {target};
    bool complete = arguments(args, ")", depth);
    variables_.erase(variables_.find(variable));
    if (!complete) return nullptr;
    if (args.size() != 2 && !(name == "map" && args.size() == 3)) return fail(name + " has too many arguments");
    auto node = made(Operation::Macro, std::move(args), name);
    node->variable = variable;
    return node;
  }

  Node called(std::string name, bool receiver, std::vector<Node> args) {
    if (!is_function(name, receiver, args.size())) {
      return fail("there is no function " + name + " here with " + std::to_string(args.size()) + " arguments");
    }
    auto node = made(Operation::Call, std::move(args), std::move(name));
    node->receiver = receiver;
    if (node->name != "matches" || node->args[1]->operation != Operation::Literal) return node;
    if (const Text* pattern = node->args[1]->value.get<Text>()) {
      re2::RE2::Options options;
      options.set_log_errors(false);
      node->pattern = std::make_shared<const re2::RE2>(**pattern, options);
      if (!node->pattern->ok()) return fail("pattern '" + **pattern + "': " + node->pattern->error());
    }
    return node;
  }

  Node primary(std::size_t depth) {
    Word word = word_;
    switch (word.token) {
      case Token::Identifier: return identifier(depth);
      case Token::String: advance(); return literal(text(word.text));
      case Token::Int: return number<std::int64_t>(word);
      case Token::Uint: return number<std::uint64_t>(word);
      case Token::Double: advance(); return floating(word);
      case Token::Symbol: break;
      default: return unexpected();
    }
    if (take("(")) {
      Node inner = expression(depth + 1);
      return error_.empty() && expect(")") ? inner : nullptr;
    }
    if (take("[")) {
      std::vector<Node> items;
      return arguments(items, "]", depth) ? made(Operation::ListOf, std::move(items)) : nullptr;
    }
    return take("{") ? map_literal(depth) : unexpected();
  }

  Node map_literal(std::size_t depth) {
    std::vector<Node> args;
    while (error_.empty() && !take("}")) {
      args.push_back(expression(depth + 1));
      if (!error_.empty() || !expect(":")) return nullptr;
      args.push_back(expression(depth + 1));
      if (error_.empty() && !take(",") && !at_symbol("}")) return unexpected();
    }
    return error_.empty() ? made(Operation::MapOf, std::move(args)) : nullptr;
  }

  Node identifier(std::size_t depth) {
    std::string name = word_.text;
    advance();
    if (name == "true" || name == "false") return literal(Value{name == "true"});
    if (name == "null") return literal(Value{Null{}});
    if (take("(")) {
      std::vector<Node> args;
      if (!arguments(args, ")", depth)) return nullptr;
      if (name != "has") return called(std::move(name), false, std::move(args));
      if (args.size() != 1 || args[0]->operation != Operation::Select) return fail("has() takes one field");
      return made(Operation::Present, {args[0]->args[0]}, args[0]->name);
    }
    if (!variables_.contains(name) && name != "self" && name != "oldSelf") {
      return fail("undeclared reference to '" + name + "'");
    }
    uses_old_self_ = uses_old_self_ || (name == "oldSelf" && !variables_.contains(name));
    return made(Operation::Variable, {}, name);
  }

  template <typename T>
  Node number(const Word& word) {
    std::string_view digits = word.text;
    bool negative = digits.starts_with('-');
    int base = digits.substr(negative ? 1 : 0).starts_with("0x") || digits.substr(negative ? 1 : 0).starts_with("0X")
                   ? 16
                   : 10;
    std::string plain(digits);
    if (base == 16) plain.erase(negative ? 1 : 0, 2);
    T value = 0;
    auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value, base);
    if (error != std::errc() || end != plain.data() + plain.size())
      return fail("'" + word.text + "' is no number here");
    advance();
    return literal(Value{value});
  }

  Node floating(const Word& word) {
    double value = 0;
    auto [end, error] = std::from_chars(word.text.data(), word.text.data() + word.text.size(), value);
    bool whole = error == std::errc() && end == word.text.data() + word.text.size();
    return whole ? literal(Value{value}) : fail("'" + word.text + "' is no number here");
  }

  Lexer lexer_;
  Word word_;
  std::multiset<std::string> variables_;
  bool uses_old_self_ = false;
  std::string error_;
};

}  // namespace

Result<Program, std::string> parse(std::string_view text) {
  if (text.size() > limits::rule_length) return Err(std::string("the expression is too long"));
  return Parser(text).program();
}

}  // namespace ork::embedded::rules
