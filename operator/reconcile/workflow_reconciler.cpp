#include "operator/reconcile/workflow_reconciler.hpp"

#include <algorithm>

#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/gather.hpp"
#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/limits.hpp"
#include "operator/reconcile/look_up.hpp"
#include "operator/time_zones/time_zones.hpp"

namespace ork::reconcile {

using runtime::ObjectKey;

namespace {

std::vector<workflow::FinishedRun> finished_of(const RunReconciler::Runs& runs) {
  std::vector<workflow::FinishedRun> out;
  for (const api::WorkflowRun* run : runs) {
    if (!api::is_final(run->status.phase) || run->meta.deleting) continue;
    out.push_back({run->meta.name, run->meta.uid, run->status.completion_ms, run->status.phase});
  }
  return out;
}

// What a person should hear of: the status has come to say that it is so.
void tell_of(const char* type, const api::WorkflowStatus& before, const api::Workflow& written, EventRecorder& events) {
  const api::Condition* is = api::find_condition(written.status.conditions, type);
  const api::Condition* was = api::find_condition(before.conditions, type);
  if (is == nullptr || (was != nullptr && was->message == is->message)) return;
  events.record(written.meta, "Workflow", {run::EventType::Warning, is->reason, is->message});
}

}  // namespace

WorkflowReconciler::WorkflowReconciler(ReconcileContext context, RunReconciler& runs)
    : context_(std::move(context)),
      runs_(runs),
      views_(context_.transport, context_.loop, context_.taken_at),
      queue_(context_.loop, [this](const std::string& key) { process(key); }) {}

void WorkflowReconciler::process(const std::string& key) {
  if (const auto wait = not_before_.find(key); wait != not_before_.end()) {
    const runtime::Instant now = context_.loop.now();
    if (now < wait->second) {
      queue_.add_after(key, std::chrono::ceil<runtime::Duration>(wait->second - now));
      return queue_.done(key);
    }
    not_before_.erase(wait);
  }
  if (context_.works_on(key)) {
    const RunReconciler::Runs runs = context_.mirror.runs_of(key);
    queue_.set_spacing(key, std::chrono::duration_cast<runtime::Duration>(limits::workflow_spacing_per_run *
                                                                          static_cast<int>(runs.size())));
    workflow::WorkflowSnapshot snapshot =
        gather_workflow(context_.mirror, context_.definitions, key, runs_.pinned_revisions(runs));
    // The word of that moment, used once: it may be made again.
    snapshot.gone = gone_.erase(key) > 0;
    add_scheduled(key, runs, snapshot);
    snapshot.finished = finished_of(runs);
    const runtime::Instant began = context_.loop.now();
    workflow::WorkflowPlan plan = workflow::plan(snapshot, context_.loop.wall_ms());
    const bool changed =
        plan.create_revision || !plan.delete_revisions.empty() || plan.create_run || plan.status_changed;
    if (plan.create_revision) create_revision(key, snapshot.ns, *plan.create_revision);
    for (const workflow::OldRevision& revision : plan.delete_revisions) delete_revision(key, snapshot.ns, revision);
    if (plan.look_up_workflow) look_up(key, snapshot);
    if (snapshot.workflow == nullptr) {
      context_.definitions.forget_workflow(key);
      made_.erase(key);
      wanted_.erase(key);
      unknown_.erase(key);
    } else {
      // What tells that it was made waits as well.
      if (plan.create_run && !is_fresh(key, *snapshot.workflow)) return queue_.done(key);
      if (plan.create_run) create_run(key, *snapshot.workflow, *plan.create_run);
      for (const std::string& run : plan.cancel_runs) cancel_run(key, snapshot.ns, run);
      if (plan.wake_ms) queue_.add_after(key, runtime::Duration{*plan.wake_ms - context_.loop.wall_ms()});
      if (plan.status_changed) write_status(key, *snapshot.workflow, std::move(plan.status));
      delete_expired_runs(key, snapshot);
    }
    runs_.wake_waiting(runs);
    if (context_.observer != nullptr) context_.observer->reconciled("Workflow", changed, context_.loop.now() - began);
  }
  queue_.done(key);
}

// Who had its share before may have made that run, and deleted it again.
bool WorkflowReconciler::is_fresh(const std::string& key, const api::Workflow& workflow) {
  return views_.is_fresh(workflows(), workflow.meta, key,
                         [this, key](runtime::Duration wait) { queue_.add_after(key, wait); });
}

void WorkflowReconciler::let_go(const std::function<bool(std::string_view share_key)>& which) {
  const auto is_theirs = [&](const auto& entry) { return which(entry.first); };
  std::erase_if(not_before_, is_theirs);
  std::erase_if(made_, is_theirs);
  std::erase_if(wanted_, is_theirs);
  std::erase_if(unknown_, is_theirs);
  std::erase_if(gone_, which);
}

void WorkflowReconciler::send(const std::string& key, const std::string& id, kube::Request request,
                              std::function<void(const kube::Response&)> on_done) {
  const std::string mark = key + " " + id;
  if (!under_way_.insert(mark).second) return;
  context_.transport.call(std::move(request), [this, key, mark, on_done = std::move(on_done)](const Answer& answer) {
    under_way_.erase(mark);
    if (answer) {
      queue_.forget(key);
      on_done(*answer);
      return;
    }
    const kube::Error& error = answer.error();
    if (worth_a_line(error)) context_.trouble("Workflow " + key + ": " + error.message);
    retry(key, error);
  });
}

void WorkflowReconciler::retry(const std::string& key, const kube::Error& error) {
  // Until the watch has shown what is stored it would be the same again, however often a run changes meanwhile.
  const runtime::Duration wished = std::clamp(least_wait(error), limits::status_spacing, limits::longest_wished_wait);
  not_before_[key] = context_.loop.now() + wished;
  queue_.retry(key, wished);
}

void WorkflowReconciler::create_revision(const std::string& key, const std::string& ns,
                                         const workflow::NewRevision& revision) {
  const runtime::Instant now = context_.loop.now();
  const auto made = made_.find(key);
  // Somebody deletes it whose view is another: not as fast as both can.
  if (made != made_.end() && made->second.name == revision.name && now < made->second.at + limits::status_spacing) {
    return queue_.add_after(key, std::chrono::ceil<runtime::Duration>(made->second.at + limits::status_spacing - now));
  }
  made_[key] = {revision.name, now};
  std::string body = revision.body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  send(key, "create " + revision.name, kube::create_request(controller_revisions(), ns, std::move(body)),
       [](const kube::Response&) {});
}

void WorkflowReconciler::add_scheduled(const std::string& key, const RunReconciler::Runs& runs,
                                       workflow::WorkflowSnapshot& snapshot) {
  if (snapshot.workflow == nullptr) return;
  snapshot.utc_offset_s = time_zones::utc_offset_s;
  for (const api::WorkflowRun* run : runs) {
    if (run->meta.owner_uid != snapshot.workflow->meta.uid) continue;
    snapshot.scheduled.push_back(
        {run->meta.name, run->meta.uid, api::is_final(run->status.phase), run->spec.cancel || run->meta.deleting});
  }
  const auto wanted = wanted_.find(key);
  if (wanted == wanted_.end() || wanted->second.workflow_uid != snapshot.workflow->meta.uid) return;
  const auto& [uid, name, refused] = wanted->second;
  if (!refused.empty()) {
    snapshot.refused = workflow::RefusedRun{name, refused};
  } else if (context_.mirror.runs.find({snapshot.ns, name}) == nullptr) {
    snapshot.scheduled.push_back({.name = name, .ended = true});
  }
}

// One after the other: whether the next one may be made hangs on this one.
void WorkflowReconciler::create_run(const std::string& key, const api::Workflow& workflow,
                                    const workflow::NewRun& run) {
  const std::string mark = key + " run";
  if (under_way_.contains(mark)) return;
  const std::string ns = workflow.meta.ns, uid = workflow.meta.uid;
  if (const auto unknown = unknown_.find(key); unknown != unknown_.end())
    return check_existing_run(key, ns, unknown->second, uid);
  under_way_.insert(mark);
  auto request = kube::create_request(workflow_runs(), ns,
                                      run.body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  request.accept = "application/json";
  context_.transport.call(std::move(request), [this, key, mark, ns, uid, name = run.name](const Answer& answer) {
    under_way_.erase(mark);
    if (answer && note_made(answer->body)) {
      queue_.forget(key);
      wanted_[key] = {uid, name, ""};
      return queue_.add(key);
    }
    if (answer || answer.error().code == kube::Errc::AlreadyExists || answer.error().may_have_applied()) {
      unknown_[key] = name;
      return check_existing_run(key, ns, name, uid);
    }
    const kube::Error& error = answer.error();
    if (worth_a_line(error)) context_.trouble("WorkflowRun " + ns + "/" + name + ": " + error.message);
    // It would be refused again.
    if (error.code == kube::Errc::Invalid) wanted_[key] = {uid, name, error.message};
    retry(key, error);
  });
}

// What the watch is yet to show counts at once: where it is far behind, the schedule's next time comes before.
bool WorkflowReconciler::note_made(const std::string& body) {
  auto run = read_run_answer(body);
  if (!run) return false;
  context_.mirror.note_made(*std::move(run));
  return true;
}

void WorkflowReconciler::check_existing_run(const std::string& key, const std::string& ns, const std::string& name,
                                            const std::string& workflow_uid) {
  const std::string mark = key + " run";
  if (!under_way_.insert(mark).second) return;
  context_.transport.call(
      kube::get_request(workflow_runs(), ns, name), [this, key, mark, name, workflow_uid](const Answer& answer) {
        under_way_.erase(mark);
        const auto owner = answer ? read_controller_answer(answer->body) : std::nullopt;
        if (!owner) {
          if (!answer && answer.error().code == kube::Errc::NotFound) unknown_.erase(key);
          return retry(key, answer ? unreadable_answer("WorkflowRun " + name) : answer.error());
        }
        unknown_.erase(key);
        const bool ours = *owner == workflow_uid;
        if (ours) note_made(answer->body);
        wanted_[key] = {workflow_uid, name, ours ? "" : "there is a run of its name that the schedule has not made"};
        queue_.add(key);
      });
}

void WorkflowReconciler::cancel_run(const std::string& key, const std::string& ns, const std::string& name) {
  const api::WorkflowRun* run = context_.mirror.runs.find({ns, name});
  if (run == nullptr) return;
  const nlohmann::json patch = {{"metadata", {{"resourceVersion", run->meta.resource_version}}},
                                {"spec", {{"cancel", true}}}};
  api::WorkflowRun written = *run;
  written.spec.cancel = true;
  ++written.meta.generation;  // as the API server does where a spec changes
  send(key, "cancel " + name, kube::patch_request(workflow_runs(), ns, name, "", kube::PatchType::Merge, patch.dump()),
       [this, written = std::move(written)](const kube::Response& answer) mutable {
         const auto version = written_version(answer.body);
         if (!version) return;  // the watch is going to show it
         written.meta.resource_version = *version;
         const std::string cancelled = api::key_of(written.meta);
         context_.mirror.note_written(std::move(written));
         runs_.changed(cancelled);  // a watch that shows it only now shows nothing new
       });
}

void WorkflowReconciler::delete_revision(const std::string& key, const std::string& ns,
                                         const workflow::OldRevision& revision) {
  send(key, "delete " + revision.uid, kube::delete_request(controller_revisions(), ns, revision.name, revision.uid),
       [](const kube::Response&) {});
}

void WorkflowReconciler::look_up(const std::string& key, const workflow::WorkflowSnapshot& snapshot) {
  const std::string mark = key + " look up";
  if (!under_way_.insert(mark).second) return;
  look_up_workflow(context_.transport, snapshot.ns, snapshot.name,
                   [this, key, mark](const Result<bool, kube::Error>& there) {
                     under_way_.erase(mark);
                     if (!there) {
                       context_.trouble("Workflow " + key + ": " + there.error().message);
                       return retry(key, there.error());
                     }
                     if (*there) return queue_.add_after(key, limits::look_up_again);
                     gone_.insert(key);
                     queue_.add(key);
                   });
}

void WorkflowReconciler::write_status(const std::string& key, const api::Workflow& workflow,
                                      api::WorkflowStatus status) {
  const nlohmann::json patch = {{"metadata", {{"resourceVersion", workflow.meta.resource_version}}},
                                {"status", api::encode_status(status)}};
  auto request =
      kube::patch_request(workflows(), workflow.meta.ns, workflow.meta.name, "status", kube::PatchType::Merge,
                          patch.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  api::Workflow written = workflow;
  written.status = std::move(status);
  send(key, "status", std::move(request),
       [this, key, before = workflow.status, written = std::move(written)](const kube::Response& answer) mutable {
         const auto version = written_version(answer.body);
         if (!version) return queue_.retry(key);  // the watch is going to show what was stored
         written.meta.resource_version = *version;
         for (const char* type : {"Stalled", "Suspended"}) tell_of(type, before, written, context_.events);
         context_.mirror.workflows.note_written(std::move(written));
         queue_.add(key);
       });
}

void WorkflowReconciler::delete_expired_runs(const std::string& key, const workflow::WorkflowSnapshot& snapshot) {
  if (snapshot.compiled->definition == nullptr) return;
  const workflow::HistoryLimits limits{snapshot.compiled->definition->successful_runs_history_limit,
                                       snapshot.compiled->definition->failed_runs_history_limit};
  if (!limits.successful && !limits.failed) return;
  std::vector<workflow::FinishedRun> finished = snapshot.finished;
  // A child goes with its parent, which may still have to look at it.
  std::erase_if(finished, [this](const workflow::FinishedRun& one) {
    const api::WorkflowRun* run = context_.mirror.runs.find_uid(one.uid);
    return run != nullptr && run->spec.child_of && context_.mirror.runs.find_uid(run->meta.owner_uid) != nullptr;
  });
  for (const workflow::ExpiredRun& run : workflow::expired_runs(finished, limits)) {
    send(key, "delete run " + run.uid, kube::delete_request(workflow_runs(), snapshot.ns, run.name, run.uid),
         [](const kube::Response&) {});
  }
}

}  // namespace ork::reconcile
