#include "controllers/workflow/find_task.hpp"

#include <algorithm>
#include <vector>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

std::string no_such_task(const Definition& definition, std::string_view name, Among among) {
  std::vector<std::string_view> names;
  for (const CompiledTask& task : definition.tasks) {
    if (among == Among::TasksAndHooks || !task.is_hook()) names.push_back(task.name());
  }
  if (std::find(names.begin(), names.end(), name) != names.end()) return {};
  return "there is no task " + expr::in_quotes(name) + maybe_meant(dag::nearest(name, names));
}

}  // namespace ork::workflow
