#include "controllers/expr/parser.hpp"

#include <algorithm>
#include <array>

#include "controllers/expr/functions.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

struct OperatorSign {
  std::string_view sign;
  BinaryOperator op;
  int precedence;
};

constexpr int relation = 1;
constexpr std::array<OperatorSign, 12> operators{{{"==", BinaryOperator::Equal, relation},
                                                  {"!=", BinaryOperator::NotEqual, relation},
                                                  {"<", BinaryOperator::Less, relation},
                                                  {"<=", BinaryOperator::LessEqual, relation},
                                                  {">", BinaryOperator::Greater, relation},
                                                  {">=", BinaryOperator::GreaterEqual, relation},
                                                  {"in", BinaryOperator::In, relation},
                                                  {"+", BinaryOperator::Add, 2},
                                                  {"-", BinaryOperator::Subtract, 2},
                                                  {"*", BinaryOperator::Multiply, 3},
                                                  {"/", BinaryOperator::Divide, 3},
                                                  {"%", BinaryOperator::Modulo, 3}}};

const OperatorSign* operator_at(const Token& token) {
  const bool may_be = token.kind == TokenKind::Sign || (token.kind == TokenKind::Name && token.text == "in");
  if (!may_be) return nullptr;
  const auto found =
      std::find_if(operators.begin(), operators.end(), [&](const auto& o) { return o.sign == token.text; });
  return found == operators.end() ? nullptr : &*found;
}

// "a.b.c" where the node consists of names only.
std::string dotted(const Node& node) {
  if (const auto* name = std::get_if<Identifier>(&node.as)) return name->name;
  if (const auto* select = std::get_if<Select>(&node.as)) return select->dotted;
  return {};
}

bool is_number_literal(const Token& token) { return token.kind == TokenKind::Value && is_number(token.value); }

}  // namespace

NodePtr Parser::make(AnyNode what, std::size_t begin) {
  auto node = std::make_unique<Node>();
  node->as = std::move(what);
  node->begin = begin;
  node->end = ended_;
  for (const Node* child : children_of(*node)) node->depth = std::max(node->depth, child->depth + 1);
  if (node->depth > max_depth)
    return fail(begin, "the expression has more than " + std::to_string(max_depth) + " levels");
  return node;
}

NodePtr Parser::fail(std::size_t position, std::string message) {
  if (!error_) error_ = ParseError{position, std::move(message)};
  return nullptr;
}

NodePtr Parser::unexpected(std::string_view wanted) {
  if (token_.kind == TokenKind::End)
    return fail(token_.begin, "the expression ends where " + std::string(wanted) + " is missing");
  return fail(token_.begin, in_quotes(token_.text) + " stands where " + std::string(wanted) + " should");
}

void Parser::advance() {
  ended_ = token_.end;
  auto next = lexer_.next();
  if (next) {
    token_ = std::move(*next);
    return;
  }
  if (!error_) error_ = std::move(next).error();
  token_ = Token{};
  token_.begin = token_.end = text_.size();
}

bool Parser::take(std::string_view sign) {
  if (!token_.is(sign)) return false;
  advance();
  return true;
}

bool Parser::expect(std::string_view sign, std::string_view wanted) {
  if (take(sign)) return true;
  unexpected(wanted);
  return false;
}

Result<NodePtr, ParseError> Parser::parse() {
  advance();
  if (token_.kind == TokenKind::End && !error_) fail(0, "the expression is empty");
  NodePtr root = error_ ? nullptr : expression();
  if (root && !error_ && token_.kind != TokenKind::End) unexpected("an operator or the end");
  if (error_) return Err(std::move(*error_));
  return root;
}

// A guard of the recursion: everything that nests goes through here.
NodePtr Parser::nested_expression() {
  if (++nesting_ > max_depth) {
    return fail(token_.begin, "the expression has more than " + std::to_string(max_depth) + " levels");
  }
  NodePtr out = expression();
  --nesting_;
  return out;
}

