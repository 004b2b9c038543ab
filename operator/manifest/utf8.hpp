#pragma once

// UTF-8 by the byte, as far as positions and the YAML writer need it.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ork::manifest {

// The bytes of the character that `text` begins with; 0 where it begins with none (Unicode's table of
// well-formed sequences: no overlong form, no surrogate, nothing above U+10FFFF).
std::size_t utf8_sequence(std::string_view text);

// The character of a well-formed sequence of that length.
std::uint32_t utf8_character(std::string_view sequence);

// How many characters; of well-formed text.
std::size_t utf8_length(std::string_view text);

}  // namespace ork::manifest
