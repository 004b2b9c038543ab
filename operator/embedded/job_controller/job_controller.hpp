#pragma once

// Carries Jobs out: watches Jobs and their Pods, asks decide() about each that changes, and sends
// what it says. Nothing is waited for; each answer puts the Job back into the queue.
//
// What one Job of one Pod costs the API server: the create of its Pod and one or two statuses (one
// where the Pod ends within limits::status_spacing of the Job's creation). A status is written at
// once where a condition changes, else at most one per status_spacing, and of all Jobs together at most
// limits::progress_per_second.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "operator/embedded/client/event_recorder.hpp"
#include "operator/embedded/client/store_sink.hpp"
#include "operator/embedded/job_controller/decide.hpp"
#include "operator/embedded/job_controller/progress_pace.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/store.hpp"
#include "operator/runtime/watcher.hpp"
#include "operator/runtime/work_queue.hpp"

namespace ork::embedded {

struct JobControllerOptions {
  std::string node = "local";  // where Pods go that do not choose
  // Where the next of them goes, if there are several nodes; may be empty.
  std::function<std::string()> next_node = {};
  // A Job that waits for its queue is started at once, as by a queue that has room for all.
  bool starts_queued = false;
};

struct JobControllerHooks {
  std::function<void()> on_synced;                     // everything is listed, work begins
  std::function<void(const std::string&)> on_trouble;  // a sentence for the log
};

struct JobControllerStats {
  std::uint64_t decisions = 0;
  std::uint64_t pod_creates = 0;
  std::uint64_t pod_deletes = 0;
  std::uint64_t status_writes = 0;
};

class JobController {
 public:
  // Transport and loop must outlive the controller.
  JobController(kube::Transport& transport, runtime::Loop& loop, JobControllerOptions options,
                JobControllerHooks hooks = {});
  ~JobController();
  JobController(const JobController&) = delete;
  JobController& operator=(const JobController&) = delete;

  void start();
  // Nothing is sent any more, and nothing listened to.
  void stop();

  bool synced() const { return synced_; }
  const JobControllerStats& stats() const { return stats_; }
  // Jobs that have not finished, and those whose ttl runs.
  std::size_t live_jobs() const { return jobs_.size(); }
  // Jobs that something is remembered of.
  std::size_t remembered_jobs() const { return activities_.size(); }

 private:
  // What is under way for one Job, by its uid.
  struct Activity {
    Tally tally;
    runtime::Instant first_seen;
    api::TimeMs start_ms = 0;
    std::optional<runtime::Instant> status_written;
    bool writing_status = false;
    enum class Progress { Told, InLine, ItsTurn } progress = Progress::Told;
    bool deleting_job = false;
    bool starting_job = false;
    std::map<std::string, std::int64_t> creating;  // name -> index
    std::set<std::string> deleting;                // uids of Pods
    std::string trouble;                           // what was said last, so as not to say it again
  };

  void watch_jobs();
  void watch_pods();
  runtime::WatchHooks watch_hooks(const char* kind, std::function<void()> on_synced);
  bool keep_job(const Job& job);
  bool keep_pod(const JobPod& pod);
  void pod_gone(const JobPod& pod);
  void job_gone(const Job& job);
  Activity& activity_of(const Job& job);

  void process(const std::string& key);
  JobDecision decide_on(const Job& job, Activity& activity);
  void write_status(const Job& job, Activity& activity, const JobDecision& decision);
  runtime::Duration status_wait(const Job& job, const Activity& activity) const;
  // Whether a status that only tells of progress may be written now; else its Job is put in line.
  bool may_tell_progress(const Job& job, Activity& activity);
  void next_in_line();
  void status_answered(const std::string& key, const std::string& uid, const JobStatus& written,
                       const Result<kube::Response, kube::Error>& answer);
  void finish(const std::string& key);
  void remove_pods(const Job& job, Activity& activity, const JobDecision& decision);
  void release_pod(const std::string& uid, const JobPod& pod);
  void delete_pod(const std::string& uid, const JobPod& pod);
  void create_pods(const Job& job, Activity& activity, const JobDecision& decision);
  void create_pod(const Job& job, Activity& activity, const NewPod& pod);
  void create_answered(const std::string& uid, const std::string& name,
                       const Result<kube::Response, kube::Error>& answer);
  void find_created(const std::string& uid, const std::string& name);
  void pod_created(const std::string& uid, std::int64_t index, api::ObjectMeta meta);
  void delete_job(const Job& job, Activity& activity);
  void start_job(const Job& job, Activity& activity);
  void failed(const std::string& uid, const kube::Error& error);
  void say(const Job& job, Activity& activity, const std::string& reason, const std::string& note);

  bool slots_free() const { return pod_requests_ < max_pod_requests(); }
  static std::size_t max_pod_requests();
  void slot_freed();
  // `handler` is dropped once the controller has stopped.
  void call(kube::Request request, kube::ResponseHandler handler);
  void call_about_pod(kube::Request request, kube::ResponseHandler handler);

  kube::Transport& transport_;
  runtime::Loop& loop_;
  JobControllerOptions options_;
  JobControllerHooks hooks_;
  bool synced_ = false;
  runtime::Store<Job> jobs_;
  runtime::Store<JobPod> pods_;  // those that have not ended
  StoreSink<Job> job_sink_;
  StoreSink<JobPod> pod_sink_;
  std::unique_ptr<runtime::Watcher> job_watcher_;
  std::unique_ptr<runtime::Watcher> pod_watcher_;
  std::unordered_map<std::string, Activity> activities_;
  runtime::WorkQueue queue_;
  EventRecorder events_;
  ProgressPace progress_pace_;
  std::deque<std::string> progress_line_;  // uids of Jobs
  std::unique_ptr<runtime::Timer> progress_timer_;
  std::size_t pod_requests_ = 0;
  std::set<std::string> waiting_for_slots_;  // keys of Jobs
  JobControllerStats stats_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded
