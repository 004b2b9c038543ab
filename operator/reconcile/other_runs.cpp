#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/run_reconciler.hpp"

// What one run has to do with others: it makes child runs, and waits for runs that are none of its own, and for objects
// of other kinds.

namespace ork::reconcile {

using runtime::ObjectKey;

// It is answered in full: from then on it is planned as any other run.
void RunReconciler::create_child(const std::string& key, const api::WorkflowRun& run, run::NewJob child) {
  auto request = kube::create_request(workflow_runs(), run.meta.ns, std::move(child.body));
  request.accept = "application/json";
  child.body = std::string();
  context_.transport.call(std::move(request), [this, key, uid = run.meta.uid, child = std::move(child)](
                                                  const Answer& answer) { on_child_created(key, uid, child, answer); });
}

void RunReconciler::on_child_created(const std::string& key, const std::string& uid, const run::NewJob& child,
                                     const Answer& answer) {
  RunActivity* activity = activity_of(key, uid);
  if (activity == nullptr) return;
  if (!answer && answer.error().code == kube::Errc::AlreadyExists) {
    const api::WorkflowRun* held = context_.mirror.runs.find({ObjectKey::parse(key).ns, child.name});
    if (held == nullptr || held->meta.owner_uid != uid) return check_existing_child(key, uid, child);
  } else if (!answer && answer.error().may_have_applied()) {
    return check_existing_child(key, uid, child);
  } else if (!answer) {
    refuse(*activity, child.name, answer.error());
  } else if (auto created = read_run_answer(answer->body); !created) {
    return check_existing_child(key, uid, child);
  } else {
    activity->failures = 0;
    activity->refused.erase(child.name);
    context_.mirror.note_made(std::move(*created));
  }
  activity->creating.erase(child.name);
  queue_.add(key);
}

// A run of that name exists, or may exist, and no watch has shown it yet: ours, from a create whose answer was lost,
// or somebody else's.
void RunReconciler::check_existing_child(const std::string& key, const std::string& uid, const run::NewJob& child) {
  const std::string ns(ObjectKey::parse(key).ns);
  context_.transport.call(kube::get_request(workflow_runs(), ns, child.name), [this, key, uid,
                                                                               child](const Answer& answer) {
    RunActivity* activity = activity_of(key, uid);
    if (activity == nullptr) return;
    auto found = answer ? read_run_answer(answer->body) : std::nullopt;
    if (!found && (answer || answer.error().code != kube::Errc::NotFound)) {
      return ask_again(key, *activity, child, answer ? unreadable_answer("WorkflowRun " + child.name) : answer.error());
    }
    if (!found) {
      refuse(*activity, child.name, answer.error());
    } else if (found->meta.owner_uid == uid) {
      context_.mirror.note_made(std::move(*found));
    } else {
      activity->refused[child.name].job = {
          child.name, "a WorkflowRun named " + child.name + " exists and does not belong to this run; delete it", true};
    }
    activity->creating.erase(child.name);
    queue_.add(key);
  });
}

// What it waits for is what the last plan says.
void RunReconciler::await(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                          const run::Plan& plan) {
  objects_.want(key, run.meta.ns, plan.awaits_objects);
  for (const std::string& other : activity.awaits) {
    const auto it = awaited_by_.find(other);
    if (it == awaited_by_.end()) continue;
    it->second.erase(key);
    if (it->second.empty()) awaited_by_.erase(it);
  }
  activity.awaits.clear();
  for (const std::string& name : plan.awaits) {
    const std::string other = run.meta.ns + "/" + name;
    activity.awaits.insert(other);
    awaited_by_[other].insert(key);
  }
}

void RunReconciler::changed(const std::string& key) {
  queue_.add(key);
  wake_those_that_wait_for(key);
}

void RunReconciler::wake_those_that_wait_for(const std::string& key) {
  const auto it = awaited_by_.find(key);
  if (it == awaited_by_.end()) return;
  for (const std::string& waiting : it->second) queue_.add(waiting);
}

}  // namespace ork::reconcile
