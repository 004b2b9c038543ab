#pragma once

// How text from outside stands in a message. A name may be anything a user or a program wrote: a
// terminal must not obey it, JSON must be able to hold it, and it must not hide what follows.

#include <cstddef>
#include <string>
#include <string_view>

#include "controllers/expr/limits.hpp"

namespace ork::expr {

// `text` without quotes, safe to print: control characters, invisible and direction-changing
// Unicode and bytes that are not UTF-8 are written as escapes (\n, \x1b, \u202e); quotes and
// backslashes get a backslash. At most `max_bytes` of output, "..." at the end of what was cut.
std::string printable(std::string_view text, std::size_t max_bytes = max_quoted_name);

// The same, between double quotes.
std::string quoted(std::string_view text, std::size_t max_bytes = max_quoted_name);

}  // namespace ork::expr
