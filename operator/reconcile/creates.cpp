// Jobs and child runs that are to be made: sent, answered, refused, or nobody knows.

#include <algorithm>
#include <utility>

#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/limits.hpp"
#include "operator/reconcile/look_up.hpp"
#include "operator/reconcile/make_items.hpp"
#include "operator/reconcile/run_reconciler.hpp"

namespace ork::reconcile {

using runtime::Duration;
using runtime::ObjectKey;

namespace {

// A task is carried out by a Job or by a child run, and what is said of a Job here holds of both.
const kube::Resource& resource_of(const run::NewJob& job) { return job.is_run ? workflow_runs() : jobs(); }

std::string kind_of(const run::NewJob& job) { return job.is_run ? "WorkflowRun" : "Job"; }

}  // namespace

void RunReconciler::create_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                               run::NewJob job) {
  activity.creating.insert(job.name);
  if (job.items && !activity.items_made.contains(job.items->name)) return create_items(key, run, job);
  // Not kept until the Job is answered: it may be large.
  if (job.items) job.items->body = std::string();
  auto request = kube::create_request(resource_of(job), run.meta.ns, std::exchange(job.body, {}));
  if (job.is_run) {
    // Answered in full: from then on it is planned as any other run.
    request.accept = "application/json";
  } else {
    activity.asked_for[job.name] = context_.loop.now();
  }
  context_.transport.call(std::move(request), [this, key, uid = run.meta.uid, job = std::move(job)](
                                                  const Answer& answer) { on_created(key, uid, job, answer); });
}

// The Job itself is for the next plan to make: much may have changed until then.
void RunReconciler::create_items(const std::string& key, const api::WorkflowRun& run, const run::NewJob& job) {
  make_items(context_.transport, run.meta.ns, run.meta.uid, *job.items,
             [this, key, uid = run.meta.uid, job = job.name, items = job.items->name](const auto& ours) {
               RunActivity* activity = activity_of(key, uid);
               if (activity == nullptr) return;
               if (!ours) {
                 refuse(*activity, job, ours.error());
                 // Another attempt's Job shares the ConfigMap: the server asked for time on its behalf too.
                 activity->not_before = std::max(activity->not_before, context_.loop.now() + least_wait(ours.error()));
               } else if (*ours) {
                 activity->items_made.insert(items);
               } else {
                 activity->refused[job].job = {
                     job, "a ConfigMap named " + items + " exists and does not belong to this run; delete it", true};
               }
               activity->creating.erase(job);
               queue_.add(key);
             });
}

void RunReconciler::on_created(const std::string& key, const std::string& uid, const run::NewJob& job,
                               const Answer& answer) {
  RunActivity* activity = activity_of(key, uid);
  if (activity == nullptr) return;
  if (!answer && answer.error().code == kube::Errc::AlreadyExists) {
    if (!is_known(uid, ObjectKey::parse(key).ns, job)) return check_existing(key, uid, job);
  } else if (!answer && answer.error().may_have_applied()) {
    // It keeps its room in the run's parallelism until that is known.
    return check_existing(key, uid, job);
  } else if (!answer) {
    refuse(*activity, job.name, answer.error());
  } else if (!note_created(*activity, job, answer->body)) {
    return check_existing(key, uid, job);
  } else {
    activity->failures = 0;
    activity->refused.erase(job.name);
  }
  activity->creating.erase(job.name);
  queue_.add(key);
}

// True where a watch has shown it as this run's already.
bool RunReconciler::is_known(const std::string& uid, std::string_view ns, const run::NewJob& job) const {
  const auto is_ours = [&uid](const auto* held) { return held != nullptr && held->meta.owner_uid == uid; };
  const ObjectKey name{ns, job.name};
  return job.is_run ? is_ours(context_.mirror.runs.find(name)) : is_ours(context_.mirror.jobs.find(name));
}

// From the answer to its create. False: it can't be read.
bool RunReconciler::note_created(RunActivity& activity, const run::NewJob& job, std::string_view body) {
  if (job.is_run) {
    auto child = read_run_answer(body);
    if (child) context_.mirror.note_made(std::move(*child));
    return child.has_value();
  }
  auto created = read_job_answer(body);
  if (!created) return false;
  ++stats_.jobs_created;
  // A later attempt asks again: somebody may have deleted it meanwhile.
  if (job.items) activity.items_made.erase(job.items->name);
  created->indexed = job.indexed;
  created->completions = job.completions;
  created->suspended = job.suspended;
  created->unseeded = job.unseeded;
  context_.mirror.jobs.note_written(std::move(*created));
  return true;
}

