#include "controllers/run/children.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "controllers/api/condition.hpp"
#include "controllers/jobs/belonging.hpp"
#include "controllers/jobs/failure.hpp"
#include "controllers/jobs/limits.hpp"
#include "controllers/jobs/names.hpp"
#include "controllers/observe/trace.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/obsolete.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using api::WorkflowRun;

bool is_live(const WorkflowRun& run) { return !api::is_final(run.status.phase); }

// The task of `parent` that it is an attempt of, by its place; -1: none.
int task_of(const workflow::Definition& definition, const api::ObjectMeta& parent, const WorkflowRun& child) {
  if (!child.spec.child_of) return -1;
  const api::ChildOf& of = *child.spec.child_of;
  const int task = definition.index_of(of.task);
  if (task < 0 || of.attempt < 1 || of.attempt > max_attempt) return -1;
  const workflow::CompiledTask& compiled = definition.tasks[static_cast<std::size_t>(task)];
  if (!compiled.calls() || compiled.fans_out() != (of.index >= 0) || of.index >= workflow::max_children) return -1;
  return child.meta.name == child_name(parent, of.task, of.attempt, of.index) ? task : -1;
}

api::Job as_job(const api::ObjectMeta& parent, const std::vector<const WorkflowRun*>& runs) {
  const api::ChildOf& of = *runs.front()->spec.child_of;
  api::Job out;
  out.meta = runs.front()->meta;
  out.meta.name = child_name(parent, of.task, of.attempt, -1);
  out.task = of.task;
  out.attempt = of.attempt;
  out.indexed = of.index >= 0;
  out.completions = of.count;
  out.finished = std::none_of(runs.begin(), runs.end(), [](const WorkflowRun* run) { return is_live(*run); });
  for (const WorkflowRun* run : runs) out.meta.creation_ms = std::min(out.meta.creation_ms, run->meta.creation_ms);
  return out;
}

// A finished run is held without its message; its conditions have it.
std::string word_of(const WorkflowRun& run) {
  const api::Condition* condition = api::find_condition(run.status.conditions, "Succeeded");
  return jobs::printable_head(condition != nullptr ? condition->message : run.status.message,
                              jobs::max_failure_message);
}

std::string told_of(const WorkflowRun& run) {
  const bool cancelled = run.status.phase == Phase::Cancelled;
  const std::string word = word_of(run);
  return "run " + run.meta.name + (cancelled ? " was cancelled" : " failed") + (word.empty() ? "" : ": " + word);
}

void add(const WorkflowRun& run, jobs::Outcome& all) {
  const std::int64_t index = run.spec.child_of->index;
  const jobs::Outcome one = outcome_of_run(run);
  all.start_ms = all.start_ms == 0 ? one.start_ms : std::min(all.start_ms, one.start_ms);
  all.completion_ms = std::max(all.completion_ms, one.completion_ms);
  if (one.state == jobs::State::Succeeded) {
    all.succeeded.insert(index);
  } else if (one.state == jobs::State::Failed) {
    all.failed.insert(index);
    if (all.program_failures.size() < jobs::max_ways_to_fail)
      all.program_failures.push_back({one.cause, std::nullopt, one.message});
    // Of the first one it is told what happened.
    if (all.message.empty()) all.message = "index " + std::to_string(index) + ": " + one.message;
  } else {
    ++all.active;
  }
}

}  // namespace

std::string child_name(const api::ObjectMeta& parent, std::string_view task, int attempt, std::int64_t index) {
  std::string name = jobs::job_name(parent.name, parent.uid, task, attempt);
  return index < 0 ? name : name + "-" + std::to_string(index);
}

