#pragma once

// Values as Go's fmt prints them, for messages; texts and JSON are schema/go_text.hpp's. A value that
// nests deeper than limits::value_depth is cut there ("...").

#include <string>
#include <string_view>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded::go_values {

std::string plain(const Json& value);      // %v: map[a:1 b:[x]], <nil>
std::string syntax(const Json& value);     // %#v: map[string]interface {}{"a":1}
std::string_view type(const Json& value);  // %T: int64, map[string]interface {}

}  // namespace ork::embedded::go_values
