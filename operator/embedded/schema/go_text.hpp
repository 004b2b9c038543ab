#pragma once

// Values as Go prints them: the texts of Kubernetes' answers are made by Go's fmt, strconv and
// encoding/json, and a client that compares messages sees the difference.

#include <string>
#include <string_view>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded::go_text {

// strconv.Quote, as %q prints it.
std::string quoted(std::string_view text);
// %v of a float64: the shortest digits that give the same value.
std::string number(double value);
// json.Marshal: keys sorted, '<', '>' and '&' escaped, whole floats without a fraction.
std::string json(const Json& value);
// Text as Go's JSON has it: every byte that is not part of UTF-8 is U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace ork::embedded::go_text
