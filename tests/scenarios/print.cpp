#include "tests/scenarios/print.hpp"

namespace ork::scenarios {
namespace {

using api::Json;

// So that a run of thousands can be shown.
constexpr std::size_t max_lines = 10;
constexpr std::size_t max_text = 160;

std::string cut(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  if (text.size() <= max_text) return text;
  return text.substr(0, max_text) + "...";
}

std::string without_hash(const std::string& job) { return job.substr(0, job.rfind('-')); }

std::string inputs_in(const Json& job) {
  const Json& containers = job["spec"]["template"]["spec"]["containers"];
  for (const Json& variable : containers.at(0)["env"]) {
    if (variable["name"] == "ORK_INPUTS") return " with " + cut(variable["value"].get<std::string>());
  }
  return "";
}

// What a task asks for and has to keep to; empty where it says nothing of it.
std::string memory_in(const Json& job) {
  const Json resources = job["spec"]["template"]["spec"]["containers"].at(0).value("resources", Json::object());
  std::string out;
  for (const char* field : {"requests", "limits"}) {
    const Json amounts = resources.value(field, Json::object());
    if (!amounts.contains("memory")) continue;
    out += (out.empty() ? " with " : " to ") + amounts["memory"].get<std::string>();
  }
  return out.empty() ? out : out + " of memory";
}

// As Jobs are: without the hash, which in a fan-out comes before the index.
std::string child_line(const run::NewJob& child) {
  const Json body = Json::parse(child.body);
  const Json& spec = body["spec"];
  std::string name = child.name, index;
  if (spec["childOf"].contains("index")) {
    index = "[" + spec["childOf"]["index"].dump() + "]";
    name = without_hash(name);
  }
  const Json& params = spec["params"];
  return "create run " + without_hash(name) + index + " of " + spec["workflowRef"]["name"].get<std::string>() +
         (params.empty() ? "" : " with " + cut(params.dump()));
}

std::string create_line(const run::NewJob& job) {
  if (job.is_run) return child_line(job);
  const Json body = Json::parse(job.body);
  const Json& spec = body["spec"];
  std::string detail;
  if (job.indexed) {
    const std::int64_t count = spec["completions"], width = spec["parallelism"];
    detail = std::to_string(count) + " indexes";
    if (width < count) detail += ", " + std::to_string(width) + " at a time";
    if (job.suspended) detail += ", suspended";
    if (job.items) detail += ", over " + cut(Json::parse(job.items->body)["data"].dump());
  }
  if (spec.contains("activeDeadlineSeconds")) {
    detail += (detail.empty() ? "" : ", ") + std::to_string(spec["activeDeadlineSeconds"].get<int>()) + "s at most";
  }
  return "create " + without_hash(job.name) + (detail.empty() ? "" : " (" + detail + ")") + inputs_in(body) +
         memory_in(body);
}

std::string in(api::TimeMs at, api::TimeMs now) { return api::format_duration(at - now); }

std::string task_line(const api::TaskStatus& task, api::TimeMs now) {
  std::string out = task.name + ": " + std::string(api::to_string(task.phase));
  if (!task.reason.empty()) out += " (" + task.reason + ")";
  if (task.attempt > 0) out += ", attempt " + std::to_string(task.attempt);
  if (task.count > 0 && task.attempt > 0) {
    out += ", " + std::to_string(task.succeeded_indexes.size()) + " of " + std::to_string(task.count) + " done";
    if (!task.failed_indexes.empty()) out += ", failed " + task.failed_indexes.format();
  }
  if (task.cause != api::Cause::None) out += ", " + std::string(api::to_string(task.cause));
  if (task.exit_code && *task.exit_code != 0) out += ", exit " + std::to_string(*task.exit_code);
  if (task.program_retries > 0) out += ", retries " + std::to_string(task.program_retries);
  if (task.infrastructure_retries > 0) out += ", infrastructure retries " + std::to_string(task.infrastructure_retries);
  if (task.memory_growths > 0) out += ", memory growths " + std::to_string(task.memory_growths);
  if (task.retry_ms != 0) out += ", again in " + in(task.retry_ms, now);
  if (task.output) out += ", output " + cut(task.output->dump());
  if (task.is_inherited()) out += ", of run " + task.inherited_from;
  if (!task.cache_key.empty()) out += ", key " + task.cache_key;
  if (!task.message.empty()) out += ": " + cut(task.message);
  return out;
}

std::string run_line(const api::RunStatus& status) {
  const api::Condition* condition = api::find_condition(status.conditions, "Succeeded");
  std::string out = "run: " + std::string(api::to_string(status.phase));
  if (condition != nullptr && condition->reason != api::to_string(status.phase)) out += " (" + condition->reason + ")";
  out += " " + status.progress + ": " + cut(status.message);
  return status.output ? out + ", output " + cut(status.output->dump()) : out;
}

std::string what_is_missing(const run::Missing& missing) {
  switch (missing.kind) {
    case run::Missing::Kind::Job: return "Job " + without_hash(missing.name);
    case run::Missing::Kind::Pods: return "the Pods of " + without_hash(missing.name);
    case run::Missing::Kind::Revision: return "revision " + missing.name;
    case run::Missing::Kind::Run: return "run " + missing.name;
  }
  return "";
}

}  // namespace

Lines intents_of(const run::Plan& plan) {
  Lines out;
  const bool many = plan.create.size() > max_lines;
  for (const run::NewJob& job : plan.create) {
    out.push_back(create_line(job));
    if (!many) continue;
    out.back() += " and " + std::to_string(plan.create.size() - 1) + " more";
    break;
  }
  for (const run::SeedJob& seed : plan.seed) {
    const Json status = Json::parse(seed.status_body)["status"];
    out.push_back("seed " + without_hash(seed.name) + " with " + status["completedIndexes"].get<std::string>() +
                  " done, and let it go");
  }
  for (const run::OldJob& job : plan.remove)
    out.push_back("remove " + without_hash(job.name) + (job.pods_first ? " after its Pods" : ""));
  for (const run::Missing& missing : plan.look_up) out.push_back("look up " + what_is_missing(missing));
  if (plan.delete_run) out.push_back("delete the run");
  return out;
}

Lines news_in(const api::RunStatus& before, const api::RunStatus& after, api::TimeMs now) {
  Lines tasks;
  for (std::size_t i = 0; i < after.tasks.size(); ++i) {
    const std::string line = task_line(*after.tasks[i], now);
    if (i >= before.tasks.size() || task_line(*before.tasks[i], now) != line) tasks.push_back(line);
  }
  if (tasks.size() > max_lines) {
    const std::size_t more = tasks.size() - max_lines;
    tasks.resize(max_lines);
    tasks.push_back("... and " + std::to_string(more) + " more tasks");
  }
  Lines out;
  if (before.observed_generation < 0 || run_line(before) != run_line(after)) out.push_back(run_line(after));
  out.insert(out.end(), tasks.begin(), tasks.end());
  for (std::size_t i = before.actions.size(); i < after.actions.size(); ++i) {
    const api::ActionStatus& action = after.actions[i];
    out.push_back("action " + action.id + ": " + (action.done ? "done: " : "refused: ") + action.message);
  }
  return out;
}

}  // namespace ork::scenarios
