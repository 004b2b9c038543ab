#include "operator/reconcile/run_reconciler.hpp"

#include <algorithm>
#include <utility>

#include "controllers/run/beginning.hpp"
#include "controllers/run/projection.hpp"
#include "controllers/run/status_patch.hpp"
#include "controllers/run/waiting.hpp"
#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/earlier_run.hpp"
#include "operator/reconcile/gather.hpp"
#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/limits.hpp"
#include "operator/reconcile/look_up.hpp"

namespace ork::reconcile {

using runtime::Duration;
using runtime::ObjectKey;

namespace {

// nullptr: what is stored is all that is decided.
const api::RunStatus* decided_status(const RunActivity& activity) {
  if (activity.held) return &activity.held->status;
  return activity.being_stored.get();
}

// Puts what waits to be stored together with what was decided on top of it.
void add_held(const HeldStatus& held, run::Plan& plan) {
  plan.status_changed = true;
  plan.urgency = std::max(plan.urgency, held.urgency);
  plan.events.insert(plan.events.begin(), held.events.begin(), held.events.end());
}

// Whether a status is on its way that nothing follows from before it is stored, or that tells of a wait, from which
// nothing follows either. A watch may show it before its answer.
bool waits_for_what_is_first(const RunActivity& activity, const api::RunStatus& stored) {
  if (activity.being_stored == nullptr) return false;
  if (run::tells_of_a_wait(*activity.being_stored, stored)) return true;
  return activity.being_stored_urgency == run::Urgency::First && run::differs(stored, *activity.being_stored);
}

const run::Event too_large_event{run::EventType::Warning, "RunTooLarge",
                                 "the run's status can't be stored: the object is larger than what the cluster takes; "
                                 "remove annotations or labels from it, or delete it"};

// Nothing follows from what waits to be stored either, where it would not once it is on its way.
bool comes_first(const HeldStatus& held, const api::RunStatus& stored) {
  return held.urgency == run::Urgency::First || run::tells_of_a_wait(held.status, stored);
}

bool asks_for_something(const run::Plan& plan) {
  return plan.status_changed || plan.delete_run || !plan.create.empty() || !plan.seed.empty() || !plan.remove.empty();
}

}  // namespace

RunReconciler::RunReconciler(ReconcileContext context)
    : context_(std::move(context)),
      pacer_(context_.loop, [this](const std::string& key) { queue_.add(key); }),
      window_(context_.unplaced_tasks),
      line_(context_.unplaced_tasks),
      objects_(context_.transport, context_.loop, [this](const std::string& key) { queue_.add(key); }),
      views_(context_.transport, context_.loop, context_.taken_at),
      queue_(context_.loop, [this](const std::string& key) { process(key); }) {
  line_.set_window(window_.size());
}

void RunReconciler::gone(const api::WorkflowRun& run) {
  const std::string key = api::key_of(run.meta);
  const auto it = activities_.find(key);
  wake_those_that_wait_for(key);
  views_.forget(run.meta.uid);
  line_.leave(key);
  let_in();
  if (it == activities_.end() || it->second.uid != run.meta.uid) return;
  await(key, run, it->second, run::Plan());
  activities_.erase(it);
  pacer_.withdraw(key);
}

void RunReconciler::let_go(const std::function<bool(std::string_view share_key)>& which) {
  for (auto it = activities_.begin(); it != activities_.end();) {
    const std::string& key = it->first;
    const api::WorkflowRun* run = context_.mirror.runs.find(ObjectKey::parse(key));
    if (run == nullptr || !which(share_key_of(*run))) {
      ++it;
      continue;
    }
    await(key, *run, it->second, run::Plan());
    pacer_.withdraw(key);
    line_.leave(key);
    it = activities_.erase(it);
  }
  let_in();
}

std::set<std::string, std::less<>> RunReconciler::pinned_revisions(const Runs& runs) const {
  std::set<std::string, std::less<>> out;
  for (const api::WorkflowRun* run : runs) {
    if (api::is_final(run->status.phase)) continue;
    if (!run->status.revision.empty()) out.insert(run->status.revision);
    const auto it = activities_.find(api::key_of(run->meta));
    if (it != activities_.end() && !it->second.revision.empty()) out.insert(it->second.revision);
  }
  return out;
}

void RunReconciler::wake_waiting(const Runs& runs) {
  for (const api::WorkflowRun* run : runs) {
    if (api::is_final(run->status.phase)) continue;
    const std::string key = api::key_of(run->meta);
    const auto it = activities_.find(key);
    if (it == activities_.end() || it->second.definition == nullptr) queue_.add(key);
  }
}

RunActivity* RunReconciler::activity_of(const std::string& key, const std::string& uid) {
  const auto it = activities_.find(key);
  return it == activities_.end() || it->second.uid != uid ? nullptr : &it->second;
}

Duration RunReconciler::backoff(int failures) const {
  return runtime::backoff_delay(limits::request_backoff, failures, context_.loop.random());
}

void RunReconciler::process(const std::string& key) {
  const api::WorkflowRun* run = context_.mirror.runs.find(ObjectKey::parse(key));
  if (run != nullptr && context_.works_on(share_key_of(*run))) {
    RunActivity& activity = activities_[key];
    if (activity.uid != run->meta.uid) activity = RunActivity{.uid = run->meta.uid, .since = context_.loop.now()};
    if (!has_to_wait(key, *run, activity)) decide(key, *run, activity);
  }
  queue_.forget(key);
  queue_.done(key);
}

bool RunReconciler::has_to_wait(const std::string& key, const api::WorkflowRun& run, RunActivity& activity) {
  if (const runtime::Instant now = context_.loop.now(); now < activity.not_before) {
    queue_.add_after(key, std::chrono::ceil<Duration>(activity.not_before - now));
    return true;
  }
  // Another may have been stored instead. The answer brings the key back.
  if (waits_for_what_is_first(activity, run.status)) return true;
  if (activity.held && activity.held->on != run.meta.resource_version) activity.held.reset();
  if (!activity.held || !comes_first(*activity.held, run.status)) return false;
  store_held(key, run, activity);
  return true;
}

void RunReconciler::decide(const std::string& key, const api::WorkflowRun& run, RunActivity& activity) {
  ++stats_.plans;
  const runtime::Instant began = context_.loop.now();
  look_up_lost_jobs(key, run, activity);
  look_up_unknown_creates(key, activity);
  // While a status is on its way, or Jobs are that were made by it, what it has decided stays decided: later news
  // must start nothing that contradicts it.
  std::optional<api::WorkflowRun> decided;
  if (const api::RunStatus* status = decided_status(activity)) {
    decided = run;
    decided->status = *status;
  }
  run::Snapshot snapshot =
      gather_run(context_.mirror, context_.definitions, decided ? *decided : run, activity, context_.loop);
  if (decided) snapshot.stored = &run.status;
  snapshot.awaited_objects = objects_.seen_by(key);
  snapshot.may_begin = line_.is_let_in(key) || line_.is_open(run.meta.ns);
  const std::size_t tasks = snapshot.definition ? snapshot.definition->tasks.size() : 0;
  queue_.set_spacing(key,
                     std::chrono::duration_cast<Duration>(limits::plan_spacing_per_task * static_cast<int>(tasks)));
  run::Plan plan = run::plan(snapshot, context_.loop.wall_ms());
  if (!plan.create.empty() && !is_fresh(key, run)) return;
  // Only what is stored lets a Job go.
  if (decided) plan.remove.clear();
  time_placements(snapshot, activity);
  keep_line(key, snapshot, plan);
  await(key, run, activity, plan);
  const bool changed = asks_for_something(plan);
  carry_out(key, run, activity, std::move(plan));
  if (context_.observer != nullptr) context_.observer->reconciled("WorkflowRun", changed, context_.loop.now() - began);
}

void RunReconciler::keep_line(const std::string& key, const run::Snapshot& snapshot, const run::Plan& plan) {
  const backlog::Run who{key, snapshot.run->meta.ns, snapshot.run->meta.creation_ms};
  if (plan.waits_for_turn) {
    line_.join(who);
  } else {
    const run::UnplacedJobs unplaced = run::unplaced_jobs(snapshot);
    // What its beginning is made of may still be on its way.
    const std::size_t least = plan.begins ? 1 : 0;
    line_.note(who, std::max(least, unplaced.all + plan.create.size()), unplaced.without_room);
  }
  let_in();
}

void RunReconciler::time_placements(const run::Snapshot& snapshot, RunActivity& activity) {
  if (activity.asked_for.empty()) return;
  const auto in_ms = [](auto span) { return std::chrono::duration_cast<Duration>(span).count(); };
  const runtime::Instant now = context_.loop.now();
  for (const run::ObservedJob& observed : snapshot.jobs) {
    const auto asked = activity.asked_for.find(observed.job->meta.name);
    if (asked == activity.asked_for.end()) continue;
    const run::Placement placement = run::placement_of(observed);
    if (placement == run::Placement::OnItsWay) continue;
    if (placement == run::Placement::Placed)
      window_.placed(in_ms(now - asked->second), in_ms(now.since_zero), line_.waiting() > 0);
    activity.asked_for.erase(asked);
  }
  line_.set_window(window_.size());
}

void RunReconciler::let_in() {
  for (const std::string& key : line_.let_in()) queue_.add(key);
}

// Who had its share before may have made the same, and taken it away again.
bool RunReconciler::is_fresh(const std::string& key, const api::WorkflowRun& run) {
  return views_.is_fresh(workflow_runs(), run.meta, share_key_of(run),
                         [this, key](Duration wait) { queue_.add_after(key, wait); });
}

void RunReconciler::carry_out(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                              run::Plan plan) {
  const bool holds = activity.held || !plan.create.empty();
  if (activity.held) add_held(*activity.held, plan);
  // What was decided meanwhile is undone: a create was refused as it had been before.
  if (activity.held && activity.being_stored == nullptr && !run::differs(run.status, plan.status)) {
    plan.status_changed = false;
    activity.held.reset();
    activity.status_held_since.reset();
  }
  for (run::NewJob& job : plan.create) create_job(key, run, activity, std::move(job));
  for (run::SeedJob& seed : plan.seed) seed_job(key, run, activity, std::move(seed));
  for (const run::OldJob& job : plan.remove) remove_job(key, run, activity, job);
  for (const run::Missing& missing : plan.look_up) look_up_missing(key, run, activity, missing);
  std::erase_if(activity.earlier, [&](const auto& earlier) { return !plan.consulted.contains(earlier.first); });
  if (plan.wake_ms) {
    queue_.add_after(key, Duration{std::max<std::int64_t>(0, *plan.wake_ms - context_.loop.wall_ms())});
  }
  if (!plan.status_changed) {
    pacer_.withdraw(key);
  } else if (write_status(key, run, activity, plan)) {
    activity.held.reset();
  } else if (holds) {
    activity.held = {std::move(plan.status), plan.urgency, std::move(plan.events), run.meta.resource_version};
  }
  if (plan.delete_run) delete_run(key, run, activity);
}

// It waits for its Jobs no longer.
void RunReconciler::store_held(const std::string& key, const api::WorkflowRun& run, RunActivity& activity) {
  run::Plan held;
  held.status = activity.held->status;
  held.urgency = run::Urgency::First;
  carry_out(key, run, activity, std::move(held));
}

void RunReconciler::seed_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                             run::SeedJob seed) {
  if (!activity.seeding.insert(seed.uid).second) return;
  auto request =
      kube::patch_request(jobs(), run.meta.ns, seed.name, "status", kube::PatchType::Merge, seed.status_body);
  context_.transport.call(std::move(request), [this, key, uid = run.meta.uid, seed = std::move(seed)](
                                                  const Answer& answer) { on_seeded(key, uid, seed, answer); });
}

