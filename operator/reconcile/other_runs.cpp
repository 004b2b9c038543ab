#include "operator/reconcile/run_reconciler.hpp"

// What one run has to do with others: it waits for runs that are none of its own, and for objects of other kinds.

namespace ork::reconcile {

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
