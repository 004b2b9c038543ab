#include "controllers/workflow/retry_rules.hpp"

#include <string>

#include "controllers/workflow/expression_rules.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {

std::vector<std::optional<expr::Expression>> compile_retry_conditions(const api::WorkflowSpec& spec,
                                                                      const Schemas& schemas, std::string_view path,
                                                                      ProblemList& problems) {
  ExpressionCompiler compiler(spec, schemas, problems);
  const auto compiled = [&](const api::TaskShared& shared,
                            const std::string& where) -> std::optional<expr::Expression> {
    if (!shared.retry || !shared.retry->when) return std::nullopt;
    return compiler.compile_retry_condition(*shared.retry->when, where + ".retry.when");
  };
  const std::string root(path);
  const auto by_default = compiled(spec.defaults, root + ".defaults");
  std::vector<std::optional<expr::Expression>> out;
  out.reserve(spec.tasks.size());
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    const api::Task& task = spec.tasks[i];
    out.push_back(task.retry ? compiled(task, path_of_task(spec, path, i)) : by_default);
  }
  return out;
}

}  // namespace ork::workflow
