#pragma once

// Rules about the expressions of tasks: inputs, with their names, when, count, forEach, those of wait, cache.key and
// the matrix.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"
#include "controllers/workflow/schema_rules.hpp"

namespace ork::workflow {

struct TaskExpressions {
  std::vector<Input> inputs;               // sorted by name; of a task that is a workflow its params
  std::string_view inputs_are = "inputs";  // the field that they stand in
  std::optional<expr::Expression> when;
  std::optional<expr::Expression> count;
  std::optional<expr::Expression> for_each;
  std::optional<expr::Expression> until;
  std::optional<expr::Expression> cache_key;
  std::vector<std::pair<std::string, expr::Expression>> matrix;  // its fields that are no lists, by name
  std::optional<expr::Expression> awaited;                       // the name of the run or object that it waits for
  std::optional<expr::Expression> object_until;                  // what has to hold of that object
  bool awaits_object = false;                                    // no run

  // All of them: the inputs, when, count, forEach, until, the cache's key, the matrix, those of what it waits for. A
  // task waits for the tasks that they name.
  std::vector<const expr::Expression*> all() const;
  // Where the one at that place in all() stands: "spec.tasks[3].inputs.day".
  std::string path_of(std::size_t place, const std::string& task_path) const;
};

// Those of each task, parsed; those with a problem are left out. What they say of other tasks is checked with the
// graph. `path` is that of the spec.
std::vector<TaskExpressions> compile_task_expressions(const api::WorkflowSpec& spec, const Schemas& schemas,
                                                      std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