NodePtr Parser::expression() {
  const std::size_t begin = token_.begin;
  NodePtr condition = logic(false);
  if (!condition || !take("?")) return condition;
  NodePtr yes = logic(false);
  if (!yes || !expect(":", "\":\" of a conditional")) return nullptr;
  NodePtr no = nested_expression();
  if (!no) return nullptr;
  return make(Conditional{std::move(condition), std::move(yes), std::move(no)}, begin);
}

NodePtr Parser::logic(bool all) {
  const std::size_t begin = token_.begin;
  const auto term = [&] { return all ? binary(relation) : logic(true); };
  NodePtr first = term();
  if (!first) return nullptr;
  Logic out{all, {}};
  out.terms.push_back(std::move(first));
  while (take(all ? "&&" : "||")) {
    NodePtr next = term();
    if (!next) return nullptr;
    out.terms.push_back(std::move(next));
  }
  if (out.terms.size() == 1) return std::move(out.terms.front());
  return make(std::move(out), begin);
}

NodePtr Parser::binary(int least_precedence) {
  const std::size_t begin = token_.begin;
  NodePtr left = unary();
  while (left) {
    const OperatorSign* op = operator_at(token_);
    if (op == nullptr || op->precedence < least_precedence) return left;
    advance();
    NodePtr right = binary(op->precedence + 1);
    if (!right) return nullptr;
    left = make(Binary{op->op, std::move(left), std::move(right)}, begin);
  }
  return nullptr;
}

NodePtr Parser::unary() {
  const std::size_t begin = token_.begin;
  const bool minus = token_.is("-");
  const std::string_view sign = minus ? "-" : "!";
  std::size_t count = 0;
  while (token_.is(sign)) {
    advance();
    ++count;
    // A minus before a number is part of it: -9223372036854775808 could not be written otherwise.
    if (minus && is_number_literal(token_)) {
      token_.begin = ended_ - 1;
      NodePtr number = negative_number();
      if (!number) return nullptr;
      --count;
      NodePtr operand = std::move(number);
      for (; operand && count > 0; --count) operand = make(Unary{UnaryOperator::Negate, std::move(operand)}, begin);
      return operand;
    }
  }
  NodePtr operand = member();
  for (; operand && count > 0; --count) {
    operand = make(Unary{minus ? UnaryOperator::Negate : UnaryOperator::Not, std::move(operand)}, begin);
  }
  return operand;
}

NodePtr Parser::negative_number() {
  if (token_.value.is(Kind::Double)) {
    token_.value = of_double(-token_.value.as<double>());
  } else if (token_.value.is(Kind::Int)) {
    token_.value = of_int(-token_.value.as<std::int64_t>());
  } else if (token_.too_large && token_.value.as<std::uint64_t>() == std::uint64_t{1} << 63) {
    token_.value = of_int(std::numeric_limits<std::int64_t>::min());
    token_.too_large = false;
  } else if (!token_.too_large) {
    return fail(token_.begin, "a uint can't be negative");
  }
  return member();
}

NodePtr Parser::member() {
  NodePtr out = primary();
  while (out) {
    if (take(".")) {
      out = after_point(std::move(out));
    } else if (take("[")) {
      out = after_bracket(std::move(out));
    } else {
      return out;
    }
  }
  return nullptr;
}

NodePtr Parser::after_point(NodePtr operand) {
  const std::size_t begin = operand->begin;
  const bool optional = take("?");
  const bool quoted = token_.kind == TokenKind::QuotedName;
  if (!quoted && (token_.kind != TokenKind::Name || token_.text == "in")) {
    if (token_.kind == TokenKind::Value && token_.begin == ended_) {
      return fail(token_.begin,
                  in_quotes(token_.text) + " is no name of a field: write [\"" + std::string(token_.text) + "\"]");
    }
    return unexpected("the name of a field");
  }
  std::string name(token_.text);
  advance();
  if (!optional && !quoted && token_.is("(")) {
    auto given = arguments();
    if (!given) return nullptr;
    return method(std::move(operand), std::move(name), std::move(*given));
  }
  std::string path = optional || quoted ? std::string() : dotted(*operand);
  if (!path.empty()) path += "." + name;
  return make(Select{std::move(operand), std::move(name), optional, std::move(path)}, begin);
}