// Only once the API server holds the record of what is done may the Job start.
void RunReconciler::on_seeded(const std::string& key, const std::string& uid, const run::SeedJob& seed,
                              const Answer& answer) {
  RunActivity* activity = activity_of(key, uid);
  if (activity == nullptr) return;
  const auto finish = [this, key, uid, seed](const Answer& released) {
    RunActivity* current = activity_of(key, uid);
    if (current == nullptr) return;
    current->seeding.erase(seed.uid);
    if (!released) return failed(key, *current, released.error());
    auto version = written_version(released->body);
    if (!version) return failed(key, *current, unreadable_answer("Job " + seed.name));
    if (const api::Job* held = context_.mirror.jobs.find_uid(seed.uid)) {
      api::Job job = *held;
      job.unseeded = false;
      job.suspended = !seed.queue.empty();
      job.queue = seed.queue;
      job.meta.resource_version = *version;
      context_.mirror.jobs.note_written(std::move(job));
    }
    queue_.add(key);
  };
  if (!answer) return finish(answer);
  const api::WorkflowRun* run = context_.mirror.runs.find_uid(uid);
  if (run == nullptr || run->spec.cancel || api::is_final(run->status.phase) ||
      !context_.works_on(share_key_of(*run))) {
    activity->seeding.erase(seed.uid);
    return queue_.add(key);
  }
  const std::string ns(ObjectKey::parse(key).ns);
  context_.transport.call(kube::patch_request(jobs(), ns, seed.name, "", kube::PatchType::Merge, seed.spec_body),
                          finish);
}