std::string build_child(const ChildRequest& request) {
  const api::ChildOf& of = request.of;
  const api::ObjectMeta& parent = request.parent.meta;
  Json labels = jobs::labels_of(parent, request.workflow, of.task);
  labels[std::string(api::label_attempt)] = std::to_string(of.attempt);
  labels.update(Json(request.queue));
  Json child_of = {{"task", of.task}, {"attempt", of.attempt}};
  if (of.index >= 0) {
    child_of["index"] = of.index;
    child_of["count"] = of.count;
  }
  const std::string name = child_name(parent, of.task, of.attempt, of.index);
  Json metadata = jobs::metadata_of(parent, name, std::move(labels));
  metadata["annotations"][std::string(api::annotation_traceparent)] =
      observe::traceparent_of(request.parent, of.task, of.attempt);
  return jobs::body_of(
      {{"apiVersion", api::api_version},
       {"kind", "WorkflowRun"},
       {"metadata", std::move(metadata)},
       {"spec",
        {{"workflowRef", {{"name", request.calls}}}, {"params", request.params}, {"childOf", std::move(child_of)}}}});
}

Children::Children(const Snapshot& snapshot) {
  std::map<std::pair<int, int>, std::vector<const WorkflowRun*>> found;  // by task and attempt
  const api::ObjectMeta& parent = snapshot.run->meta;
  for (const WorkflowRun* child : snapshot.children) {
    const int task = task_of(*snapshot.definition, parent, *child);
    if (task >= 0) found[{task, child->spec.child_of->attempt}].push_back(child);
  }
  for (auto& [key, runs] : found) {
    jobs_.push_back(as_job(parent, runs));
    attempts_.push_back({&jobs_.back(), {}, std::move(runs)});
  }
}

const ObservedJob* Children::find(std::string_view task, int attempt) const {
  for (const ObservedJob& observed : attempts_) {
    if (observed.job->attempt == attempt && observed.job->task == task) return &observed;
  }
  return nullptr;
}

jobs::Outcome outcome_of_run(const WorkflowRun& run) {
  jobs::Outcome out;
  out.start_ms = run.status.start_ms != 0 ? run.status.start_ms : run.meta.creation_ms;
  switch (run.status.phase) {
    case Phase::Succeeded:
      out.state = jobs::State::Succeeded;
      out.completion_ms = run.status.completion_ms;
      return out;
    case Phase::Failed:
    case Phase::Skipped:  // no run ends so, unless somebody has written it
    case Phase::UpstreamFailed:
    case Phase::Cancelled:
      out.state = jobs::State::Failed;
      out.cause = api::Cause::Program;
      out.reason = run.status.phase == Phase::Cancelled ? "RunCancelled" : "RunFailed";
      out.message = told_of(run);
      out.completion_ms = run.status.completion_ms;
      return out;
    case Phase::Pending:
    case Phase::Queued: {
      // One that has only been made says nothing yet.
      const api::Condition* condition = api::find_condition(run.status.conditions, "Succeeded");
      if (condition == nullptr || condition->reason == "Pending") return out;
      out.reason = condition->reason;
      out.message = "run " + run.meta.name + ": " + word_of(run);
      return out;
    }
    default: out.state = jobs::State::Running; return out;
  }
}

jobs::Outcome outcome_of_children(const ObservedJob& attempt, std::int64_t count, const api::IndexSet& done) {
  if (count == 0) return outcome_of_run(*attempt.children.front());
  jobs::Outcome out;
  out.succeeded = done;
  for (const WorkflowRun* run : attempt.children) {
    if (run->spec.child_of->index < count) add(*run, out);
  }
  out.state = jobs::State::Running;
  if (out.active > 0 || out.succeeded.size() + out.failed.size() < count) {
    out.message.clear();
    out.completion_ms = 0;
  } else if (out.failed.empty()) {
    out.state = jobs::State::Succeeded;
    out.message.clear();
  } else {
    out.state = jobs::State::Failed;
    out.cause = api::Cause::Program;
    out.reason = "RunFailed";
    const std::string more =
        out.failed.size() == 1 ? "" : " (of " + std::to_string(out.failed.size()) + " that failed)";
    out.message += more;
  }
  return out;
}

bool is_unwanted(const WorkflowRun& parent, const api::ChildOf& child) {
  if (api::is_final(parent.status.phase)) return true;
  for (const api::TaskStatusPtr& task : parent.status.tasks) {
    if (task->name == child.task) return is_given_up(*task, child.attempt);
  }
  return false;
}

}  // namespace ork::run
