#pragma once

// The tokens of an expression. Private to this folder.

#include <cstddef>
#include <string>
#include <string_view>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/value.hpp"

namespace ork::expr {

enum class TokenKind {
  End,
  Name,        // an identifier, a reserved word among them; `text` is it
  QuotedName,  // `of-any-kind`: only after a point; `text` is what stands between the quotes
  Value,       // a number, a text, bytes; true, false and null too
  Sign,        // one of + - * / % == != < <= > >= && || ! ? : . , ( ) [ ] { }
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string_view text;  // of the expression, as written
  std::size_t begin = 0;
  std::size_t end = 0;
  Value value;  // of a Value; an int literal of 2^63 is a uint here, which only a minus before it makes right
  bool too_large = false;

  bool is(std::string_view sign) const { return kind == TokenKind::Sign && text == sign; }
};

// Makes tokens one by one; white space and // comments are skipped.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Result<Token, ParseError> next();

 private:
  void skip_space();
  Token make(TokenKind kind, std::size_t end);
  Result<Token, ParseError> name();
  Result<Token, ParseError> quoted_name();
  Result<Token, ParseError> number();
  Result<Token, ParseError> whole_number(std::size_t end, bool hexadecimal);
  Result<Token, ParseError> literal();
  Result<Token, ParseError> sign();

  std::string_view text_;
  std::size_t position_ = 0;
};

// Names that can't be used, so that they may mean something one day: `for`, `if`, ...
bool is_reserved(std::string_view name);

}  // namespace ork::expr
