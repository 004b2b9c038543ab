#include "operator/reconcile/gather.hpp"

#include "controllers/run/limits.hpp"
#include "controllers/workflow/circuit.hpp"
#include "controllers/workflow/compile.hpp"
#include "operator/reconcile/earlier_run.hpp"
#include "operator/time_zones/time_zones.hpp"

namespace ork::reconcile {
namespace {

using run::DefinitionState;

void find_inline(const api::WorkflowRun& run, RunActivity& activity, run::Snapshot& snapshot) {
  if (activity.definition == nullptr && activity.problems.empty()) {
    auto compiled = workflow::compile(*run.spec.workflow, "spec.workflow");
    if (compiled) {
      activity.definition = std::make_shared<const workflow::Definition>(std::move(*compiled));
    } else {
      activity.problems = workflow::describe(compiled.error());
    }
  }
  snapshot.definition = activity.definition;
  snapshot.problems = activity.problems;
  snapshot.definition_state = snapshot.definition ? DefinitionState::Found : DefinitionState::WorkflowInvalid;
}

// The revision that holds a valid Workflow's present spec; empty while it is not known to be stored.
std::string current_revision(const api::Workflow& workflow) {
  const api::Condition* ready = api::find_condition(workflow.status.conditions, "Ready");
  const bool current = workflow.status.observed_generation == workflow.meta.generation && ready != nullptr &&
                       ready->status == api::ConditionStatus::True;
  return current ? workflow.status.revision : "";
}

DefinitionState find_pinned(const Mirror& mirror, Definitions& definitions, const api::WorkflowRun& run,
                            RunActivity& activity, run::Snapshot& snapshot) {
  snapshot.revision = activity.revision;
  if (activity.definition == nullptr) {
    const api::Revision* revision = mirror.revisions.find({run.meta.ns, activity.revision});
    if (revision == nullptr) return DefinitionState::RevisionMissing;
    if (revision->workflow != run.spec.workflow_ref) {
      snapshot.problems = "ControllerRevision " + activity.revision + " is none of Workflow " + run.spec.workflow_ref;
      return DefinitionState::WorkflowInvalid;
    }
    activity.definition = definitions.of(*revision);
    if (activity.definition == nullptr) return DefinitionState::RevisionMissing;
  }
  snapshot.definition = activity.definition;
  return DefinitionState::Found;
}

// Who has not started does not, whatever revision it asks for.
bool is_held_back(const api::Workflow* workflow, Definitions& definitions, const api::WorkflowRun& run,
                  run::Snapshot& snapshot) {
  if (workflow == nullptr || !run.status.revision.empty()) return false;
  const auto definition = definitions.of(*workflow).definition;
  if (definition != nullptr) snapshot.problems = workflow::why_suspended(*workflow, *definition);
  return !snapshot.problems.empty();
}

DefinitionState find_by_name(const Mirror& mirror, Definitions& definitions, const api::WorkflowRun& run,
                             RunActivity& activity, run::Snapshot& snapshot) {
  // What is stored counts: another operator may have chosen first.
  if (!run.status.revision.empty() && activity.revision != run.status.revision) {
    activity.revision = run.status.revision;
    activity.definition.reset();
  }
  const api::Workflow* workflow = mirror.workflows.find({run.meta.ns, run.spec.workflow_ref});
  if (workflow != nullptr) snapshot.workflow_queue = &workflow->queue_labels;
  if (is_held_back(workflow, definitions, run, snapshot)) {
    activity.revision.clear();
    activity.definition.reset();
    return DefinitionState::WorkflowSuspended;
  }
  if (activity.revision.empty()) activity.revision = run.spec.workflow_revision;
  if (!activity.revision.empty()) return find_pinned(mirror, definitions, run, activity, snapshot);
  if (workflow == nullptr) return DefinitionState::WorkflowMissing;
  const workflow::CompiledWorkflow& compiled = definitions.of(*workflow);
  if (compiled.definition == nullptr) {
    snapshot.problems = workflow::describe(compiled.problems);
    return DefinitionState::WorkflowInvalid;
  }
  const std::string revision = current_revision(*workflow);
  if (revision.empty() || mirror.revisions.find({run.meta.ns, revision}) == nullptr)
    return DefinitionState::NotYetReady;
  activity.revision = revision;
  return find_pinned(mirror, definitions, run, activity, snapshot);
}

void add_earlier(const Mirror& mirror, Definitions& definitions, const api::WorkflowRun& run, RunActivity& activity,
                 run::Snapshot& snapshot) {
  if (run.spec.rerun_of && !run.status.rerun_of) {
    const auto repeated = activity.earlier.find(run.spec.rerun_of->name);
    if (repeated != activity.earlier.end()) find_definition(mirror, definitions, repeated->second);
  }
  snapshot.earlier = activity.earlier;
  snapshot.results = &mirror.results();
}

// Owners can't be a circle; what is deeper than runs may be is not asked for.
void add_parent(const Mirror& mirror, const api::WorkflowRun& run, run::Snapshot& snapshot) {
  if (!run.spec.child_of) return;
  const api::WorkflowRun* above = mirror.runs.find_uid(run.meta.owner_uid);
  if (above == nullptr) return;
  run::ParentRun parent{.run = above};
  for (std::size_t depth = 0; above != nullptr && depth < run::max_call_depth; ++depth) {
    parent.suspended = parent.suspended || above->spec.suspend;
    parent.workflows.insert(parent.workflows.begin(), above->spec.workflow_ref);
    above = above->spec.child_of ? mirror.runs.find_uid(above->meta.owner_uid) : nullptr;
  }
  snapshot.parent = std::move(parent);
}

// What runs that it has called, or waits for, have come to.
void add_other_runs(const Mirror& mirror, const api::WorkflowRun& run, run::Snapshot& snapshot) {
  if (snapshot.definition == nullptr) return;
  for (const api::WorkflowRun* child : mirror.runs.owned_by(run.meta.uid)) snapshot.children.push_back(child);
  if (!snapshot.definition->waits_for_others) return;
  for (const api::TaskStatusPtr& task : run.status.tasks) {
    if (task->run.empty() || task->phase != api::Phase::Running) continue;
    if (const api::WorkflowRun* other = mirror.runs.find({run.meta.ns, task->run}))
      snapshot.awaited.emplace(task->run, other);
  }
}

void add_lost_jobs(const Mirror& mirror, const api::WorkflowRun& run, run::Snapshot& snapshot) {
  const std::vector<LostJob>* lost = mirror.lost_jobs(run.meta.uid);
  if (lost == nullptr) return;
  for (const LostJob& entry : *lost) {
    if (!still_counts(run, entry.job)) continue;
    run::ObservedJob observed{&entry.job, {}};
    for (const api::Pod& pod : entry.pods) observed.pods.push_back(&pod);
    snapshot.jobs.push_back(std::move(observed));
  }
}

}  // namespace

bool still_counts(const api::WorkflowRun& run, const api::Job& job) {
  for (const api::TaskStatusPtr& task : run.status.tasks) {
    if (task->name != job.task) continue;
    const bool told =
        task->attempt > job.attempt || (task->attempt == job.attempt && task->phase == api::Phase::Retrying);
    return !told && !api::is_final(task->phase);
  }
  return true;
}

run::Snapshot gather_run(const Mirror& mirror, Definitions& definitions, const api::WorkflowRun& run,
                         RunActivity& activity, const runtime::Loop& clock) {
  run::Snapshot snapshot;
  snapshot.run = &run;
  snapshot.workflow_name = run.spec.workflow_ref;
  if (api::is_final(run.status.phase)) {
    activity.definition.reset();
  } else if (run.spec.workflow != nullptr) {
    find_inline(run, activity, snapshot);
  } else {
    snapshot.definition_state = find_by_name(mirror, definitions, run, activity, snapshot);
  }
  add_earlier(mirror, definitions, run, activity, snapshot);
  add_parent(mirror, run, snapshot);
  add_other_runs(mirror, run, snapshot);
  for (const api::Job* job : mirror.jobs.owned_by(run.meta.uid)) {
    const auto pods = mirror.pods.owned_by(job->meta.uid);
    snapshot.jobs.push_back({job, {pods.begin(), pods.end()}});
    const std::vector<api::Pod>* ended = mirror.ended_pods(job->meta.uid);
    if (ended == nullptr) continue;
    for (const api::Pod& pod : *ended) snapshot.jobs.back().pods.push_back(&pod);
  }
  add_lost_jobs(mirror, run, snapshot);
  for (const auto& [name, refused] : activity.refused) {
    const auto left = std::chrono::ceil<runtime::Duration>(refused.again - clock.now());
    snapshot.refused.push_back(refused.job);
    snapshot.refused.back().retry_ms = clock.wall_ms() + left.count();
  }
  snapshot.known_ms = std::chrono::duration_cast<runtime::Duration>(clock.now() - activity.since).count();
  snapshot.creating = activity.creating;
  snapshot.gone = activity.gone;
  snapshot.utc_offset_s = time_zones::utc_offset_s;
  return snapshot;
}

workflow::WorkflowSnapshot gather_workflow(const Mirror& mirror, Definitions& definitions, const std::string& key,
                                           std::set<std::string, std::less<>> pinned) {
  const auto [ns, name] = runtime::ObjectKey::parse(key);
  workflow::WorkflowSnapshot snapshot;
  snapshot.ns = ns;
  snapshot.name = name;
  snapshot.workflow = mirror.workflows.find({ns, name});
  if (snapshot.workflow != nullptr) snapshot.compiled = &definitions.of(*snapshot.workflow);
  snapshot.revisions = mirror.revisions_of(key);
  snapshot.pinned = std::move(pinned);
  return snapshot;
}

}  // namespace ork::reconcile
