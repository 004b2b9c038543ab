#pragma once

// Values as Go writes them: the API server's messages and the keys of FieldsV1 hold them. Pure; a
// value that nests deeper than limits::value_depth is cut there ("...").

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ork::embedded {

// Appends `value` as Go's encoding/json does: compact, names sorted, with <, > and & escaped, and a
// float without fraction as an integer.
void append_go_json(std::string& out, const nlohmann::json& value);
std::string go_json(const nlohmann::json& value);

std::string go_quoted(std::string_view text);          // %q: "a\"b"
std::string go_plain(const nlohmann::json& value);     // %v: map[a:1 b:[x]], <nil>
std::string go_syntax(const nlohmann::json& value);    // %#v: map[string]interface {}{"a":1}
std::string_view go_type(const nlohmann::json& value);  // %T: int64, map[string]interface {}

}  // namespace ork::embedded