void RunReconciler::remove_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                               const run::OldJob& job) {
  if (!activity.removing.insert(job.uid).second) return;
  context_.transport.call(
      kube::delete_request(jobs(), run.meta.ns, job.name, job.uid,
                           job.pods_first ? kube::Propagation::Foreground : kube::Propagation::Background),
      [this, key, uid = run.meta.uid, job](const Answer& answer) {
        RunActivity* current = activity_of(key, uid);
        // Gone already, or a namesake in its place: either way it is not there any more.
        if (current == nullptr || answer || answer.error().code == kube::Errc::NotFound ||
            answer.error().code == kube::Errc::Conflict) {
          return;
        }
        current->removing.erase(job.uid);
        failed(key, *current, answer.error());
      });
}

// What a watch does not show any more may be there all the same: somebody may have taken off a label.
void RunReconciler::look_up_lost_jobs(const std::string& key, const api::WorkflowRun& run, RunActivity& activity) {
  const std::vector<LostJob>* lost = context_.mirror.lost_jobs(run.meta.uid);
  if (lost == nullptr) return;
  for (const LostJob& entry : *lost) {
    if (entry.job.deleted || !still_counts(run, entry.job)) continue;
    const run::Missing missing{run::Missing::Kind::Job, entry.job.meta.name, ""};
    if (activity.gone.contains(missing)) {
      context_.mirror.confirm_lost_job(run.meta.uid, entry.job.meta.name);
    } else {
      look_up_missing(key, run, activity, missing);
    }
  }
}

