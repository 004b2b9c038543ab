#pragma once

// What a YAML scalar is in JSON, as Kubernetes reads it. That is YAML 1.1 as Go's yaml.v2 (inside
// sigs.k8s.io/yaml) has it: `yes` and `on` are true, 017 and 0o17 are 15, 1_000 is 1000, a date is a
// string. Numbers then become what Kubernetes' JSON makes of them: 1.0 is the integer 1, and what no
// 64-bit integer can hold is a floating-point number.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"

namespace ork::manifest {

using Json = nlohmann::json;

// The value of a scalar. `tag` as yaml-cpp has it: "?" for a plain one without a tag, "!" for one in
// quotes or a block, else the tag. Tags other than !!str, !!int, !!float, !!bool and !!null make it a
// string. The error says what is wrong with the scalar.
Result<Json, std::string> scalar_value(std::string_view tag, std::string_view text);

// The same where it is the name of a field: numbers and booleans become their text, null is refused.
Result<std::string, std::string> scalar_key(std::string_view tag, std::string_view text);

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// True where a string must be quoted to be read as a string again (another type, a date).
bool reads_as_other_type(std::string_view text);

}  // namespace ork::manifest
