#include "operator/embedded/job_controller/decide.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "operator/embedded/job_controller/limits.hpp"

namespace ork::embedded {
namespace {

// SuccessCriteriaMet and FailureTarget come first, Complete and Failed once nothing runs any more.
struct Verdict {
  bool success = false;
  std::string reason;
  std::string message;
};

// Whoever has come less far goes first, the younger of two.
bool goes_before(const JobPod* a, const JobPod* b) {
  const auto progress = [](const JobPod& pod) {
    const int phase = pod.phase == api::PodPhase::Running ? 2 : pod.phase == api::PodPhase::Unknown ? 1 : 0;
    return std::tuple(pod.bound, phase, pod.ready, -pod.restarts, -pod.meta.creation_ms);
  };
  if (progress(*a) != progress(*b)) return progress(*a) < progress(*b);
  return a->meta.name > b->meta.name;
}

api::DurationMs backoff_after(std::int64_t failures) {
  api::DurationMs wait = limits::pod_backoff_ms;
  for (std::int64_t i = 1; i < failures && wait < limits::pod_backoff_cap_ms; ++i) wait *= 2;
  return std::min(wait, limits::pod_backoff_cap_ms);
}

class Decider {
 public:
  Decider(const JobSnapshot& snapshot, api::TimeMs now)
      : s_(snapshot), job_(snapshot.job), spec_(snapshot.job.spec), tally_(snapshot.tally), now_(now) {
    out_.status = job_.status;
  }

  JobDecision run() {
    if (job_.status.finished()) return finished();
    if (job_.meta.deleting) return std::move(out_);
    // Once: whoever suspends it later means it.
    out_.start_job = s_.starts_queued && job_.queued && spec_.suspend && job_.status.start_ms == 0;
    sort_pods();
    note_start();
    verdict_ = verdict();
    if (verdict_) {
      end_job();
    } else {
      keep_going();
    }
    fill_counts();
    if (verdict_) conclude();
    return std::move(out_);
  }

 private:
  JobDecision finished() {
    if (!spec_.ttl_seconds) return std::move(out_);
    const JobCondition* end = job_.status.holding("Complete");
    if (end == nullptr) end = job_.status.holding("Failed");
    const api::TimeMs due = api::later_by_seconds(end->transition_ms, std::max<std::int64_t>(0, *spec_.ttl_seconds));
    out_.delete_job = now_ >= due;
    if (!out_.delete_job) look_again(due);
    return std::move(out_);
  }

  void sort_pods() {
    for (const JobPod* pod : s_.pods) {
      (pod->meta.deleting || s_.deleting.contains(pod->meta.uid) ? terminating_ : active_).push_back(pod);
    }
  }

  std::int64_t succeeded() const { return spec_.indexed ? tally_.completed.size() : tally_.succeeded; }
  std::int64_t on_their_way() const { return static_cast<std::int64_t>(s_.creating.size()); }
  std::int64_t active() const { return static_cast<std::int64_t>(active_.size()) + on_their_way(); }

  void note_start() {
    if (spec_.suspend) return;
    api::TimeMs& start = out_.status.start_ms;
    const api::TimeMs known = s_.start_ms == 0 ? now_ : s_.start_ms;
    // What the API server keeps are whole seconds; a deadline must not come up to one too soon.
    if (start == 0 || start / 1000 == known / 1000) start = known;
  }

  void look_again(api::TimeMs at) {
    if (!out_.look_again_ms || at < *out_.look_again_ms) out_.look_again_ms = at;
  }

  std::optional<Verdict> verdict() {
    if (const JobCondition* met = job_.status.holding("SuccessCriteriaMet")) {
      return Verdict{true, met->reason, met->message};
    }
    if (const JobCondition* target = job_.status.holding("FailureTarget")) {
      return Verdict{false, target->reason, target->message};
    }
    if (tally_.fail_job) return Verdict{false, "PodFailurePolicy", *tally_.fail_job};
    if (tally_.failed > spec_.backoff_limit || restarted_too_often()) {
      return Verdict{false, "BackoffLimitExceeded", "Job has reached the specified backoff limit"};
    }
    if (past_deadline()) {
      return Verdict{false, "DeadlineExceeded", "Job was active longer than specified deadline"};
    }
    return verdict_of_indexes();
  }