void RunReconciler::look_up_missing(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                                    const run::Missing& missing) {
  LookUp& last = activity.look_ups[missing];
  if (last.under_way) return;
  const runtime::Instant now = context_.loop.now();
  if (now < last.again) return queue_.add_after(key, std::chrono::ceil<Duration>(last.again - now));
  last.under_way = true;
  if (missing.kind == run::Missing::Kind::Run) return look_up_earlier(key, run, missing);
  look_up(context_.transport, context_.mirror, run.meta.ns, run.meta.uid, missing,
          [this, key, uid = run.meta.uid, missing](const auto& there) { on_looked_up(key, uid, missing, there); });
}

void RunReconciler::look_up_earlier(const std::string& key, const api::WorkflowRun& run, const run::Missing& missing) {
  ask_for_run(context_.transport, run.meta.ns, missing.name,
              [this, key, uid = run.meta.uid, missing](Result<run::EarlierRun, kube::Error> earlier) {
                RunActivity* activity = activity_of(key, uid);
                if (activity == nullptr) return;
                activity->look_ups.erase(missing);
                if (!earlier) return failed(key, *activity, earlier.error());
                if (earlier->run == nullptr && earlier->problem.empty()) {
                  activity->gone.insert(missing);
                } else {
                  activity->earlier[missing.name] = *std::move(earlier);
                }
                queue_.add(key);
              });
}

// Where it is there a watch is going to show it; or it comes and goes unseen, and the next question tells.
void RunReconciler::on_looked_up(const std::string& key, const std::string& uid, const run::Missing& missing,
                                 const Result<bool, kube::Error>& there) {
  RunActivity* activity = activity_of(key, uid);
  if (activity == nullptr) return;
  if (!there) {
    activity->look_ups.erase(missing);
    return failed(key, *activity, there.error());
  }
  activity->look_ups[missing] = {.under_way = false, .again = context_.loop.now() + limits::look_up_again};
  if (*there) return queue_.add_after(key, limits::look_up_again);
  activity->look_ups.erase(missing);
  activity->gone.insert(missing);
  queue_.add(key);
}

