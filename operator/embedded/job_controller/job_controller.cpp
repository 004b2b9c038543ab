#include "operator/embedded/job_controller/job_controller.hpp"

#include <algorithm>

#include "operator/embedded/client/resources.hpp"
#include "operator/embedded/job_controller/decode.hpp"
#include "operator/embedded/job_controller/limits.hpp"
#include "operator/embedded/job_controller/names.hpp"
#include "operator/embedded/job_controller/pod_object.hpp"
#include "operator/embedded/job_controller/status_patch.hpp"

namespace ork::embedded {

using runtime::Duration;

namespace {

std::string key_of(const Job& job) { return job.meta.ns + "/" + job.meta.name; }

bool worth_a_line(const kube::Error& error) {
  return error.code != kube::Errc::Conflict && error.code != kube::Errc::NotFound &&
         error.code != kube::Errc::Terminating && error.code != kube::Errc::Cancelled;
}

}  // namespace

JobController::JobController(kube::Transport& transport, runtime::Loop& loop, JobControllerOptions options,
                             JobControllerHooks hooks)
    : transport_(transport),
      loop_(loop),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      job_sink_(jobs_, {.read = [](simdjson::ondemand::object& json) { return read_job(json); },
                        .keep = [this](const Job& job) { return keep_job(job); },
                        .changed = [this](const Job& job) { queue_.add(key_of(job)); },
                        .gone = [this](const Job& job) { job_gone(job); }}),
      pod_sink_(pods_, {.read = [](simdjson::ondemand::object& json) { return read_job_pod(json); },
                        .keep = [this](const JobPod& pod) { return keep_pod(pod); },
                        .changed = [](const JobPod&) {},
                        .gone = [this](const JobPod& pod) { pod_gone(pod); }}),
      queue_(loop, [this](const std::string& key) { process(key); }, {.backoff = limits::job_request_backoff}),
      events_(transport, loop, "ork.dev/job-controller", options_.node) {}

JobController::~JobController() = default;

void JobController::start() { watch_jobs(); }

void JobController::stop() {
  alive_.reset();
  synced_ = false;
  progress_timer_.reset();
  pod_watcher_.reset();
  job_watcher_.reset();
}

runtime::WatchHooks JobController::watch_hooks(const char* kind, std::function<void()> on_synced) {
  const auto say_it = [this, kind](const std::string& what) {
    if (hooks_.on_trouble) hooks_.on_trouble(std::string(kind) + what);
  };
  return {.on_synced = std::move(on_synced),
          .on_quarantine =
              [say_it](const runtime::Unreadable& object) {
                say_it(" " + object.ns + "/" + object.name + " can't be read and is left alone: " + object.reason);
              },
          .on_trouble =
              [say_it](const std::string& what, Duration wait) {
                say_it("s can't be watched: " + what + "; again in " + std::to_string(wait.count()) + " ms");
              }};
}

// Jobs before Pods: a Pod means nothing without its Job.
void JobController::watch_jobs() {
  job_watcher_ =
      std::make_unique<runtime::Watcher>(transport_, loop_, job_sink_, runtime::WatchTarget{.resource = job_resource()},
                                         watch_hooks("Job", [this] { watch_pods(); }));
  job_watcher_->start();
}

void JobController::watch_pods() {
  pod_watcher_ = std::make_unique<runtime::Watcher>(
      transport_, loop_, pod_sink_, runtime::WatchTarget{.resource = pod_resource()}, watch_hooks("Pod", [this] {
        synced_ = true;
        jobs_.for_each([this](const Job& job) { queue_.add(key_of(job)); });
        if (hooks_.on_synced) hooks_.on_synced();
      }));
  pod_watcher_->start();
}

JobController::Activity& JobController::activity_of(const Job& job) {
  const auto [it, added] = activities_.try_emplace(job.meta.uid);
  if (added) it->second.first_seen = loop_.now();
  return it->second;
}

// Neither others' Jobs nor finished ones that nothing will be done about.
bool JobController::keep_job(const Job& job) {
  if (job.managed_elsewhere) return false;
  if (!job.status.finished() || job.spec.ttl_seconds) return true;
  job_gone(job);
  return false;
}

// Ended Pods are counted and let go: what is held grows with what runs, not with what has run.
bool JobController::keep_pod(const JobPod& pod) {
  const Job* job = jobs_.find_uid(pod.meta.owner_uid);
  if (job == nullptr) return false;
  Activity& activity = activity_of(*job);
  activity.creating.erase(pod.meta.name);
  if (has_ended(job->spec, pod)) count_end(activity.tally, job->spec, pod, loop_.wall_ms());
  if (pod.terminal()) activity.deleting.erase(pod.meta.uid);
  queue_.add(key_of(*job));
  return !pod.terminal();
}

void JobController::pod_gone(const JobPod& pod) {
  const Job* job = jobs_.find_uid(pod.meta.owner_uid);
  if (job == nullptr) return;
  Activity& activity = activity_of(*job);
  activity.deleting.erase(pod.meta.uid);
  count_end(activity.tally, job->spec, pod, loop_.wall_ms());
  queue_.add(key_of(*job));
}

void JobController::job_gone(const Job& job) {
  activities_.erase(job.meta.uid);
  waiting_for_slots_.erase(key_of(job));
  const auto owned = pods_.owned_by(job.meta.uid);
  const std::vector<const JobPod*> held(owned.begin(), owned.end());
  for (const JobPod* pod : held) pods_.remove({pod->meta.ns, pod->meta.name}, "");
}

void JobController::process(const std::string& key) {
  const Job* job = synced_ ? jobs_.find(runtime::ObjectKey::parse(key)) : nullptr;
  if (job == nullptr) return queue_.done(key);
  Activity& activity = activity_of(*job);
  queue_.set_spacing(key, Duration{pods_.owned_by(job->meta.uid).size() / limits::pods_per_spacing_ms});
  const JobDecision decision = decide_on(*job, activity);
  if (decision.look_again_ms) queue_.add_after(key, Duration{*decision.look_again_ms - loop_.wall_ms()});
  if (decision.delete_job) delete_job(*job, activity);
  if (decision.start_job) start_job(*job, activity);
  remove_pods(*job, activity, decision);
  create_pods(*job, activity, decision);
  write_status(*job, activity, decision);
  queue_.done(key);
}

JobDecision JobController::decide_on(const Job& job, Activity& activity) {
  ++stats_.decisions;
  base_on(activity.tally, job.spec, job.status);
  std::vector<std::int64_t> creating;
  for (const auto& [name, index] : activity.creating) creating.push_back(index);
  JobDecision decision = decide({.job = job,
                                 .tally = activity.tally,
                                 .pods = pods_.owned_by(job.meta.uid),
                                 .deleting = activity.deleting,
                                 .creating = creating,
                                 .start_ms = activity.start_ms,
                                 .starts_queued = options_.starts_queued},
                                loop_.wall_ms());
  activity.start_ms = decision.status.start_ms;
  return decision;
}

void JobController::write_status(const Job& job, Activity& activity, const JobDecision& decision) {
  const auto patch = status_patch(job.status, decision.status, job.meta.resource_version);
  if (!patch || activity.writing_status) return;
  if (!decision.urgent) {
    const Duration left = status_wait(job, activity);
    if (left > Duration{0}) return queue_.add_after(key_of(job), left);
    if (!may_tell_progress(job, activity)) return;
  }
  activity.writing_status = true;
  ++stats_.status_writes;
  call(kube::patch_request(job_resource(), job.meta.ns, job.meta.name, "status", kube::PatchType::Merge, *patch),
       [this, key = key_of(job), uid = job.meta.uid, written = decision.status](const auto& answer) {
         status_answered(key, uid, written, answer);
       });
}

// How long a status that is not urgent still has to wait.
Duration JobController::status_wait(const Job& job, const Activity& activity) const {
  if (!activity.status_written && job.status.ready) return Duration{0};
  const runtime::Instant since = activity.status_written.value_or(activity.first_seen);
  return limits::status_spacing - std::chrono::duration_cast<Duration>(loop_.now() - since);
}

bool JobController::may_tell_progress(const Job& job, Activity& activity) {
  using Progress = Activity::Progress;
  if (activity.progress == Progress::InLine) return false;
  const bool first = progress_line_.empty() || activity.progress == Progress::ItsTurn;
  activity.progress = Progress::Told;
  if (first && progress_pace_.take(loop_.now())) return true;
  activity.progress = Progress::InLine;
  progress_line_.push_back(job.meta.uid);
  if (progress_timer_ == nullptr) progress_timer_ = loop_.after(limits::status_spacing, [this] { next_in_line(); });
  return false;
}

// Those whose turn it is decide anew: what they wanted to tell may be over, and they with it.
void JobController::next_in_line() {
  progress_timer_.reset();
  std::size_t free = progress_pace_.available(loop_.now());
  while (!progress_line_.empty()) {
    const auto activity = activities_.find(progress_line_.front());
    const Job* job = activity == activities_.end() ? nullptr : jobs_.find_uid(progress_line_.front());
    if (job != nullptr && free-- == 0) break;
    progress_line_.pop_front();
    if (job == nullptr) continue;
    activity->second.progress = Activity::Progress::ItsTurn;
    queue_.add(key_of(*job));
  }
  if (!progress_line_.empty()) progress_timer_ = loop_.after(limits::status_spacing, [this] { next_in_line(); });
}

void JobController::status_answered(const std::string& key, const std::string& uid, const JobStatus& written,
                                    const Result<kube::Response, kube::Error>& answer) {
  const auto activity = activities_.find(uid);
  if (activity == activities_.end()) return;
  activity->second.writing_status = false;
  activity->second.status_written = loop_.now();
  if (!answer) return failed(uid, answer.error());
  queue_.forget(key);
  const Job* held = jobs_.find_uid(uid);
  const auto meta = meta_in_answer(answer->body);
  if (held != nullptr && meta && meta->uid == uid) {
    Job job = *held;
    job.status = written;
    job.meta.resource_version = meta->resource_version;
    jobs_.note_written(std::move(job));
  }
  if (written.finished()) return finish(key);
  queue_.add(key);
}

// A finished Job is forgotten, whatever the watch still has to tell of its time before.
void JobController::finish(const std::string& key) {
  const Job* job = jobs_.find(runtime::ObjectKey::parse(key));
  if (job == nullptr || !job->status.finished()) return;
  if (job->spec.ttl_seconds) return queue_.add(key);
  if (const auto forgotten = jobs_.forget(runtime::ObjectKey::parse(key))) job_gone(*forgotten);
}

void JobController::remove_pods(const Job& job, Activity& activity, const JobDecision& decision) {
  for (const PodRemoval& removal : decision.remove) {
    if (!slots_free()) {
      waiting_for_slots_.insert(key_of(job));
      return;
    }
    activity.deleting.insert(removal.pod->meta.uid);
    if (removal.release && !removal.pod->released) {
      release_pod(job.meta.uid, *removal.pod);
    } else {
      delete_pod(job.meta.uid, *removal.pod);
    }
  }
}

void JobController::release_pod(const std::string& uid, const JobPod& pod) {
  const std::string body = std::string(R"({"metadata":{"annotations":{")") + names::released + R"(":"true"},"uid":")" +
                           pod.meta.uid + "\"}}";
  call_about_pod(kube::patch_request(pod_resource(), pod.meta.ns, pod.meta.name, "", kube::PatchType::Merge, body),
                 [this, uid, pod](const Result<kube::Response, kube::Error>& answer) {
                   const auto activity = activities_.find(uid);
                   if (activity == activities_.end()) return;
                   if (answer) return delete_pod(uid, pod);
                   activity->second.deleting.erase(pod.meta.uid);
                   failed(uid, answer.error());
                 });
}

void JobController::delete_pod(const std::string& uid, const JobPod& pod) {
  ++stats_.pod_deletes;
  call_about_pod(
      kube::delete_request(pod_resource(), pod.meta.ns, pod.meta.name, pod.meta.uid),
      [this, uid, pod_uid = pod.meta.uid](const Result<kube::Response, kube::Error>& answer) {
        const auto activity = activities_.find(uid);
        if (activity == activities_.end()) return;
        // Gone already, or another one under its name: the watch will say so.
        if (answer || answer.error().code == kube::Errc::NotFound || answer.error().code == kube::Errc::Conflict) {
          return;
        }
        activity->second.deleting.erase(pod_uid);
        failed(uid, answer.error());
      });
}

void JobController::create_pods(const Job& job, Activity& activity, const JobDecision& decision) {
  for (const NewPod& pod : decision.create) {
    if (!slots_free()) {
      waiting_for_slots_.insert(key_of(job));
      return;
    }
    create_pod(job, activity, pod);
  }
}

void JobController::create_pod(const Job& job, Activity& activity, const NewPod& pod) {
  const std::string name = pod_name_prefix(job.meta.name, pod.index) + random_suffix([this] { return loop_.random(); });
  auto body = build_pod(job, pod, name, options_.next_node ? options_.next_node() : options_.node);
  if (!body) return say(job, activity, "FailedCreate", "Error creating: " + body.error());
  activity.creating.emplace(name, pod.index);
  ++stats_.pod_creates;
  call_about_pod(kube::create_request(pod_resource(), job.meta.ns, std::move(*body)),
                 [this, uid = job.meta.uid, name](const auto& answer) { create_answered(uid, name, answer); });
}

void JobController::create_answered(const std::string& uid, const std::string& name,
                                    const Result<kube::Response, kube::Error>& answer) {
  const auto found = activities_.find(uid);
  const Job* job = jobs_.find_uid(uid);
  if (found == activities_.end() || job == nullptr) return;
  Activity& activity = found->second;
  const auto creating = activity.creating.find(name);
  if (creating == activity.creating.end()) return;  // the watch was quicker
  if (!answer) {
    const kube::Error& error = answer.error();
    if (error.may_have_applied() || error.code == kube::Errc::AlreadyExists) return find_created(uid, name);
    activity.creating.erase(creating);
    if (worth_a_line(error)) say(*job, activity, "FailedCreate", "Error creating: " + error.message);
    return failed(uid, error);
  }
  activity.trouble.clear();
  auto meta = meta_in_answer(answer->body);
  if (!meta) return find_created(uid, name);
  pod_created(uid, creating->second, std::move(*meta));
}

// Whether a create without an answer, or of a name that was taken, has made our Pod.
void JobController::find_created(const std::string& uid, const std::string& name) {
  const Job* job = jobs_.find_uid(uid);
  if (job == nullptr) return;
  call_about_pod(kube::get_request(pod_resource(), job->meta.ns, name),
                 [this, uid, name](const Result<kube::Response, kube::Error>& answer) {
                   const auto activity = activities_.find(uid);
                   if (activity == activities_.end()) return;
                   const auto creating = activity->second.creating.find(name);
                   if (creating == activity->second.creating.end()) return;
                   auto meta = answer ? meta_in_answer(answer->body) : std::nullopt;
                   if (meta && meta->owner_uid == uid) return pod_created(uid, creating->second, std::move(*meta));
                   activity->second.creating.erase(creating);
                   if (!answer) return failed(uid, answer.error());
                   if (const Job* held = jobs_.find_uid(uid)) queue_.add(key_of(*held));
                 });
}

void JobController::pod_created(const std::string& uid, std::int64_t index, api::ObjectMeta meta) {
  const Job* job = jobs_.find_uid(uid);
  const auto activity = activities_.find(uid);
  if (job == nullptr || activity == activities_.end()) return;
  activity->second.creating.erase(meta.name);
  queue_.forget(key_of(*job));
  queue_.add(key_of(*job));
  if (activity->second.tally.counted.contains(meta.uid)) return;
  JobPod pod{.meta = std::move(meta), .index = index};
  pod.meta.owner_uid = uid;
  pods_.note_written(std::move(pod));
}

// Kubernetes deletes in the foreground; the difference is in which order Job and Pods go.
void JobController::delete_job(const Job& job, Activity& activity) {
  if (activity.deleting_job) return;
  activity.deleting_job = true;
  call(kube::delete_request(job_resource(), job.meta.ns, job.meta.name, job.meta.uid),
       [this, uid = job.meta.uid](const Result<kube::Response, kube::Error>& answer) {
         const auto activity_then = activities_.find(uid);
         if (activity_then == activities_.end()) return;
         activity_then->second.deleting_job = false;
         if (!answer && answer.error().code != kube::Errc::NotFound) failed(uid, answer.error());
       });
}

void JobController::start_job(const Job& job, Activity& activity) {
  if (activity.starting_job) return;
  activity.starting_job = true;
  call(kube::patch_request(job_resource(), job.meta.ns, job.meta.name, "", kube::PatchType::Merge,
                           R"({"metadata":{"uid":")" + job.meta.uid + R"("},"spec":{"suspend":false}})"),
       [this, uid = job.meta.uid](const Result<kube::Response, kube::Error>& answer) {
         const auto found = activities_.find(uid);
         if (found == activities_.end()) return;
         // The watch tells that it has gone well.
         found->second.starting_job = answer.ok();
         if (!answer) failed(uid, answer.error());
       });
}

void JobController::failed(const std::string& uid, const kube::Error& error) {
  const Job* job = jobs_.find_uid(uid);
  if (job == nullptr) return;
  const Duration least = error.code == kube::Errc::Terminating ? limits::terminating_wait : Duration{0};
  queue_.retry(key_of(*job), std::max(least, error.retry_after.value_or(Duration{0})));
  if (worth_a_line(error) && hooks_.on_trouble) hooks_.on_trouble("Job " + key_of(*job) + ": " + error.message);
}

void JobController::say(const Job& job, Activity& activity, const std::string& reason, const std::string& note) {
  if (activity.trouble == note) return;
  activity.trouble = note;
  events_.record(job_resource(), job.meta, {.warning = true, .reason = reason, .note = note});
}

std::size_t JobController::max_pod_requests() { return limits::pod_requests_in_flight; }

void JobController::slot_freed() {
  --pod_requests_;
  if (waiting_for_slots_.empty() || pod_requests_ > max_pod_requests() / 2) return;
  const std::set<std::string> waiting = std::exchange(waiting_for_slots_, {});
  for (const std::string& key : waiting) queue_.add(key);
}

void JobController::call(kube::Request request, kube::ResponseHandler handler) {
  transport_.call(std::move(request), [alive = std::weak_ptr(alive_), handler = std::move(handler)](auto answer) {
    if (!alive.expired()) handler(std::move(answer));
  });
}

void JobController::call_about_pod(kube::Request request, kube::ResponseHandler handler) {
  ++pod_requests_;
  call(std::move(request), [this, handler = std::move(handler)](auto answer) {
    slot_freed();
    handler(std::move(answer));
  });
}

}  // namespace ork::embedded
