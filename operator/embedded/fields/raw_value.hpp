#pragma once

// What is to be seen to in a value that comes from outside, whatever its kind. For this folder only.

#include <nlohmann/json.hpp>

#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded {

// A text of a megabyte can nest half a million levels deep; each level of a walk is a stack frame.
inline bool nests_too_deeply(const nlohmann::json& value, std::size_t depth = 0) {
  if (!value.is_structured()) return false;
  if (depth > limits::value_depth) return true;
  for (const nlohmann::json& inner : value) {
    if (nests_too_deeply(inner, depth + 1)) return true;
  }
  return false;
}

// Leaves out the fields that are null, as deep as limits::value_depth; nulls of lists stay.
inline void drop_nulls(nlohmann::json& value, std::size_t depth = 0) {
  if (!value.is_structured() || depth > limits::value_depth) return;
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      it->is_null() ? it = value.erase(it) : ++it;
    }
  }
  for (nlohmann::json& inner : value) drop_nulls(inner, depth + 1);
}

}  // namespace ork::embedded