NodePtr Parser::after_bracket(NodePtr operand) {
  const std::size_t begin = operand->begin;
  const bool optional = take("?");
  NodePtr index = nested_expression();
  if (!index || !expect("]", "\"]\"")) return nullptr;
  return make(Index{std::move(operand), std::move(index), optional}, begin);
}

NodePtr Parser::primary() {
  const std::size_t begin = token_.begin;
  if (token_.kind == TokenKind::Value) {
    if (token_.too_large)
      return fail(begin, "the number " + printable(token_.text) + " is too large: at most 9223372036854775807");
    Value value = std::move(token_.value);
    advance();
    return make(Literal{std::move(value)}, begin);
  }
  if (take("(")) {
    NodePtr inner = nested_expression();
    if (!inner || !expect(")", "\")\"")) return nullptr;
    return inner;
  }
  if (token_.is("[")) return list();
  if (token_.is("{")) return map();
  const bool absolute = take(".");
  if (token_.kind != TokenKind::Name) return unexpected(absolute ? "a name" : "a value");
  std::string name(token_.text);
  if (is_reserved(name)) return fail(token_.begin, in_quotes(name) + " is a reserved word: it can't be a name");
  advance();
  return named(std::move(name), begin);
}

NodePtr Parser::named(std::string name, std::size_t begin) {
  if (!token_.is("(")) return make(Identifier{std::move(name)}, begin);
  auto given = arguments();
  if (!given) return nullptr;
  if (name == "has") return has(begin, std::move(*given));
  return make(Call{std::move(name), nullptr, std::move(given->nodes)}, begin);
}

NodePtr Parser::method(NodePtr target, std::string name, Arguments arguments) {
  const std::size_t begin = target->begin;
  const std::string space = dotted(*target);
  if (space == "cel" && name == "bind") return bind(begin, std::move(arguments));
  if (!space.empty() && is_function_space(space)) {
    return make(Call{space + "." + name, nullptr, std::move(arguments.nodes)}, begin);
  }
  if (is_macro(name, arguments.nodes.size())) return fold(std::move(target), name, std::move(arguments));
  return make(Call{std::move(name), std::move(target), std::move(arguments.nodes)}, begin);
}

std::optional<Parser::Arguments> Parser::arguments() {
  Arguments out;
  out.begin = token_.begin;
  advance();
  while (!token_.is(")")) {
    NodePtr argument = nested_expression();
    if (!argument) return std::nullopt;
    out.nodes.push_back(std::move(argument));
    if (!take(",") && !token_.is(")")) return unexpected("\",\" or \")\""), std::nullopt;
  }
  advance();
  return out;
}

NodePtr Parser::list() {
  const std::size_t begin = token_.begin;
  advance();
  MakeList out;
  while (!token_.is("]")) {
    MakeList::Item item;
    item.optional = take("?");
    item.value = nested_expression();
    if (!item.value) return nullptr;
    out.items.push_back(std::move(item));
    if (!take(",") && !token_.is("]")) return unexpected("\",\" or \"]\"");
  }
  advance();
  return make(std::move(out), begin);
}

NodePtr Parser::map() {
  const std::size_t begin = token_.begin;
  advance();
  if (token_.is("{")) return fail(begin, "an expression stands by itself, not between {{ and }}: remove the braces");
  MakeMap out;
  while (!token_.is("}")) {
    MakeMap::Entry entry;
    entry.optional = take("?");
    entry.key = nested_expression();
    if (!entry.key || !expect(":", "\":\" between a key and its value")) return nullptr;
    entry.value = nested_expression();
    if (!entry.value) return nullptr;
    out.entries.push_back(std::move(entry));
    if (!take(",") && !token_.is("}")) return unexpected("\",\" or \"}\"");
  }
  advance();
  return make(std::move(out), begin);
}

}  // namespace ork::expr
