#include "controllers/workflow/task_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/call_rules.hpp"
#include "controllers/workflow/hook_rules.hpp"
#include "controllers/workflow/items.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/matrix_rules.hpp"
#include "controllers/workflow/names.hpp"
#include "controllers/workflow/pod_rules.hpp"
#include "controllers/workflow/resource_rules.hpp"
#include "controllers/workflow/security_context_rules.hpp"
#include "controllers/workflow/waiting_rules.hpp"

namespace ork::workflow {
namespace {

constexpr const char* too_long = "must be at most ten years (87600h)";

void check_timeout(const std::optional<api::DurationMs>& timeout_ms, const std::string& path, ProblemList& problems) {
  if (!timeout_ms || (*timeout_ms > 0 && *timeout_ms <= max_duration_ms)) return;
  problems.add(path, *timeout_ms <= 0 ? "must be longer than 0s" : too_long);
}

void check_most(std::optional<std::int64_t> value, std::int64_t most, const std::string& path, ProblemList& problems) {
  if (value && *value > most) problems.add(path, "must be at most " + std::to_string(most));
}

void check_backoff(const std::optional<api::Retry>& retry, const std::string& path, ProblemList& problems) {
  if (!retry) return;
  if (retry->backoff.initial_ms > max_duration_ms) problems.add(path + ".retry.backoff.initial", too_long);
  if (retry->backoff.max_ms > max_duration_ms) problems.add(path + ".retry.backoff.max", too_long);
}

bool is_image(const std::string& image) {
  const bool visible = std::all_of(image.begin(), image.end(), [](char c) { return c > ' ' && c != '{' && c != '}'; });
  return !image.empty() && image.size() <= max_image && visible;
}

// What `defaults` and a task have alike.
void check_shared(const api::TaskShared& shared, const std::string& path, ProblemList& problems) {
  if (shared.image && !is_image(*shared.image)) {
    problems.add(path + ".image", "must be the name of an image such as busybox:1.36, at most " +
                                      std::to_string(max_image) + " bytes long and without blanks and braces");
  }
  const auto& account = shared.service_account_name;
  if (account && (account->empty() || account->size() > max_service_account)) {
    problems.add(path + ".serviceAccountName",
                 "must be a name, at most " + std::to_string(max_service_account) + " bytes long");
  }
  check_timeout(shared.timeout_ms, path + ".timeout", problems);
  check_timeout(shared.pending_timeout_ms, path + ".pendingTimeout", problems);
  check_backoff(shared.retry, path, problems);
  check_resources(shared.resources, path + ".resources", problems);
  check_security_context(shared.security_context, path + ".securityContext", problems);
  check_env(shared.env, path + ".env", problems);
  check_env_from(shared.env_from, path + ".envFrom", problems);
}

void check_words(const std::vector<std::string>& words, const std::string& path, ProblemList& problems) {
  if (words.size() > max_words) {
    return problems.add(
        path, "has " + std::to_string(words.size()) + " entries, but may have at most " + std::to_string(max_words));
  }
  for (std::size_t i = 0; i < words.size() && !problems.full(); ++i) {
    if (words[i].size() > max_text)
      problems.add(item(path, i), "is longer than " + std::to_string(max_text) + " bytes");
  }
}

void check_texts(const api::Task& task, const std::string& path, ProblemList& problems) {
  check_words(task.command, path + ".command", problems);
  check_words(task.args, path + ".args", problems);
  if (task.script && (task.script->empty() || task.script->size() > max_text)) {
    problems.add(path + ".script", task.script->empty() ? "is empty: write what sh should do, or remove it"
                                                        : "is longer than " + std::to_string(max_text) +
                                                              " bytes: put it into the image, or into a ConfigMap");
  }
  // Of too many the table of fields tells.
  if (task.depends_on.size() > max_depends_on) return;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < task.depends_on.size() && !problems.full(); ++i) {
    if (seen.insert(task.depends_on[i]).second) continue;
    problems.add(item(path + ".dependsOn", i), expr::in_quotes(task.depends_on[i]) + " is there twice: remove one");
  }
}

// The first field that says what a container runs, or nothing.
const char* container_field(const api::Task& task) {
  if (task.image) return "image";
  if (task.script) return "script";
  if (!task.command.empty()) return "command";
  return task.args.empty() ? nullptr : "args";
}

// A task is a container, a podTemplate, a workflow, a wait or an approval, and one of them only.
void check_kind(const api::Task& task, const api::TaskShared& defaults, const std::string& path,
                ProblemList& problems) {
  if (!task.has_attempts()) return check_waiting(task, path, problems);
  if (task.workflow) return check_call(task, path, problems);
  if (!task.pod_template.is_null()) {
    if (const char* also = container_field(task)) {
      problems.add(path, std::string("has both podTemplate and ") + also +
                             ": a podTemplate says all of its containers itself, so remove one of them");
    }
    check_pod_template(task.pod_template, path + ".podTemplate", problems);
    return;
  }
  // A field that is not known may well be the image, misspelt.
  if (!task.image && !defaults.image && !problems.has(path)) {
    problems.add(path,
                 "has neither an image nor a podTemplate: give it an image, or give one to all tasks in "
                 "defaults.image");
  }
  if (task.script && (!task.command.empty() || !task.args.empty())) {
    problems.add(path, std::string("has both script and ") + (task.command.empty() ? "args" : "command") +
                           ": a script is run by sh, so write the whole of it there and remove the other");
  }
}

void check_fan_out(const api::Task& task, const std::string& path, ProblemList& problems) {
  const bool counts = task.count || task.count_expression;
  if (!task.for_each.is_null() && !task.matrix.is_null())
    problems.add(path, "has both forEach and matrix: each says what the indexes go over, so remove one of them");
  if (counts && !task.for_each.is_null()) {
    problems.add(path, "has both count and forEach: forEach makes one index for each element, so remove one of them");
  } else if (counts && !task.matrix.is_null()) {
    problems.add(path,
                 "has both count and matrix: a matrix makes one index for each combination, so remove one of them");
  }
  if (task.parallelism && !task.fans_out()) {
    problems.add(path + ".parallelism",
                 "means nothing without count, forEach or matrix: set one of them, or remove parallelism");
  }
  if (task.tolerate && !task.fans_out()) {
    problems.add(path + ".tolerate",
                 "means nothing without count, forEach or matrix: set one of them, or use onFailure: run for a task "
                 "that may fail");
  }
  if (!task.matrix.is_null()) check_matrix(task, path, problems);
  // Of too many the table of fields tells.
  if (!task.for_each.is_structured() || task.for_each.size() > static_cast<std::size_t>(max_count)) return;
  if (const auto items = items_of(task.for_each); !items) problems.add(path + ".forEach", items.error());
}

void check_task(const api::Task& task, const api::TaskShared& defaults, const std::string& path,
                ProblemList& problems) {
  if (!task.name.empty() && !is_task_name(task.name)) {
    problems.add(path + ".name", expr::in_quotes(task.name) +
                                     " must be at most 63 lower case letters, digits and '-', and begin and end with "
                                     "a letter or digit");
  }
  if (task.hook) {
    check_hook(task, path, problems);
  } else {
    check_fan_out(task, path, problems);
    if (task.fails_run)
      problems.add(path + ".failsRun", "is said of hooks; a task fails its run unless it has onFailure: run");
  }
  check_texts(task, path, problems);
  check_shared(task, path, problems);
  // One that is missing or can't be read is told of already.
  if (task.cache && !problems.has(path + ".cache.ttl")) {
    check_timeout(task.cache->ttl_ms, path + ".cache.ttl", problems);
  }
  if (!task.hook || task.has_pod()) check_kind(task, defaults, path, problems);
}

}  // namespace

