#pragma once

// What the tests of this folder evaluate against.

#include <string>

#include "controllers/expr/expression.hpp"

namespace ork::expr {

// The fields of an object as variables; one zone, 5 h 45 min ahead.
class JsonScope : public Scope {
 public:
  explicit JsonScope(Json variables = Json::object()) : variables_(std::move(variables)) {}
  std::optional<Value> variable(std::string_view name) const override {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return std::nullopt;
    return view_of(*found);
  }
  std::optional<std::int64_t> utc_offset_s(std::string_view zone, const Timestamp&) const override {
    return zone == "Asia/Kathmandu" ? std::optional<std::int64_t>(20700) : std::nullopt;
  }

 private:
  Json variables_;
};

// "int 3", "string \"a\"", or "error: " and the message.
inline std::string worth(std::string_view text, const Scope& scope) {
  const auto expression = parse(text);
  if (!expression) return "syntax: " + expression.error().message;
  const auto value = evaluate(*expression, scope);
  if (!value) return "error: " + value.error().message;
  return std::string(type_name(*value)) + " " + to_json(*value).dump();
}
inline std::string worth(std::string_view text) { return worth(text, JsonScope()); }

}  // namespace ork::expr
