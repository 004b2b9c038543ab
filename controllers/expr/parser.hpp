#pragma once

// From tokens to a tree. Private to this folder.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/syntax.hpp"
#include "controllers/expr/token.hpp"

namespace ork::expr {

// Recursive descent; binary operators by precedence. A method that returns null has left its reason in error_.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), lexer_(text) {}
  Result<NodePtr, ParseError> parse();

 private:
  struct Arguments {
    std::vector<NodePtr> nodes;
    std::size_t begin = 0;  // of "("
  };

  NodePtr expression();
  NodePtr nested_expression();
  NodePtr logic(bool all);
  NodePtr binary(int least_precedence);
  NodePtr unary();
  NodePtr negative_number();
  NodePtr member();
  NodePtr after_point(NodePtr operand);
  NodePtr after_bracket(NodePtr operand);
  NodePtr primary();
  NodePtr named(std::string name, std::size_t begin);
  NodePtr list();
  NodePtr map();
  std::optional<Arguments> arguments();
  NodePtr method(NodePtr target, std::string name, Arguments arguments);
  // Macros; parser_macros.cpp.
  bool is_macro(std::string_view name, std::size_t count) const;
  NodePtr fold(NodePtr range, std::string_view name, Arguments arguments);
  NodePtr bind(std::size_t begin, Arguments arguments);
  std::optional<std::string> variable_of(const Node& node, std::string_view macro);
  NodePtr has(std::size_t begin, Arguments arguments);

  NodePtr make(AnyNode what, std::size_t begin);
  NodePtr fail(std::size_t position, std::string message);
  NodePtr unexpected(std::string_view wanted);
  void advance();
  bool take(std::string_view sign);
  bool expect(std::string_view sign, std::string_view wanted);

  std::string_view text_;
  Lexer lexer_;
  Token token_;            // what stands next
  std::size_t ended_ = 0;  // byte after what was taken last
  std::size_t nesting_ = 0;
  std::optional<ParseError> error_;
};

}  // namespace ork::expr
