#pragma once

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ork::expr {

struct Character {
  std::uint32_t code = 0;  // where invalid, the byte
  std::size_t bytes = 1;
  bool valid = false;
};

// The first character of `text`, which is not empty.
Character decode(std::string_view text);
bool is_utf8(std::string_view text);
bool is_scalar(std::uint32_t code);  // may stand in a text: no surrogate, not above U+10FFFF
void append_utf8(std::string& out, std::uint32_t code);

// How many characters there are; `text` is UTF-8.
std::size_t count_characters(std::string_view text);
// Where each character begins, and the end of the text last; `text` is UTF-8.
std::vector<std::size_t> character_places(std::string_view text);

}  // namespace ork::expr
