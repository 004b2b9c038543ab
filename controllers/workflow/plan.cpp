#include "controllers/workflow/plan.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "controllers/workflow/circuit.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/revision.hpp"

namespace ork::workflow {
namespace {

using api::Condition;
using api::Revision;

// Newest first. Two of the same number: by name, so that the order is always the same.
std::vector<const Revision*> sorted(std::vector<const Revision*> revisions) {
  std::sort(revisions.begin(), revisions.end(), [](const Revision* a, const Revision* b) {
    return std::tie(b->revision, b->meta.name) < std::tie(a->revision, a->meta.name);
  });
  return revisions;
}

// By value, not by name: a hash may meet another, and 3 and 3.0 are one spec with two hashes.
const Revision* holding(const std::vector<const Revision*>& revisions, const api::Json& spec) {
  const auto found = std::find_if(revisions.begin(), revisions.end(),
                                  [&](const Revision* r) { return !r->meta.deleting && *r->spec == spec; });
  return found == revisions.end() ? nullptr : *found;
}

NewRevision new_revision(const api::Workflow& workflow, const std::vector<const Revision*>& revisions) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(revisions.begin(), revisions.end(), [&](const Revision* r) { return r->meta.name == name; });
  };
  int salt = 0;
  std::string name = revision_name(workflow.meta.name, workflow.spec);
  while (taken(name)) name = revision_name(workflow.meta.name, workflow.spec, ++salt);
  const std::int64_t number = revisions.empty() ? 1 : revisions.front()->revision + 1;
  auto body = build_revision(workflow, name, number);
  return {std::move(name), std::move(body)};
}

// All but the one to keep, the pinned ones, and the newest `spare` of the rest. `revisions` newest first.
std::vector<OldRevision> obsolete(const std::vector<const Revision*>& revisions, const WorkflowSnapshot& snapshot,
                                  const std::string& keep, std::size_t spare) {
  std::vector<OldRevision> out;
  for (const Revision* revision : revisions) {
    const std::string& name = revision->meta.name;
    if (name == keep || revision->meta.deleting || snapshot.pinned.count(name) > 0) continue;
    if (spare > 0) {
      --spare;
      continue;
    }
    out.push_back({name, revision->meta.uid});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string count_of(std::size_t tasks) { return std::to_string(tasks) + (tasks == 1 ? " task" : " tasks"); }

Condition condition(const api::Workflow& workflow, std::string type, api::ConditionStatus status, std::string reason,
                    std::string message, api::TimeMs now) {
  return {.type = std::move(type),
          .status = status,
          .observed_generation = workflow.meta.generation,
          .last_transition_ms = now,
          .reason = std::move(reason),
          .message = std::move(message)};
}

api::WorkflowStatus valid_status(const WorkflowSnapshot& snapshot, const Definition& definition,
                                 const Revision& revision, api::TimeMs now) {
  const api::Workflow& workflow = *snapshot.workflow;
  api::WorkflowStatus status = workflow.status;
  status.observed_generation = workflow.meta.generation;
  status.revision = revision.meta.name;
  status.tasks = static_cast<std::int64_t>(definition.first_hook);
  status.conditions = {condition(workflow, "Ready", api::ConditionStatus::True, "Valid",
                                 count_of(definition.first_hook) + "; runs start from revision " + revision.meta.name,
                                 now)};
  status.circuit = circuit_after(workflow, definition, snapshot.finished, now);
  if (auto suspension = suspension_of(workflow, definition, status.circuit)) {
    status.conditions.push_back(condition(workflow, "Suspended", api::ConditionStatus::True,
                                          std::move(suspension->reason), std::move(suspension->message), now));
  }
  return status;
}

api::WorkflowStatus invalid_status(const api::Workflow& workflow, const std::vector<Problem>& problems,
                                   api::TimeMs now) {
  const std::string message = describe(problems);
  api::WorkflowStatus status = workflow.status;
  status.observed_generation = workflow.meta.generation;
  status.conditions = {condition(workflow, "Ready", api::ConditionStatus::False, "InvalidSpec", message, now),
                       condition(workflow, "Stalled", api::ConditionStatus::True, "InvalidSpec", message, now)};
  return status;
}

void follow_schedule(const WorkflowSnapshot& snapshot, const Definition& definition, api::TimeMs now,
                     WorkflowPlan& plan) {
  const bool suspended = suspension_of(*snapshot.workflow, definition, plan.status.circuit).has_value();
  ScheduleDecision decision = decide_schedule({.workflow = *snapshot.workflow,
                                               .schedule = *definition.schedule,
                                               .runs = snapshot.scheduled,
                                               .refused = snapshot.refused ? &*snapshot.refused : nullptr,
                                               .suspended = suspended,
                                               .utc_offset_s = snapshot.utc_offset_s},
                                              now);
  plan.status.schedule = std::move(decision.status);
  plan.create_run = std::move(decision.create);
  plan.cancel_runs = std::move(decision.cancel);
  plan.wake_ms = decision.wake_ms;
}

}  // namespace

CompiledWorkflow compile_workflow(const api::Workflow& workflow) {
  CompiledWorkflow out{.uid = workflow.meta.uid, .generation = workflow.meta.generation};
  auto compiled = compile(workflow.spec);
  if (compiled) {
    out.definition = std::make_shared<const Definition>(std::move(*compiled));
  } else {
    out.problems = std::move(compiled).error();
  }
  return out;
}

bool is_current(const CompiledWorkflow& compiled, const api::Workflow& workflow) {
  return compiled.uid == workflow.meta.uid && compiled.generation == workflow.meta.generation;
}

WorkflowPlan plan(const WorkflowSnapshot& snapshot, api::TimeMs now) {
  WorkflowPlan out;
  const auto revisions = sorted(snapshot.revisions);
  if (snapshot.workflow == nullptr) {
    std::vector<OldRevision> unused = obsolete(revisions, snapshot, "", 0);
    out.look_up_workflow = !snapshot.gone && !unused.empty();
    if (snapshot.gone) out.delete_revisions = std::move(unused);
    return out;
  }
  const api::Workflow& workflow = *snapshot.workflow;
  out.status = workflow.status;
  if (workflow.meta.deleting) return out;  // the next plan finds it gone

  const Definition* definition = snapshot.compiled->definition.get();
  const Revision* current = definition == nullptr ? nullptr : holding(revisions, workflow.spec);
  if (definition != nullptr && current == nullptr) {
    out.create_revision = new_revision(workflow, revisions);
    return out;
  }
  out.status = definition != nullptr ? valid_status(snapshot, *definition, *current, now)
                                     : invalid_status(workflow, snapshot.compiled->problems, now);
  if (definition != nullptr) out.status.schedule.reset();
  if (definition != nullptr && definition->schedule) follow_schedule(snapshot, *definition, now, out);
  out.status.conditions = api::keep_transition_times(workflow.status.conditions, std::move(out.status.conditions));
  out.status_changed = out.status != workflow.status;
  out.delete_revisions = obsolete(revisions, snapshot, out.status.revision, max_old_revisions);
  return out;
}

}  // namespace ork::workflow
