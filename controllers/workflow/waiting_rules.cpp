#include "controllers/workflow/waiting_rules.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

using Fields = std::vector<std::pair<std::string_view, bool>>;  // by name: whether the task has it

// What makes a task one of another kind.
Fields fields_of_other_kinds(const api::Task& task) {
  return {{"approve", task.wait && task.approve},
          {"workflow", task.workflow.has_value()},
          {"podTemplate", !task.pod_template.is_null()},
          {"image", task.image.has_value()},
          {"script", task.script.has_value()},
          {"command", !task.command.empty()},
          {"args", !task.args.empty()}};
}

// What is said of a Pod, or of the attempts to run it.
Fields fields_of_a_pod(const api::Task& task) {
  return {{"count", task.count || task.count_expression},
          {"forEach", !task.for_each.is_null()},
          {"matrix", !task.matrix.is_null()},
          {"inputs", !task.inputs.empty()},
          {"output", !task.output.is_null()},
          {"cache", task.cache.has_value()},
          {"retry", task.retry.has_value()},
          {"env", !task.env.is_null()},
          {"envFrom", !task.env_from.is_null()},
          {"resources", !task.resources.is_null()},
          {"securityContext", !task.security_context.is_null()},
          {"serviceAccountName", task.service_account_name.has_value()}};
}

void check_time(const std::optional<api::DurationMs>& time_ms, const std::string& path, ProblemList& problems) {
  if (time_ms && (*time_ms <= 0 || *time_ms > max_duration_ms))
    problems.add(path, "must be longer than 0s and at most ten years (87600h)");
}

// What the operator may see need not be what whoever writes the Workflow may.
void check_object(const api::WaitForObject& object, const std::string& path, ProblemList& problems) {
  if (object.kind == "Secret" && object.api_version == "v1")
    problems.add(path, "is a Secret, which is never read: wait for what uses it");
  if (object.condition && object.until)
    problems.add(path, "has both condition and until: remove one of them, or ask for the condition in until");
  if (!object.api_version.empty() && !is_api_version(object.api_version))
    problems.add(path + ".apiVersion", expr::in_quotes(object.api_version, max_name) +
                                           " is no API version: write a group and a version, as apps/v1, or v1");
  if (!object.kind.empty() && !is_kind(object.kind))
    problems.add(path + ".kind",
                 expr::in_quotes(object.kind, max_name) + " is no kind: letters and digits, as Deployment");
  if (object.condition && (object.condition->empty() || object.condition->size() > max_name))
    problems.add(path + ".condition", "has to be the type of a condition, as Available");
}

void check_wait(const api::Wait& wait, const std::string& path, ProblemList& problems) {
  // One that can't be read is told of already.
  for (const char* field : {"", ".for", ".until", ".run", ".object"}) {
    if (problems.has(path + field)) return;
  }
  std::vector<std::string> said;
  if (wait.for_ms) said.emplace_back("for");
  if (wait.until) said.emplace_back("until");
  if (wait.run) said.emplace_back("run");
  if (wait.object) said.emplace_back("object");
  if (said.empty()) {
    problems.add(path,
                 "says not for what: write for: 5m, until: and an expression that gives a timestamp, run: "
                 "{name: ...}, or object: {apiVersion: ..., kind: ..., name: ...}");
  } else if (said.size() > 1) {
    problems.add(path, "has both " + said[0] + " and " + said[1] + ": it waits for one of them, so remove the other");
  }
  check_time(wait.for_ms, path + ".for", problems);
  if (wait.object) check_object(*wait.object, path + ".object", problems);
}

void check_approval(const api::Task& task, const std::string& path, ProblemList& problems) {
  const api::Approval& approval = *task.approve;
  if (approval.message.size() > max_question)
    problems.add(path + ".approve.message", "is longer than " + std::to_string(max_question) + " bytes");
  check_time(approval.timeout_ms, path + ".approve.timeout", problems);
  if (approval.approved_by_default && !approval.timeout_ms && !problems.has(path + ".approve.timeout"))
    problems.add(path + ".approve.default", "means nothing without a timeout: an answer is waited for until it comes");
  if (task.timeout_ms)
    problems.add(path + ".timeout", "is for attempts, of which an approval has none: write it as approve.timeout");
}

}  // namespace

void check_waiting(const api::Task& task, const std::string& path, ProblemList& problems) {
  const std::string kind = task.wait ? "wait" : "approve";
  for (const auto& [name, there] : fields_of_other_kinds(task)) {
    if (!there) continue;
    const char* apart = name == "approve"    ? ": a task waits for one thing"
                        : name == "workflow" ? ": a task either waits or runs a Workflow"
                                             : ": a task either waits or runs a Pod";
    problems.add(path, "has both " + kind + " and " + std::string(name) + apart +
                           ", so make two tasks of it, or remove one of them");
    break;
  }
  for (const auto& [name, there] : fields_of_a_pod(task)) {
    if (there)
      problems.add(path + "." + std::string(name), "means nothing for a task that waits without a Pod: remove it");
  }
  if (task.wait) check_wait(*task.wait, path + ".wait", problems);
  if (task.approve) check_approval(task, path, problems);
}

}  // namespace ork::workflow
