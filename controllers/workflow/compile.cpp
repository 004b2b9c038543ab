#include "controllers/workflow/compile.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "controllers/expr/depth.hpp"
#include "controllers/workflow/decode_rules.hpp"
#include "controllers/workflow/expression_rules.hpp"
#include "controllers/workflow/fields.hpp"
#include "controllers/workflow/graph_rules.hpp"
#include "controllers/workflow/hook_rules.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/matrix.hpp"
#include "controllers/workflow/retry_rules.hpp"
#include "controllers/workflow/schedule_rules.hpp"
#include "controllers/workflow/schema_rules.hpp"
#include "controllers/workflow/task_digest.hpp"
#include "controllers/workflow/task_expressions.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {
namespace {

MatrixPtr compile_matrix(api::Json written, std::vector<std::pair<std::string, expr::Expression>> expressions) {
  if (written.is_null()) return nullptr;
  Matrix out{std::move(written), std::move(expressions), std::nullopt};
  for (const auto& [name, expression] : out.expressions) out.written.erase(name);
  if (!out.expressions.empty()) return std::make_shared<const Matrix>(std::move(out));
  if (const auto combinations = combinations_of(out.written))
    out.count = static_cast<std::int64_t>(combinations->size());
  return std::make_shared<const Matrix>(std::move(out));
}

CompiledTask compile_task(api::Task task, TaskExpressions expressions,
                          std::shared_ptr<const api::TaskShared> defaults) {
  CompiledTask out;
  if (!task.hook)
    out.on_failure = task.on_failure ? *task.on_failure : defaults->on_failure.value_or(api::OnFailure::Skip);
  // What is said of the attempts of all tasks is not said of one that has none.
  const api::TaskShared nothing;
  const api::TaskShared& shared = task.has_attempts() ? *defaults : nothing;
  out.retry = task.retry ? *task.retry : shared.retry.value_or(api::Retry{});
  out.timeout_ms = task.timeout_ms ? *task.timeout_ms : shared.timeout_ms.value_or(0);
  if (task.has_pod())
    out.pending_timeout_ms = task.pending_timeout_ms ? *task.pending_timeout_ms : shared.pending_timeout_ms.value_or(0);
  // A podTemplate names the images of its containers itself.
  if (!task.image && task.pod_template.is_null()) task.image = shared.image;
  if (!task.service_account_name) task.service_account_name = shared.service_account_name;
  task.depends_on = std::vector<std::string>();  // {} would keep its memory
  task.inputs.clear();
  task.when.reset();
  task.count_expression.reset();
  if (task.wait) task.wait->until.reset();
  if (task.cache) task.cache->key = std::string();
  if (task.wait && task.wait->run) task.wait->run->name.clear();
  if (task.wait && task.wait->object) {
    task.wait->object->name.clear();
    task.wait->object->until.reset();
  }
  if (task.workflow) task.workflow->params.clear();
  if (task.for_each.is_string()) task.for_each = nullptr;
  out.matrix = compile_matrix(std::move(task.matrix), std::move(expressions.matrix));
  task.matrix = nullptr;
  task.output = nullptr;
  task.on_oom.reset();
  out.task = std::move(task);
  out.inputs = std::move(expressions.inputs);
  out.when = std::move(expressions.when);
  out.count = std::move(expressions.count);
  out.for_each = std::move(expressions.for_each);
  out.until = std::move(expressions.until);
  out.cache_key = std::move(expressions.cache_key);
  out.awaited = std::move(expressions.awaited);
  out.object_until = std::move(expressions.object_until);
  out.defaults = std::move(defaults);
  return out;
}

Definition assemble(api::WorkflowSpec spec, Schemas schemas, std::vector<TaskExpressions> expressions,
                    dag::Graph graph) {
  Definition out;
  const auto defaults = std::make_shared<const api::TaskShared>(std::move(spec.defaults));
  out.first_hook = count_ordinary(spec);
  out.tasks.reserve(spec.tasks.size());
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    out.tasks.push_back(compile_task(std::move(spec.tasks[i]), std::move(expressions[i]), defaults));
    out.tasks.back().output = std::move(schemas.outputs[i]);
    out.waits_for_others = out.waits_for_others || out.tasks.back().awaited.has_value();
  }
  out.params = std::move(schemas.params);
  out.graph = std::move(graph);
  out.parallelism = spec.parallelism;
  out.timeout_ms = spec.timeout_ms;
  out.hooks_timeout_ms = spec.hooks_timeout_ms.value_or(hooks_timeout_ms);
  out.ttl_seconds_after_finished = spec.ttl_seconds_after_finished;
  out.successful_runs_history_limit = spec.successful_runs_history_limit;
  out.failed_runs_history_limit = spec.failed_runs_history_limit;
  out.suspend = spec.suspend;
  out.circuit_failures = spec.circuit_failures;
  out.by_name.resize(out.tasks.size());
  std::iota(out.by_name.begin(), out.by_name.end(), 0);
  std::sort(out.by_name.begin(), out.by_name.end(), [&](int a, int b) {
    return out.tasks[static_cast<std::size_t>(a)].name() < out.tasks[static_cast<std::size_t>(b)].name();
  });
  return out;
}

}  // namespace

Result<Definition, std::vector<Problem>> compile(const api::Json& spec, std::string_view path) {
  ProblemList problems;
  if (!spec.is_object()) {
    problems.add(std::string(path), spec.is_null() ? "is missing: a workflow needs tasks" : "must be an object");
    return Err(std::move(problems).take());
  }
  // Before anything that recurses: decoding copies values, and copying does.
  if (expr::is_deeper_than(spec, max_json_depth)) {
    problems.add(std::string(path), "is nested more than " + std::to_string(max_json_depth) + " deep: make it flatter");
    return Err(std::move(problems).take());
  }
  check_fields(spec, path, problems);
  Decoded decoded = decode(spec, path, problems);
  const std::size_t told = problems.size();
  Schemas schemas = compile_schemas(decoded.spec, path, problems);
  check_tasks(decoded.spec, path, problems);
  auto expressions = compile_task_expressions(decoded.spec, schemas, path, problems);
  auto retry_conditions = compile_retry_conditions(decoded.spec, schemas, path, problems);
  const auto memory_growths = compile_memory_growths(decoded.spec, path, problems);
  std::optional<expr::Expression> output;
  if (decoded.spec.output) {
    output = ExpressionCompiler(decoded.spec, schemas, problems)
                 .compile_at_end(*decoded.spec.output, std::string(path) + ".output");
  }
  auto graph = build_graph(decoded.spec, expressions, path, problems);
  auto schedule = compile_schedule(decoded.spec, schemas.params, path, problems);
  problems.forget_below(decoded.broken, told);
  if (!problems.empty() || !graph) return Err(std::move(problems).take());
  Definition out = assemble(std::move(decoded.spec), std::move(schemas), std::move(expressions), std::move(*graph));
  out.output = std::move(output);
  out.schedule = std::move(schedule);
  const std::vector<std::uint64_t> digests = task_digests(spec);
  for (std::size_t i = 0; i < digests.size(); ++i) out.tasks[i].digest = digests[i];
  for (std::size_t i = 0; i < out.tasks.size(); ++i) {
    out.tasks[i].retry_when = std::move(retry_conditions[i]);
    out.tasks[i].memory = memory_growths[i];
  }
  return out;
}

}  // namespace ork::workflow