void check_tasks(const api::WorkflowSpec& spec, std::string_view path, ProblemList& problems) {
  const std::string where(path);
  check_timeout(spec.timeout_ms, where + ".timeout", problems);
  check_timeout(spec.hooks_timeout_ms, where + ".hooks.timeout", problems);
  check_most(spec.ttl_seconds_after_finished, max_ttl_seconds, where + ".ttlSecondsAfterFinished", problems);
  check_most(spec.successful_runs_history_limit, max_history, where + ".successfulRunsHistoryLimit", problems);
  check_most(spec.failed_runs_history_limit, max_history, where + ".failedRunsHistoryLimit", problems);
  if (spec.circuit_failures && *spec.circuit_failures > spec.failed_runs_history_limit.value_or(max_history)) {
    problems.add(where + ".failedRunsHistoryLimit",
                 "keeps fewer failed runs than circuitBreaker counts, so that it could never open: keep at least " +
                     std::to_string(*spec.circuit_failures));
  }
  check_shared(spec.defaults, where + ".defaults", problems);
  check_hooks(spec, path, problems);
  if (count_ordinary(spec) == 0 && !problems.has(where + ".tasks"))
    problems.add(where + ".tasks", "is empty: a workflow needs at least one task");
  for (std::size_t i = 0; i < spec.tasks.size() && !problems.full(); ++i) {
    check_task(spec.tasks[i], spec.defaults, path_of_task(spec, path, i), problems);
  }
}

std::string path_of_task(const api::WorkflowSpec& spec, std::string_view path, std::size_t place) {
  const api::Hook* hook = spec.tasks[place].hook.get();
  return hook == nullptr ? item(std::string(path) + ".tasks", place) : std::string(path) + "." + hook->place;
}

}  // namespace ork::workflow