bool RunReconciler::write_status(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                                 run::Plan& plan) {
  if (activity.being_stored != nullptr) return false;  // its answer brings the key back
  const runtime::Instant now = context_.loop.now();
  if (run.meta.resource_version == activity.refused_on && now < activity.not_on_it_before) {
    queue_.add_after(key, std::chrono::ceil<Duration>(activity.not_on_it_before - now));
    return false;
  }
  const bool urgent = plan.urgency != run::Urgency::Lazy;
  // An end waits too: nothing of a run is made once it has ended.
  if (!activity.creating.empty() && plan.urgency != run::Urgency::First) {
    if (!activity.status_held_since) activity.status_held_since = now;
    if (now < *activity.status_held_since + limits::status_waits_for_creates) return false;
  }
  if (urgent) {
    pacer_.withdraw(key);
  } else {
    const Duration wait = spacing_left(now, activity.last_status_write, plan.status.tasks.size());
    if (wait.count() > 0) queue_.add_after(key, wait);
    if (wait.count() > 0 || !pacer_.admit(key, plan.waits_for_turn)) return false;
  }
  // What the first Jobs have to say is not held back for the pin.
  if (plan.urgency != run::Urgency::First) activity.last_status_write = now;
  activity.status_held_since.reset();
  auto patch = kube::patch_request(workflow_runs(), run.meta.ns, run.meta.name, "status", kube::PatchType::Json,
                                   run::status_patch(run, plan.status));
  patch.timeout = limits::status_write_timeout;
  WrittenStatus written{run, nullptr, std::move(plan.events)};
  if (context_.observer != nullptr)
    written.before = std::make_shared<const api::RunStatus>(std::move(written.run.status));
  written.run.status = std::move(plan.status);
  activity.being_stored = std::make_shared<const api::RunStatus>(written.run.status);
  activity.being_stored_urgency = plan.urgency;
  context_.transport.call(std::move(patch),
                          [this, key, now, written = std::move(written)](const Answer& answer) mutable {
                            pacer_.wrote(std::chrono::duration_cast<Duration>(context_.loop.now() - now));
                            on_status_written(key, std::move(written), answer);
                          });
  return true;
}

void RunReconciler::on_status_written(const std::string& key, WrittenStatus written, const Answer& answer) {
  api::WorkflowRun& run = written.run;
  RunActivity* activity = activity_of(key, run.meta.uid);
  if (activity == nullptr) return;
  activity->being_stored.reset();
  // What was stored is not known to be ours before the watch has shown it.
  const auto version = answer ? written_version(answer->body) : std::nullopt;
  if (!version) activity->held.reset();
  if (!version) activity->refused_on = run.meta.resource_version;
  // Its status can't say so. The plan keeps this from happening to what nobody has made larger since.
  if (!answer && answer.error().code == kube::Errc::TooLarge && !std::exchange(activity->told_too_large, true))
    context_.events.record(run.meta, "WorkflowRun", too_large_event);
  if (!answer) return failed(key, *activity, answer.error());
  if (!version) return failed(key, *activity, unreadable_answer("WorkflowRun " + key));
  ++stats_.status_writes;
  activity->failures = 0;
  if (activity->held && activity->held->on == run.meta.resource_version) activity->held->on = *version;
  run.meta.resource_version = *version;
  if (written.before) context_.observer->status_stored(*written.before, run, activity->definition.get());
  for (const run::Event& event : written.events) context_.events.record(run.meta, "WorkflowRun", event);
  const bool concerns_workflow = api::is_final(run.status.phase);
  const std::string workflow = workflow_key_of(run);
  context_.mirror.note_written(std::move(run));
  queue_.add(key);
  if (concerns_workflow) wake_those_that_wait_for(key);
  if (concerns_workflow && !workflow.empty()) workflow_concerned_(workflow);
}

void RunReconciler::delete_run(const std::string& key, const api::WorkflowRun& run, RunActivity& activity) {
  if (activity.deleting) return;
  activity.deleting = true;
  context_.transport.call(kube::delete_request(workflow_runs(), run.meta.ns, run.meta.name, run.meta.uid),
                          [this, key, uid = run.meta.uid](const Answer& answer) {
                            RunActivity* current = activity_of(key, uid);
                            if (current == nullptr || answer || answer.error().code == kube::Errc::NotFound) return;
                            current->deleting = false;
                            failed(key, *current, answer.error());
                          });
}

void RunReconciler::tell(const RunActivity& activity, const std::string& what) const {
  const api::WorkflowRun* run = context_.observer == nullptr ? nullptr : context_.mirror.runs.find_uid(activity.uid);
  if (run == nullptr) return context_.trouble(what);
  context_.observer->trouble(*run, what);
}

// The object has moved on (decide again once the watch has shown it), or the server could not or
// would not: again later, with the same decision or another.
void RunReconciler::failed(const std::string& key, RunActivity& activity, const kube::Error& error) {
  if (error.code == kube::Errc::Conflict) {
    ++stats_.conflicts;
  } else {
    ++stats_.failures;
    if (worth_a_line(error)) tell(activity, "WorkflowRun " + key + ": " + error.message);
  }
  ++activity.failures;
  const runtime::Instant now = context_.loop.now();
  // Whatever else happens to the run meanwhile.
  const Duration wished = std::min(least_wait(error), limits::longest_wished_wait);
  activity.not_before = std::max(activity.not_before, now + wished);
  const Duration wait = std::max(backoff(activity.failures - 1), wished);
  activity.not_on_it_before = now + wait;
  queue_.add_after(key, wait);
}

}  // namespace ork::reconcile
