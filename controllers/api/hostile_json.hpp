#pragma once

// For tests of decoders: every way of putting something wrong into one place of a good object.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ork::api {

// The pointers of all values in `object`, its own excluded.
inline void collect_pointers(const nlohmann::json& value, const nlohmann::json::json_pointer& at,
                             std::vector<nlohmann::json::json_pointer>& out) {
  if (!at.empty()) out.push_back(at);
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) collect_pointers(inner, at / key, out);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) collect_pointers(value[i], at / i, out);
  }
}

inline std::vector<nlohmann::json::json_pointer> pointers_of(const nlohmann::json& object) {
  std::vector<nlohmann::json::json_pointer> out;
  collect_pointers(object, nlohmann::json::json_pointer(), out);
  return out;
}

inline const std::vector<nlohmann::json>& odd_values() {
  static const std::vector<nlohmann::json> values = {nullptr,
                                                     true,
                                                     0,
                                                     -1,
                                                     1.5,
                                                     18446744073709551615ULL,
                                                     -9223372036854775807LL - 1,
                                                     1e300,
                                                     "",
                                                     "x",
                                                     "-1",
                                                     "\x01",
                                                     nlohmann::json::array(),
                                                     nlohmann::json::object(),
                                                     nlohmann::json::array({nullptr}),
                                                     nlohmann::json::array({1, "x"}),
                                                     nlohmann::json{{"a", 1}}};
  return values;
}

// The field's name in a pointer: its last part that is no place in a list.
inline std::string field_of(nlohmann::json::json_pointer at) {
  while (!at.empty() && at.back().find_first_not_of("0123456789") == std::string::npos) at.pop_back();
  return at.empty() ? "" : at.back();
}

}  // namespace ork::api
