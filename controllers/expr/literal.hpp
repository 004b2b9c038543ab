#pragma once

// Texts and bytes as they are written in an expression: '..', "..", '''..''', with r and b before them.

#include <cstddef>
#include <string>
#include <string_view>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/value.hpp"

namespace ork::expr {

struct TextLiteral {
  Value value;          // a string, or bytes
  std::size_t end = 0;  // byte after its last quote
};

// Whether one begins at `position`: a quote, after r, b or br of either case.
bool begins_text_literal(std::string_view text, std::size_t position);
Result<TextLiteral, ParseError> read_text_literal(std::string_view text, std::size_t position);

}  // namespace ork::expr
