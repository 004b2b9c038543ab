#pragma once

// How a string stands in YAML: plain, in quotes or as a block. Rules and look are libyaml's, as
// yaml.v2 has them.

#include <cstddef>
#include <string>
#include <string_view>

namespace ork::manifest {

enum class ScalarStyle { Plain, SingleQuoted, DoubleQuoted, Literal };

// `key`: the text is the name of a field on a line of its own with its value, so it is no block.
ScalarStyle style_of(std::string_view text, bool key);

// Appends `text` to `out`, whose last line it goes on; lines that it begins are indented by `indent`.
// A text that is no UTF-8 has its wrong bytes replaced.
void append_scalar(std::string& out, std::string_view text, ScalarStyle style, std::size_t indent, bool key);

}  // namespace ork::manifest