// Something of that name exists, or may exist, and no watch has shown it yet: ours, from a create whose answer was
// lost, or somebody else's.
void RunReconciler::check_existing(const std::string& key, const std::string& uid, const run::NewJob& job) {
  const std::string ns(ObjectKey::parse(key).ns);
  context_.transport.call(kube::get_request(resource_of(job), ns, job.name), [this, key, uid,
                                                                              job](const Answer& answer) {
    RunActivity* activity = activity_of(key, uid);
    if (activity == nullptr) return;
    if (!answer && answer.error().code == kube::Errc::NotFound) {
      refuse(*activity, job.name, answer.error());
    } else if (!answer || !note_existing(key, *activity, job, answer->body)) {
      return ask_again(key, *activity, job, answer ? unreadable_answer(kind_of(job) + " " + job.name) : answer.error());
    }
    activity->creating.erase(job.name);
    queue_.add(key);
  });
}

// From a read of it. False: it can't be read.
bool RunReconciler::note_existing(const std::string& key, RunActivity& activity, const run::NewJob& job,
                                  std::string_view body) {
  const auto refuse_name = [&activity, &job] {
    activity.refused[job.name].job = {
        job.name, "a " + kind_of(job) + " named " + job.name + " exists and does not belong to this run; delete it",
        true};
  };
  if (job.is_run) {
    auto found = read_run_answer(body);
    if (!found) return false;
    if (found->meta.owner_uid != activity.uid) {
      refuse_name();
    } else {
      context_.mirror.note_made(std::move(*found));
    }
    return true;
  }
  auto found = read_job_answer(body);
  if (!found) return false;
  if (found->meta.owner_uid != activity.uid) {
    refuse_name();
  } else if (context_.mirror.jobs.note_written(std::move(*found)) == runtime::ApplyResult::Stale) {
    // The watch is past it and has not kept it: somebody may have taken off its label. Or it has gone meanwhile.
    activity.refused[job.name] = {.job = {job.name, "it exists already, and is waited for", false},
                                  .again = context_.loop.now() + limits::look_up_again};
    const api::WorkflowRun* run = context_.mirror.runs.find_uid(activity.uid);
    if (run != nullptr) look_up_missing(key, *run, activity, {run::Missing::Kind::Job, job.name, ""});
  }
  return true;
}

void RunReconciler::tell_of_failed_create(const RunActivity& activity, const std::string& job,
                                          const kube::Error& error) {
  if (!error.transient() && worth_a_line(error)) tell(activity, "Job " + job + ": " + error.message);
}

void RunReconciler::refuse(RunActivity& activity, const std::string& job, const kube::Error& error) {
  ++stats_.failures;
  // Forbidden covers quotas and admission, which change; Invalid does not.
  const bool final = error.code == kube::Errc::Invalid || error.code == kube::Errc::TooLarge;
  activity.asked_for.erase(job);
  RefusedCreate& refused = activity.refused[job];
  // The same words for the same Job are one line.
  if (refused.job.message != error.message) tell_of_failed_create(activity, job, error);
  const Duration own = runtime::backoff_delay(limits::refused_backoff, refused.times++, context_.loop.random());
  refused.job = {job, error.message, final};
  refused.again = context_.loop.now() + std::max(own, least_wait(error));
}

void RunReconciler::ask_again(const std::string& key, RunActivity& activity, const run::NewJob& job,
                              const kube::Error& error) {
  ++stats_.failures;
  tell_of_failed_create(activity, job.name, error);
  const Duration wait = std::max(backoff(activity.failures++), least_wait(error));
  activity.unknown[job.name] = {job, context_.loop.now() + wait};
  queue_.add_after(key, wait);
}

void RunReconciler::look_up_unknown_creates(const std::string& key, RunActivity& activity) {
  const runtime::Instant now = context_.loop.now();
  for (auto it = activity.unknown.begin(); it != activity.unknown.end();) {
    if (now < it->second.again) {
      queue_.add_after(key, std::chrono::ceil<Duration>(it->second.again - now));
      ++it;
      continue;
    }
    const run::NewJob job = std::move(it->second.job);
    it = activity.unknown.erase(it);
    check_existing(key, activity.uid, job);
  }
}

}  // namespace ork::reconcile
