#include "controllers/run/run_output.hpp"

#include "controllers/run/limits.hpp"
#include "controllers/run/run_scope.hpp"

namespace ork::run {

using api::Json;

Result<std::optional<Json>, std::string> run_output(const Snapshot& snapshot, const Json& params,
                                                    std::span<const api::TaskStatusPtr> tasks) {
  const auto& expression = snapshot.definition->output;
  if (!expression) return std::optional<Json>();
  const RunScope scope(snapshot, params, tasks);
  const auto value = expr::evaluate(*expression, scope);
  if (!value) return Err("the run's output has no value: " + value.error().message);
  Json output = expr::to_json(*value);
  if (output.is_null()) return std::optional<Json>();
  if (output.dump(-1, ' ', false, Json::error_handler_t::replace).size() > max_run_output_bytes) {
    return Err("the run's output is more than " + std::to_string(max_run_output_bytes) +
               " bytes: give out less, or a reference to it");
  }
  return std::optional(std::move(output));
}

}  // namespace ork::run
