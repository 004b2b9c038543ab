#include "operator/embedded/job_controller/tally.hpp"

#include <algorithm>

#include "operator/embedded/job_controller/failure_policy.hpp"

namespace ork::embedded {
namespace {

void count_success(Tally& tally, const JobSpec& spec, const JobPod& pod, api::TimeMs ended_ms) {
  if (spec.indexed) {
    tally.completed.insert(pod.index);
    tally.to_replace.erase(pod.index);
  } else {
    ++tally.succeeded;
  }
  tally.last_success_ms = std::max(tally.last_success_ms, ended_ms);
  if (tally.last_failure_ms <= ended_ms) tally.failures_in_a_row = 0;
}

void count_index_failure(Tally& tally, const JobSpec& spec, const JobPod& pod, const FailureVerdict& verdict,
                         api::TimeMs ended_ms) {
  const bool last_try = verdict.counts() && pod.failures >= *spec.backoff_limit_per_index;
  if (last_try || verdict.action == FailureRule::Action::FailIndex) {
    tally.failed_indexes.insert(pod.index);
    tally.to_replace.erase(pod.index);
    return;
  }
  IndexFailures now{pod.failures, pod.ignored_failures, ended_ms};
  ++(verdict.counts() ? now.failures : now.ignored);
  IndexFailures& held = tally.to_replace[pod.index];
  if (now.failures + now.ignored >= held.failures + held.ignored) held = now;
}

void count_failure(Tally& tally, const JobSpec& spec, const JobPod& pod, api::TimeMs ended_ms) {
  const FailureVerdict verdict = judge_failure(spec, pod);
  if (verdict.counts()) ++tally.failed;
  if (verdict.action == FailureRule::Action::FailJob && !tally.fail_job) tally.fail_job = verdict.message;
  if (spec.backoff_limit_per_index) count_index_failure(tally, spec, pod, verdict, ended_ms);
  if (ended_ms >= tally.last_success_ms) ++tally.failures_in_a_row;
  tally.last_failure_ms = std::max(tally.last_failure_ms, ended_ms);
}

}  // namespace

bool has_ended(const JobSpec& spec, const JobPod& pod) {
  return pod.terminal() || (pod.meta.deleting && !spec.only_replace_failed);
}

bool count_end(Tally& tally, const JobSpec& spec, const JobPod& pod, api::TimeMs now) {
  if (pod.released) return false;
  if (spec.indexed && (pod.index < 0 || pod.index >= *spec.completions)) return false;
  if (!tally.counted.insert(pod.meta.uid).second) return false;
  const api::TimeMs ended_ms = pod.finished_ms != 0 ? pod.finished_ms : now;
  if (pod.phase == api::PodPhase::Succeeded) {
    count_success(tally, spec, pod, ended_ms);
  } else {
    count_failure(tally, spec, pod, ended_ms);
  }
  return true;
}

void base_on(Tally& tally, const JobSpec& spec, const JobStatus& status) {
  tally.failed = std::max(tally.failed, status.failed);
  if (!spec.indexed) {
    tally.succeeded = std::max(tally.succeeded, status.succeeded);
    return;
  }
  // Of two Pods of one index one may end well and the other badly; what is stored first stays, and the API server
  // refuses an index that is told as both.
  const api::IndexSet failed = status.failed_indexes.value_or(api::IndexSet());
  tally.completed = tally.completed.united(status.completed).without(failed);
  tally.failed_indexes = tally.failed_indexes.united(failed).without(tally.completed);
}

}  // namespace ork::embedded
