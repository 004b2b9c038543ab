#include "controllers/run/cached_results.hpp"

#include "controllers/run/limits.hpp"
#include "controllers/run/status_budget.hpp"

namespace ork::run {
namespace {

std::string place_of(const std::string& ns, const std::string& workflow, const std::string& key) {
  return ns + "/" + workflow + "/" + key;
}

}  // namespace

bool leaves_result(const api::WorkflowRun& run, const api::TaskStatus& task) {
  return api::is_final(run.status.phase) && !run.spec.workflow_ref.empty() && !task.cache_key.empty() &&
         task.phase == api::Phase::Succeeded && !task.is_inherited() && task.completion_ms != 0 &&
         !may_have_lost_output(task);
}

void CachedResults::add(const api::WorkflowRun& run) {
  remove(run);
  std::vector<std::string> places;
  for (const api::TaskStatusPtr& task : run.status.tasks) {
    if (!leaves_result(run, *task)) continue;
    places.push_back(place_of(run.meta.ns, run.spec.workflow_ref, task->cache_key));
    CachedResult& newest = newest_[places.back()];
    if (newest.made_ms <= task->completion_ms) newest = {run.meta.name, run.meta.uid, task->completion_ms};
  }
  if (places.empty()) return;
  size_ += places.size();
  left_.emplace(Ended{run.status.completion_ms, run.meta.uid}, std::move(places));
  while (size_ > max_cached_results) forget(left_.begin());
}

void CachedResults::remove(const api::WorkflowRun& run) {
  const auto found = left_.find({run.status.completion_ms, run.meta.uid});
  if (found != left_.end()) forget(found);
}

const CachedResult* CachedResults::find(const std::string& ns, const std::string& workflow,
                                        const std::string& key) const {
  const auto found = newest_.find(place_of(ns, workflow, key));
  return found == newest_.end() ? nullptr : &found->second;
}

void CachedResults::forget(std::map<Ended, std::vector<std::string>>::iterator run) {
  for (const std::string& place : run->second) {
    const auto newest = newest_.find(place);
    if (newest != newest_.end() && newest->second.uid == run->first.second) newest_.erase(newest);
  }
  size_ -= run->second.size();
  left_.erase(run);
}

}  // namespace ork::run