  std::optional<Verdict> verdict_of_indexes() const {
    if (!spec_.indexed || !spec_.backoff_limit_per_index) return std::nullopt;
    const std::int64_t failed = tally_.failed_indexes.size();
    if (spec_.max_failed_indexes && failed > *spec_.max_failed_indexes) {
      return Verdict{false, "MaxFailedIndexesExceeded",
                     "Job has exceeded the specified maximal number of failed indexes"};
    }
    if (failed > 0 && failed + succeeded() >= *spec_.completions) {
      return Verdict{false, "FailedIndexes", "Job has failed indexes"};
    }
    return std::nullopt;
  }

  bool restarted_too_often() const {
    if (!spec_.restarts_in_place) return false;
    std::int64_t restarts = 0;
    for (const JobPod* pod : s_.pods) restarts += pod->restarts;
    return spec_.backoff_limit == 0 ? restarts > 0 : restarts >= spec_.backoff_limit;
  }

  bool past_deadline() {
    if (!spec_.active_deadline_seconds || spec_.suspend) return false;
    const api::TimeMs due = api::later_by_seconds(out_.status.start_ms, *spec_.active_deadline_seconds);
    if (now_ >= due) return true;
    look_again(due);
    return false;
  }

  // The reason is stored before the Pods it ends are touched: whoever sees one being deleted can read
  // why, and a crash in between changes nothing.
  void end_job() {
    out_.look_again_ms.reset();
    const char* interim = verdict_->success ? "SuccessCriteriaMet" : "FailureTarget";
    if (job_.status.holding(interim) == nullptr) {
      set_condition(interim, "True", verdict_->reason, verdict_->message);
      return;
    }
    for (const JobPod* pod : active_) remove(pod, false);
  }

  void keep_going() {
    manage_pods();
    const bool all_done = spec_.completions ? succeeded() >= *spec_.completions : succeeded() > 0;
    if (all_done && active() == 0 && out_.create.empty()) {
      out_.look_again_ms.reset();
      verdict_ = Verdict{true, "CompletionsReached", "Reached expected number of succeeded pods"};
      set_condition("SuccessCriteriaMet", "True", verdict_->reason, verdict_->message);
    } else if (spec_.suspend) {
      set_condition("Suspended", "True", "JobSuspended", "Job suspended");
    } else if (job_.status.holding("Suspended") != nullptr) {
      set_condition("Suspended", "False", "JobResumed", "Job resumed");
      // A deadline counts from here: time spent suspended is nobody's fault.
      out_.status.start_ms = now_;
    }
  }

  void manage_pods() {
    if (spec_.suspend) {
      for (const JobPod* pod : active_) remove(pod, true);
      return;
    }
    std::int64_t wanted = std::max<std::int64_t>(0, spec_.parallelism);
    if (spec_.completions) {
      wanted = std::clamp<std::int64_t>(*spec_.completions - succeeded(), 0, wanted);
    } else if (succeeded() > 0) {
      wanted = active();
    }
    remove_excess(active() - wanted);
    if (!out_.remove.empty()) return;
    const std::int64_t still_there =
        spec_.only_replace_failed ? static_cast<std::int64_t>(terminating_.size()) : std::int64_t{0};
    create(std::min(wanted - active() - still_there, limits::pods_per_decision));
  }

  // Pods of an index that another Pod has, or that there is not, go first.
  void remove_excess(std::int64_t at_least) {
    std::vector<const JobPod*> left(active_);
    std::sort(left.begin(), left.end(), goes_before);
    if (spec_.indexed) {
      std::map<std::int64_t, const JobPod*> best;
      for (const JobPod* pod : left) {
        if (has_index(*pod)) best[pod->index] = pod;
      }
      std::erase_if(left, [&](const JobPod* pod) {
        const bool keep = has_index(*pod) && best.at(pod->index) == pod;
        if (!keep) remove(pod, true);
        return !keep;
      });
    }
    for (const JobPod* pod : left) {
      const auto removed = static_cast<std::int64_t>(out_.remove.size());
      if (removed >= at_least || removed >= limits::pods_per_decision) return;
      remove(pod, true);
    }
  }

  bool has_index(const JobPod& pod) const { return pod.index >= 0 && pod.index < *spec_.completions; }

