#include "controllers/run/inherit.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "controllers/run/status_budget.hpp"
#include "controllers/workflow/find_task.hpp"
#include "controllers/workflow/params.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using api::TaskStatus;

const Json& member(const Json& object, const std::string& name) {
  static const Json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

// Of other tasks it gets the same if these are inherited.
bool is_given_the_same(const expr::Mention& mention, const Json& params, const Json& earlier_params) {
  if (mention.variable == "run") return false;
  if (mention.variable != "params") return true;
  if (!mention.member) return params == earlier_params;
  return member(params, *mention.member) == member(earlier_params, *mention.member);
}

bool has_same_inputs(const workflow::CompiledTask& task, const Json& params, const Json& earlier_params) {
  for (const expr::Expression* expression : task.expressions()) {
    for (const expr::Mention& mention : expression->mentions()) {
      if (!is_given_the_same(mention, params, earlier_params)) return false;
    }
  }
  return true;
}

bool has_ended_well(const TaskStatus& task) {
  if (task.phase == Phase::Skipped) return true;
  return task.phase == Phase::Succeeded && !may_have_lost_output(task);
}

Verdict cannot_begin(std::string reason, std::string message) {
  return {Phase::Failed, std::move(reason), std::move(message)};
}

std::optional<Verdict> problem_of_earlier(const api::RerunOf& rerun_of, const EarlierRun& earlier) {
  const std::string run = "run " + rerun_of.name + ", which this one is a rerun of, ";
  if (!earlier.problem.empty()) return cannot_begin("RerunSourceUnreadable", run + earlier.problem);
  const api::WorkflowRun& found = *earlier.run;
  if (!rerun_of.uid.empty() && found.meta.uid != rerun_of.uid) {
    return cannot_begin("RerunSourceNotFound",
                        run + "is gone: another of that name, with uid " + found.meta.uid + ", has taken its place");
  }
  if (api::is_final(found.status.phase)) return std::nullopt;
  return cannot_begin("RerunSourceNotFinished",
                      run + "has not ended: wait for its end, or cancel it, and make another");
}

std::optional<Verdict> problem_of_task(const workflow::Definition& definition, const std::string& from) {
  if (from.empty() || from == api::from_failed) return std::nullopt;
  const std::string problem = workflow::no_such_task(definition, from, workflow::Among::Tasks);
  if (problem.empty()) return std::nullopt;
  return cannot_begin("RerunTaskNotFound", "spec.rerunOf.from: " + problem);
}

bool has_something_to_give(const api::WorkflowRun& run) {
  return std::any_of(run.status.tasks.begin(), run.status.tasks.end(),
                     [](const api::TaskStatusPtr& task) { return has_ended_well(*task); });
}

}  // namespace

std::vector<const TaskStatus*> inheritable(const Ingredients& now, const Ingredients& earlier,
                                           std::span<const api::TaskStatusPtr> ended, std::string_view from) {
  std::map<std::string_view, const TaskStatus*> by_name;
  for (const api::TaskStatusPtr& task : ended) by_name.emplace(task->name, task.get());
  std::vector<const TaskStatus*> out(now.definition.tasks.size(), nullptr);
  for (const int place : now.definition.graph.order()) {
    const auto i = static_cast<std::size_t>(place);
    const workflow::CompiledTask& task = now.definition.tasks[i];
    const int there = earlier.definition.index_of(task.name());
    const auto status = by_name.find(task.name());
    if (task.is_hook() || task.name() == from || there < 0 || status == by_name.end() ||
        !has_ended_well(*status->second))
      continue;
    if (earlier.definition.tasks[static_cast<std::size_t>(there)].digest != task.digest) continue;
    if (!has_same_inputs(task, now.params, earlier.params)) continue;
    const auto& upstream = now.definition.graph.upstream(place);
    const bool whole = std::all_of(upstream.begin(), upstream.end(),
                                   [&](int u) { return out[static_cast<std::size_t>(u)] != nullptr; });
    if (whole) out[i] = status->second;
  }
  return out;
}

TaskStatus inherited_of(const TaskStatus& ended, const std::string& run) {
  TaskStatus out;
  out.name = ended.name;
  out.phase = ended.phase;
  out.reason = ended.phase == Phase::Succeeded ? std::string(reason_inherited) : ended.reason;
  out.message = ended.message;
  out.exit_code = ended.exit_code;
  out.output = ended.output;
  out.count = ended.count;
  out.succeeded_indexes = ended.succeeded_indexes;
  out.failed_indexes = ended.failed_indexes;
  out.inherited_from = ended.is_inherited() ? ended.inherited_from : run;
  return out;
}

bool has_to_inherit(const Snapshot& snapshot) {
  const api::WorkflowRun& run = *snapshot.run;
  return run.spec.rerun_of && !run.status.rerun_of && !run.spec.cancel;
}

Result<Inheritance, Verdict> inherit(const Snapshot& snapshot, const Json& params) {
  const api::RerunOf& rerun_of = *snapshot.run->spec.rerun_of;
  if (auto problem = problem_of_task(*snapshot.definition, rerun_of.from)) return Err(*std::move(problem));
  Inheritance out;
  const auto found = snapshot.earlier.find(rerun_of.name);
  if (found == snapshot.earlier.end()) {
    out.look_up = Missing{Missing::Kind::Run, rerun_of.name, ""};
    if (!snapshot.gone.contains(*out.look_up)) return out;
    return Err(cannot_begin("RerunSourceNotFound", "there is no run " + rerun_of.name + " in namespace " +
                                                       snapshot.run->meta.ns + ", which this one is a rerun of"));
  }
  const EarlierRun& earlier = found->second;
  if (auto problem = problem_of_earlier(rerun_of, earlier)) return Err(*std::move(problem));
  const api::WorkflowRun& run = *earlier.run;
  out.told = {.name = rerun_of.name, .uid = run.meta.uid};
  out.tasks.resize(snapshot.definition->tasks.size());
  if (rerun_of.from.empty() || !has_something_to_give(run)) return out;
  if (earlier.definition == nullptr) {
    out.look_up = Missing{Missing::Kind::Revision, run.status.revision, ""};
    if (!snapshot.gone.contains(*out.look_up)) return out;
    return Err(
        cannot_begin("RerunRevisionNotFound",
                     "ControllerRevision " + run.status.revision + ", which run " + rerun_of.name +
                         " started from, is gone, so nothing of it can be inherited: leave out spec.rerunOf.from"));
  }
  const auto earlier_params = workflow::resolve_params(earlier.definition->params, run.spec.params);
  if (!earlier_params) return out;  // it can't have done anything with these
  const auto ends = inheritable({*snapshot.definition, params}, {*earlier.definition, *earlier_params},
                                run.status.tasks, rerun_of.from);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i] == nullptr) continue;
    out.tasks[i] = std::make_shared<const TaskStatus>(inherited_of(*ends[i], rerun_of.name));
    ++out.told.inherited;
  }
  return out;
}

}  // namespace ork::run
