// Jobs that are to be made: sent, answered, refused, or nobody knows.

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

void RunReconciler::create_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                               run::NewJob job) {
  activity.creating.insert(job.name);
  if (job.is_run) return create_child(key, run, std::move(job));
  if (job.items && !activity.items_made.contains(job.items->name)) return create_items(key, run, job);
  // Not kept until the Job is answered: it may be large.
  if (job.items) job.items->body = std::string();
  std::string body = std::move(job.body);
  activity.asked_for[job.name] = context_.loop.now();
  context_.transport.call(kube::create_request(jobs(), run.meta.ns, std::move(body)),
                          [this, key, uid = run.meta.uid, job = std::move(job)](const Answer& answer) {
                            on_created(key, uid, job, answer);
                          });
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
    const api::Job* held = context_.mirror.jobs.find({ObjectKey::parse(key).ns, job.name});
    if (held == nullptr || held->meta.owner_uid != uid) return check_existing(key, uid, job);
  } else if (!answer && answer.error().may_have_applied()) {
    // It keeps its room in the run's parallelism until that is known.
    return check_existing(key, uid, job);
  } else if (!answer) {
    refuse(*activity, job.name, answer.error());
  } else if (auto created = read_job_answer(answer->body); !created) {
    return check_existing(key, uid, job);
  } else {
    ++stats_.jobs_created;
    activity->failures = 0;
    activity->refused.erase(job.name);
    // A later attempt asks again: somebody may have deleted it meanwhile.
    if (job.items) activity->items_made.erase(job.items->name);
    created->indexed = job.indexed;
    created->completions = job.completions;
    created->suspended = job.suspended;
    created->unseeded = job.unseeded;
    context_.mirror.jobs.note_written(std::move(*created));
  }
  activity->creating.erase(job.name);
  queue_.add(key);
}

// A Job of that name exists, or may exist, and no watch has shown it yet: ours, from a create whose answer was
// lost, or somebody else's.
void RunReconciler::check_existing(const std::string& key, const std::string& uid, const run::NewJob& job) {
  if (job.is_run) return check_existing_child(key, uid, job);
  const std::string ns(ObjectKey::parse(key).ns);
  context_.transport.call(kube::get_request(jobs(), ns, job.name), [this, key, uid, job](const Answer& answer) {
    RunActivity* activity = activity_of(key, uid);
    if (activity == nullptr) return;
    auto found = answer ? read_job_answer(answer->body) : std::nullopt;
    if (!found && (answer || answer.error().code != kube::Errc::NotFound)) {
      return ask_again(key, *activity, job, answer ? unreadable_answer("Job " + job.name) : answer.error());
    }
    if (!found) {
      refuse(*activity, job.name, answer.error());
    } else if (found->meta.owner_uid == uid) {
      const bool refused = context_.mirror.jobs.note_written(std::move(*found)) == runtime::ApplyResult::Stale;
      // The watch is past it and has not kept it: somebody may have taken off its label. Or it has gone meanwhile.
      if (refused) {
        activity->refused[job.name] = {.job = {job.name, "it exists already, and is waited for", false},
                                       .again = context_.loop.now() + limits::look_up_again};
        const api::WorkflowRun* run = context_.mirror.runs.find_uid(uid);
        if (run != nullptr) look_up_missing(key, *run, *activity, {run::Missing::Kind::Job, job.name, ""});
      }
    } else {
      activity->refused[job.name].job = {
          job.name, "a Job named " + job.name + " exists and does not belong to this run; delete it", true};
    }
    activity->creating.erase(job.name);
    queue_.add(key);
  });
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