  void create(std::int64_t count) {
    if (count <= 0) return;
    if (!spec_.backoff_limit_per_index && must_wait(tally_.failures_in_a_row, tally_.last_failure_ms)) return;
    if (!spec_.indexed) {
      out_.create.assign(static_cast<std::size_t>(count), NewPod{});
      return;
    }
    for_each_pending_index([&](std::int64_t index) {
      NewPod pod{.index = index};
      if (const auto failed = tally_.to_replace.find(index); failed != tally_.to_replace.end()) {
        const IndexFailures& before = failed->second;
        pod.failures = before.failures;
        pod.ignored_failures = before.ignored;
        // An index that waits still takes its place among those wanted, as it does in Kubernetes.
        if (must_wait(before.failures + before.ignored, before.last_ms)) return --count > 0;
      }
      out_.create.push_back(pod);
      return --count > 0;
    });
  }

  bool must_wait(std::int64_t failures, api::TimeMs last_failure_ms) {
    if (failures == 0) return false;
    const api::TimeMs due = last_failure_ms + backoff_after(failures);
    if (now_ >= due) return false;
    look_again(due);
    return true;
  }

  // Rising, until `visit` says false. Costs as much as there are ranges that are not pending.
  template <typename Visit>
  void for_each_pending_index(Visit visit) const {
    std::vector<std::int64_t> indexes(s_.creating);
    for (const JobPod* pod : active_) indexes.push_back(pod->index);
    if (spec_.only_replace_failed) {
      for (const JobPod* pod : terminating_) indexes.push_back(pod->index);
    }
    std::sort(indexes.begin(), indexes.end());
    api::IndexSet taken;
    for (const std::int64_t index : indexes) taken.insert(index);
    const api::IndexSet settled = taken.united(tally_.completed).united(tally_.failed_indexes);
    std::int64_t candidate = 0;
    for (const api::IndexSet::Range& range : settled.ranges()) {
      for (; candidate < std::min(range.first, *spec_.completions); ++candidate) {
        if (!visit(candidate)) return;
      }
      candidate = std::max(candidate, range.last + 1);
    }
    for (; candidate < *spec_.completions; ++candidate) {
      if (!visit(candidate)) return;
    }
  }

  void remove(const JobPod* pod, bool release) { out_.remove.push_back({pod, release}); }

  void fill_counts() {
    JobStatus& status = out_.status;
    const auto removed = static_cast<std::int64_t>(out_.remove.size());
    const auto is_ready = [](const JobPod* pod) { return pod->ready; };
    const auto ready = std::count_if(active_.begin(), active_.end(), is_ready) -
                       std::count_if(out_.remove.begin(), out_.remove.end(),
                                     [&](const PodRemoval& removal) { return is_ready(removal.pod); });
    status.active = active() - removed + static_cast<std::int64_t>(out_.create.size());
    status.ready = ready;
    status.terminating = static_cast<std::int64_t>(terminating_.size()) + removed;
    status.succeeded = succeeded();
    status.failed = tally_.failed;
    if (spec_.indexed) status.completed = tally_.completed;
    if (spec_.indexed && spec_.backoff_limit_per_index) status.failed_indexes = tally_.failed_indexes;
  }

  void conclude() {
    if (out_.status.active > 0 || *out_.status.terminating > 0) return;
    set_condition(verdict_->success ? "Complete" : "Failed", "True", verdict_->reason, verdict_->message);
    // The API server refuses one that is before the start, which a clock that was set back would make it.
    if (verdict_->success) out_.status.completion_ms = std::max(now_, out_.status.start_ms);
  }

  void set_condition(const char* type, const char* status, const std::string& reason, const std::string& message) {
    auto& all = out_.status.conditions;
    auto held = std::find_if(all.begin(), all.end(), [&](const JobCondition& c) { return c.type == type; });
    JobCondition wanted{type, status, reason, message, now_};
    if (held == all.end()) {
      all.push_back(std::move(wanted));
    } else if (held->status != wanted.status || held->reason != reason || held->message != message) {
      *held = std::move(wanted);
    } else {
      return;
    }
    out_.urgent = true;
  }

  const JobSnapshot& s_;
  const Job& job_;
  const JobSpec& spec_;
  const Tally& tally_;
  const api::TimeMs now_;
  std::vector<const JobPod*> active_;
  std::vector<const JobPod*> terminating_;
  std::optional<Verdict> verdict_;
  JobDecision out_;
};

}  // namespace

JobDecision decide(const JobSnapshot& snapshot, api::TimeMs now) { return Decider(snapshot, now).run(); }

}  // namespace ork::embedded
