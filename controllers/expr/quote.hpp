#pragma once

// How text from outside stands in a message. A name may be anything a user or a program wrote: a
// terminal must not obey it, JSON must be able to hold it, and it must not hide what follows.

#include <cstddef>
#include <string>
#include <string_view>

#include "controllers/expr/limits.hpp"

namespace ork::expr {

// `text`, safe to print: control characters, invisible and direction-changing Unicode and bytes that
// are not UTF-8 are written as escapes (\n, \x1b, \u202e). At most `max_bytes` (of 3 or more) of
// valid UTF-8, "..." at the end of what was cut. What is printable already stays as it is.
std::string printable(std::string_view text, std::size_t max_bytes = max_quoted_name);

// The same of all of it.
std::string printable_whole(std::string_view text);

// The same between double quotes, with a backslash before quotes and backslashes inside. The quotes
// do not count against `max_bytes`.
std::string in_quotes(std::string_view text, std::size_t max_bytes = max_quoted_name);

}  // namespace ork::expr
