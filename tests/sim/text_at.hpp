#pragma once

// Reading an object's JSON in one line.

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ork::sim {

// What stands at a path of fields and of places in lists, written as a JSON pointer ('/' within a name as "~1"); an
// empty object where there is nothing. nlohmann's own pointers are taken apart into texts each time, which takes longer
// than all the rest.
inline const nlohmann::json& value_at(const nlohmann::json& object, std::string_view pointer) {
  static const nlohmann::json nothing = nlohmann::json::object();
  const nlohmann::json* at = &object;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view name = pointer.substr(0, end);
    pointer.remove_prefix(end);
    if (at->is_array()) {
      std::size_t place = 0;
      const auto read = std::from_chars(name.data(), name.data() + name.size(), place);
      if (read.ec != std::errc() || place >= at->size()) return nothing;
      at = &(*at)[place];
      continue;
    }
    if (!at->is_object()) return nothing;
    auto field = at->find(name);
    if (const std::size_t escape = name.find("~1"); escape != std::string_view::npos) {
      field = at->find(std::string(name.substr(0, escape)) + "/" + std::string(name.substr(escape + 2)));
    }
    if (field == at->end()) return nothing;
    at = &*field;
  }
  return *at;
}

// The string there; empty where there is none.
inline std::string text_at(const nlohmann::json& object, std::string_view pointer) {
  const nlohmann::json& value = value_at(object, pointer);
  return value.is_string() ? value.get<std::string>() : "";
}

}  // namespace ork::sim
