#pragma once

// A Workflow's spec once it is known to be right: names are indexes, defaults are merged, inputs are
// parsed. What a run is planned from. Immutable once made; share it as shared_ptr<const Definition>.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/cron/cron.hpp"
#include "controllers/dag/graph.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/schema/schema.hpp"
#include "controllers/workflow/memory_growth.hpp"

namespace ork::workflow {

// What a container gets to know: env_name=value, and name in ORK_INPUTS.
struct Input {
  std::string name;      // "day"
  std::string env_name;  // "ORK_INPUT_DAY"
  expr::Expression expression;
  // A secret param and nothing else: its value, {secretKeyRef: {name, key}}, is where the container gets the variable
  // from; it is not in ORK_INPUTS.
  bool secret = false;
  // It asks for `item` or `index`, so that each index has a value of its own.
  bool of_index = false;
};

// A task's matrix: its lists as they are written out, and those that are expressions.
struct Matrix {
  api::Json written = api::Json::object();
  std::vector<std::pair<std::string, expr::Expression>> expressions;  // by name
  std::optional<std::int64_t> count;                                  // of its combinations, where all is written out
};
using MatrixPtr = std::shared_ptr<const Matrix>;  // null: the task has none

struct CompiledParam {
  std::string name;
  schema::SchemaPtr schema;  // of a secret one, that of a reference to a Secret
  bool secret = false;
};

struct CompiledTask {
  // As written, with image and serviceAccountName of `defaults` merged in. Use the members below
  // for the rest: timeout_ms, retry and on_failure in here are only the task's own; depends_on, inputs,
  // when, count_expression, output, the expressions of wait, workflow.params, cache.key and a for_each that is an
  // expression are moved away, and so is the matrix (see Definition::graph and the members below).
  api::Task task;

  api::Retry retry;  // limit 0 where nobody asked for one
  std::optional<expr::Expression> retry_when;
  api::DurationMs timeout_ms = 0;          // of each attempt, or of its waiting; 0: none
  api::DurationMs pending_timeout_ms = 0;  // for as long it may not start; 0: as long as it takes
  api::OnFailure on_failure = api::OnFailure::Skip;
  std::vector<Input> inputs;  // sorted by name; of a task that is a workflow the params of its child run
  std::optional<expr::Expression> when;
  std::optional<expr::Expression> count;     // where task.count is no number
  std::optional<expr::Expression> for_each;  // where task.for_each is not written out
  MatrixPtr matrix;
  MemoryGrowthPtr memory;                   // by onOOM; null: each attempt gets the same
  std::optional<expr::Expression> until;    // what task.wait says as an expression
  std::optional<expr::Expression> awaited;  // the name of the run or the object that task.wait says
  std::optional<expr::Expression> object_until;
  std::optional<expr::Expression> cache_key;
  schema::SchemaPtr output;  // of each index, where it fans out; null: none is declared
  std::uint64_t digest = 0;  // what it is made of (controllers/workflow/task_digest.hpp)

  // `defaults` of the spec, one for all tasks. Never null.
  std::shared_ptr<const api::TaskShared> defaults;

  const std::string& name() const { return task.name; }
  bool has_attempts() const { return task.has_attempts(); }
  bool calls() const { return task.workflow.has_value(); }
  bool awaits_run() const { return task.wait && task.wait->run; }
  bool awaits_object() const { return task.wait && task.wait->object; }
  bool is_hook() const { return task.hook != nullptr; }
  // How many indexes it has, as far as that is written; nullopt: it has none, or an expression says.
  std::optional<std::int64_t> written_count() const;
  // What its expressions ask for is what it is given: inputs, when, count, forEach, those of wait and of its matrix.
  std::vector<const expr::Expression*> expressions() const;
  bool has_items() const { return for_each.has_value() || matrix != nullptr || !task.for_each.is_null(); }
  bool fans_out() const { return task.count.has_value() || count.has_value() || has_items(); }
  bool has_inputs_of_index() const;

  // The task's own where it has some, else the default; env is both, the task's entry winning where
  // the names are equal. Merged when asked for, since a Job is built now and then and a definition
  // lives long: 5,000 copies of the same defaults would not be compact. null where there is none.
  api::Json env() const;
  const api::Json& env_from() const;
  const api::Json& resources() const;
  const api::Json& security_context() const;
};

struct CompiledSchedule {
  api::Schedule written;
  cron::Cron cron;
};

struct Definition {
  std::vector<CompiledParam> params;
  std::vector<CompiledTask> tasks;  // in declared order, then the hooks; a task's place is its index in `graph`
  std::size_t first_hook = 0;       // its place, or the number of tasks
  dag::Graph graph;                 // dependsOn, what expressions refer to, and of a task's hook that task

  std::optional<std::int64_t> parallelism;  // Pods of one run at the same time
  std::optional<api::DurationMs> timeout_ms;
  api::DurationMs hooks_timeout_ms = 0;  // of all hooks together, from when the tasks have ended
  std::optional<std::int64_t> ttl_seconds_after_finished;
  std::optional<std::int64_t> successful_runs_history_limit;
  std::optional<std::int64_t> failed_runs_history_limit;
  bool suspend = false;
  std::optional<std::int64_t> circuit_failures;

  std::optional<CompiledSchedule> schedule;
  std::optional<expr::Expression> output;  // what a run gives out
  bool waits_for_others = false;           // some task does, for a run or an object
  std::vector<int> by_name;                // task indexes sorted by name: what index_of searches

  bool has_hooks() const { return first_hook < tasks.size(); }
  // "onExit of load", "onExit of the run"; empty: that task is no hook.
  std::string hook_in_words(std::size_t task) const;
  // The task of that name, or -1.
  int index_of(std::string_view name) const;
};

}  // namespace ork::workflow
