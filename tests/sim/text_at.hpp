#pragma once

// Reading an object's JSON in one line.

#include <nlohmann/json.hpp>
#include <string>

namespace ork::sim {

// The string at a JSON pointer; empty where there is none.
inline std::string text_at(const nlohmann::json& object, const char* pointer) {
  const nlohmann::json::json_pointer where(pointer);
  return object.contains(where) && object.at(where).is_string() ? object.at(where).get<std::string>() : "";
}

}  // namespace ork::sim
