#pragma once

// What an expression of a task sees once the tasks that it reads have ended.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/json.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

class LastScope : public expr::Scope {
 public:
  LastScope(const nlohmann::json& run, const nlohmann::json& params) {
    variables_ = {
        {"params", params}, {"tasks", nlohmann::json::object()}, {"run", {{"name", text_at(run, "/metadata/name")}}}};
    for (const char* field : {"phase", "reason", "message"})
      variables_["run"][field] = text_at(run, std::string("/status/result/") + field);
    for (const nlohmann::json& task : value_at(run, "/status/tasks")) {
      nlohmann::json& seen = variables_["tasks"][task.value("name", "")];
      for (const char* field : {"phase", "attempt", "exitCode", "output"}) {
        if (task.contains(field)) seen[field] = task[field];
      }
    }
  }
  std::optional<expr::Value> variable(std::string_view name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(expr::view_of(*found));
  }

 private:
  nlohmann::json variables_;
};

}  // namespace ork::sim
