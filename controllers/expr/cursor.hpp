#pragma once

// Reads the tokens that CEL and our subset of it have alike. Private to this folder.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/expr/expression.hpp"

namespace ork::expr {

bool is_identifier_start(char c);
bool is_identifier_part(char c);

// A place in the text. Each take_* skips white space first and moves on only if it finds its token.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  std::size_t position() const { return position_; }
  bool at_end();
  // The next character after white space; '\0' at the end.
  char peek();
  bool take(char c);
  // [A-Za-z_][A-Za-z0-9_]*, or nothing.
  std::string_view take_identifier();
  // Decimal digits, or nothing.
  std::string_view take_digits();
  // What stands here without a space: letters, digits, '_' and '-'. Does not move.
  std::string_view word() const;
  // A string literal between ' or ", escapes resolved. The cursor stands on its quote.
  Result<std::string, ParseError> take_string();

 private:
  void skip_space();
  std::optional<ParseError> take_escape(std::string& out);
  // `count` digits of base 8 or 16 as a character.
  std::optional<ParseError> take_code(std::string& out, std::size_t count, int base);

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace ork::expr
