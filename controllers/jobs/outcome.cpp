#include "controllers/jobs/outcome.hpp"

#include <algorithm>
#include <vector>

#include "controllers/jobs/failure.hpp"
#include "controllers/jobs/limits.hpp"

namespace ork::jobs {
namespace {

using api::Cause;
using api::Job;
using api::Pod;
using api::PodPhase;

void copy_run(Outcome& out, const Pod& pod) {
  out.start_ms = pod.start_ms;
  out.completion_ms = pod.finish_ms;
  out.node = pod.node;
  out.exit_code = pod.exit_code;
}

// SIGTERM or SIGKILL: what a program dies of when its Pod is deleted under it. The OOM killer's
// SIGKILL says so.
bool killed(const Pod& pod) {
  if (pod.terminated_reason == "OOMKilled") return false;
  return !pod.exit_code || *pod.exit_code == 137 || *pod.exit_code == 143;
}

bool has_ended(const Pod& pod) { return pod.phase == PodPhase::Succeeded || pod.phase == PodPhase::Failed; }

// The Job has reported an end that our view of its Pod does not show yet. The wait for it ends: a Pod
// ends by itself, or is deleted, and whoever deletes it marks it first.
bool lags_behind(const Job& job, const Pod& pod) {
  if (has_ended(pod) || pod.meta.deleting) return false;
  return !job.deleted && job.failure_reason != "DeadlineExceeded";
}

bool job_is_over(const Job& job) { return job.failed || job.finished || job.deleted; }

// Nothing of it runs until somebody else lets it: its queue, or whoever suspended it.
bool is_held(const Job& job) { return !job.unseeded && (job.suspended || job.held); }

// True of a Pod that may have been stopped for a while: how it ended then says nothing, and the Job will make another.
// The two are watched apart, so that its Job may not be seen suspended yet, or no longer. The Job controller lets go
// of a Pod before it deletes it, and never counts what ends in between.
bool is_set_aside(const Job& job, const Pod& pod) {
  const bool may_have_been_stopped = !job.queue.empty() || job.resumed || is_held(job);
  const bool counts = pod.tracked && !pod.meta.deleting;
  return may_have_been_stopped && !counts && !job.complete && !job_is_over(job);
}

// True where this Pod alone says how the attempt failed. A Pod that somebody is deleting may have
// been killed for a reason that only its Job knows (the deadline), so that one is asked first.
bool speaks_for_itself(const Job& job, const Pod& pod) {
  if (pod.phase != PodPhase::Failed || is_set_aside(job, pod)) return false;
  return !pod.meta.deleting || !pod.disruption_reason.empty() || !killed(pod);
}

std::string why_held(const Job& job) {
  if (!job.queue.empty()) return "Job " + job.meta.name + " waits for queue " + job.queue + " to start it";
  return "Job " + job.meta.name + " is suspended: whoever suspended it has to let it go on";
}

// Since when its first Pod is due; 0: it is not. That a queue has started it is told by its start alone.
api::TimeMs due_since(const Job& job) {
  if (is_held(job)) return 0;
  if (job.start_ms != 0) return job.start_ms;
  return job.queue.empty() ? job.meta.creation_ms : 0;
}

// What the Job's own end says, where no Pod can.
Failure failure_by_job(const Job& job, const Pod* pod) {
  if (job.failed && job.failure_reason == "DeadlineExceeded") {
    if (pod != nullptr && pod->phase == PodPhase::Pending) {
      if (Wait wait = wait_of(*pod); !wait.reason.empty()) {
        return {Cause::Infrastructure, std::move(wait.reason), "it never started before its timeout: " + wait.message};
      }
    }
    return {Cause::Deadline, "DeadlineExceeded", "it ran longer than its timeout"};
  }
  if (job.deleted) return {Cause::Infrastructure, "JobDeleted", "somebody deleted Job " + job.meta.name};
  // Marked by whoever ends it, and not ended yet.
  if (pod != nullptr && !pod->disruption_reason.empty()) return failure_of(*pod);
  if (pod != nullptr && pod->phase == PodPhase::Failed && !killed(*pod)) return failure_of(*pod);
  return {Cause::Infrastructure, "PodDeleted",
          "somebody deleted the Pod of Job " + job.meta.name + " before it had ended"};
}

bool has_not_told(const Pod* pod) { return pod == nullptr || !has_ended(*pod); }

// Whether a Pod that is not to be seen, or not as it ended, might say otherwise.
bool may_be_mistaken(const Job& job, const Failure& failure, const Pod* pod) {
  return has_not_told(pod) && !job.deleted && failure.cause == Cause::Infrastructure;
}

void set_failure(Outcome& out, Failure failure) {
  out.state = State::Failed;
  out.cause = failure.cause;
  out.reason = std::move(failure.reason);
  out.message = std::move(failure.message);
}

void set_held(Outcome& out, const Job& job) {
  out.state = State::Waiting;
  out.reason = "JobSuspended";
  out.message = why_held(job);
}

void set_waiting(Outcome& out, const Pod& pod) {
  out.state = State::Waiting;
  Wait wait = wait_of(pod);
  out.reason = std::move(wait.reason);
  out.message = std::move(wait.message);
  if (!out.reason.empty()) out.waiting_since_ms = pod.meta.creation_ms;
  out.pending_since_ms = pod.meta.creation_ms;
}

// The Pod that says most: one that succeeded, else one that lives, else the one that failed first. Of an attempt
// that has failed, by its Job's word, one that says how; the Job controller may have made two, and then kills the
// other.
int rank(const Job& job, const Pod& pod, bool has_failed) {
  if (has_ended(pod) && is_set_aside(job, pod)) return 6;
  if (has_failed && speaks_for_itself(job, pod)) return 1;
  switch (pod.phase) {
    case PodPhase::Succeeded: return 0;
    case PodPhase::Running: return 2;
    case PodPhase::Unknown: return 3;
    case PodPhase::Pending: return 4;
    case PodPhase::Failed: break;
  }
  return 5;
}

bool says_more(const Job& job, const Pod& a, const Pod& b, bool has_failed) {
  const int of_a = rank(job, a, has_failed);
  const int of_b = rank(job, b, has_failed);
  if (of_a != of_b) return of_a < of_b;
  if (a.meta.creation_ms != b.meta.creation_ms) return a.meta.creation_ms < b.meta.creation_ms;
  return a.meta.name < b.meta.name;
}

const Pod* best_of(const Job& job, std::span<const Pod* const> pods) {
  const bool has_failed = job.failed || job.deleted;
  const auto it = std::min_element(pods.begin(), pods.end(),
                                   [&](const Pod* a, const Pod* b) { return says_more(job, *a, *b, has_failed); });
  return it == pods.end() ? nullptr : *it;
}

void fill_times(Outcome& out, const Job& job) {
  if (out.start_ms == 0) out.start_ms = job.start_ms != 0 ? job.start_ms : job.meta.creation_ms;
  const bool ended = out.state == State::Succeeded || out.state == State::Failed;
  if (ended && out.completion_ms == 0) out.completion_ms = job.completion_ms;
}

}  // namespace

namespace {

// The verdict on an attempt of which no Pod has succeeded.
void judge_unsuccessful(Outcome& out, const Job& job, const Pod* pod) {
  const bool ahead = pod != nullptr && (job.complete || job.failed) && lags_behind(job, *pod);
  if (ahead) {
    out.state = State::Running;
  } else if (job.complete) {
    out.pod_unseen = true;
    out.state = State::Succeeded;
  } else if (pod != nullptr && speaks_for_itself(job, *pod)) {
    set_failure(out, failure_of(*pod));
  } else if (job_is_over(job)) {
    Failure failure = failure_by_job(job, pod);
    out.pod_unseen = may_be_mistaken(job, failure, pod);
    set_failure(out, std::move(failure));
  } else if (is_held(job)) {
    set_held(out, job);
  } else if (pod != nullptr && pod->phase == PodPhase::Pending) {
    set_waiting(out, *pod);
  } else {
    // No Pod yet, one that runs, or one being killed for a reason the Job will tell.
    out.state = pod == nullptr ? State::Waiting : State::Running;
    if (pod == nullptr) out.pending_since_ms = due_since(job);
  }
}

}  // namespace

Outcome outcome_of(const Job& job, std::span<const Pod* const> pods) {
  Outcome out;
  const Pod* pod = best_of(job, pods);
  if (pod != nullptr) copy_run(out, *pod);
  if (pod != nullptr && pod->phase == PodPhase::Succeeded && !is_set_aside(job, *pod)) {
    out.state = State::Succeeded;
    out.output = pod->termination_message;
  } else {
    judge_unsuccessful(out, job, pod);
  }
  fill_times(out, job);
  return out;
}

namespace {

// By index the Pod that says most; nullptr where there is none.
std::vector<const Pod*> by_index(const Job& job, std::span<const Pod* const> pods, std::int64_t count, bool all_failed,
                                 const api::IndexSet& failed) {
  std::vector<const Pod*> best(static_cast<std::size_t>(count), nullptr);
  for (const Pod* pod : pods) {
    if (pod->index < 0 || pod->index >= count) continue;
    const Pod*& held = best[static_cast<std::size_t>(pod->index)];
    if (held == nullptr || says_more(job, *pod, *held, all_failed || failed.contains(pod->index))) held = pod;
  }
  return best;
}

// Failed for a reason of its own, and took every open index with it.
bool ended_as_a_whole(const Job& job) { return (job.failed || job.deleted) && job.failure_reason != "FailedIndexes"; }

// Gathers what the indexes' Pods say; the lowest failed index lends the attempt its message.
class FanOut {
 public:
  FanOut(const Job& job, std::span<const Pod* const> pods, std::int64_t count, const api::IndexSet& done)
      : job_(job),
        count_(count),
        done_(done.below(count)),
        pods_(by_index(job, pods, count, ended_as_a_whole(job), indexes_of(job.failed_indexes))) {
    out_.succeeded = done_.united(indexes_of(job.completed_indexes));
    if (job.complete) out_.succeeded = api::IndexSet::all(count);
  }

  Outcome run() {
    for (std::int64_t index = 0; index < count_; ++index) {
      if (const Pod* pod = pod_of(index)) see(index, *pod);
    }
    out_.succeeded = out_.succeeded.without(behind_);
    const api::IndexSet lost = given_up();
    for (const api::IndexSet::Range& range : lost.ranges()) {
      for (std::int64_t index = range.first; index <= range.last; ++index) {
        Failure failure = failure_by_job(job_, pod_of(index));
        if (may_be_mistaken(job_, failure, pod_of(index))) out_.unseen.insert(index);
        ended_by_job_ = true;
        // It is being stopped, and counts once.
        if (pod_of(index) != nullptr && !has_ended(*pod_of(index))) --out_.active;
        fail(index, std::move(failure), pod_of(index));
      }
    }
    out_.unseen_succeeded = unseen_successes();
    if (out_.succeeded.size() == count_) {
      out_.pod_unseen = !out_.unseen_succeeded.empty();
      succeed();
    } else if (out_.succeeded.size() + out_.failed.size() == count_) {
      out_.state = State::Failed;
      out_.pod_unseen = !out_.unseen.empty() || !out_.unseen_succeeded.empty();
      name_failed_indexes();
    } else {
      unsettled();
    }
    // The last Pod that told its end is not the last to end.
    if (ended_by_job_ && out_.state == State::Failed) out_.completion_ms = job_.completion_ms;
    fill_times(out_, job_);
    return std::move(out_);
  }

 private:
  const Pod* pod_of(std::int64_t index) const { return pods_[static_cast<std::size_t>(index)]; }

  api::IndexSet indexes_of(const std::string& text) const {
    return api::IndexSet::parse(text).value_or(api::IndexSet()).below(count_);
  }

  void see(std::int64_t index, const Pod& pod) {
    if (has_ended(pod) && is_set_aside(job_, pod)) return;
    note_times(pod);
    if (pod.phase == PodPhase::Succeeded) {
      out_.succeeded.insert(index);
    } else if (pod.phase == PodPhase::Failed) {
      if (!out_.succeeded.contains(index) && speaks_for_itself(job_, pod)) fail(index, failure_of(pod), &pod);
    } else {
      if (!done_.contains(index) && lags_behind(job_, pod)) behind_.insert(index);
      if (!out_.succeeded.contains(index) || behind_.contains(index)) live(pod);
    }
  }

  void live(const Pod& pod) {
    ++out_.active;
    running_ = running_ || pod.phase != PodPhase::Pending;
    if (pod.phase != PodPhase::Pending) return;
    Outcome waiting;
    set_waiting(waiting, pod);
    if (pending_since_ == 0 || waiting.pending_since_ms < pending_since_) pending_since_ = waiting.pending_since_ms;
    if (waiting.reason.empty()) return;
    if (waiting_.reason.empty() || waiting.waiting_since_ms < waiting_.waiting_since_ms) waiting_ = std::move(waiting);
  }

  // Indexes that the Job says have failed, or that it took with it when it ended; less those whose
  // Pod has told already or is about to.
  api::IndexSet given_up() const {
    const bool all = job_is_over(job_) && job_.failure_reason != "FailedIndexes";
    const api::IndexSet indexes = all ? api::IndexSet::all(count_) : indexes_of(job_.failed_indexes);
    return indexes.without(out_.failed).without(out_.succeeded).without(behind_);
  }

  // By the Job's word alone: their Pods may be on their way, and bring the outputs.
  api::IndexSet unseen_successes() const {
    api::IndexSet seen;
    for (const Pod* pod : pods_) {
      if (pod != nullptr && pod->phase == PodPhase::Succeeded) seen.insert(pod->index);
    }
    return out_.succeeded.without(done_).without(seen);
  }

  void note_times(const Pod& pod) {
    if (pod.start_ms != 0 && (out_.start_ms == 0 || pod.start_ms < out_.start_ms)) out_.start_ms = pod.start_ms;
    out_.completion_ms = std::max(out_.completion_ms, pod.finish_ms);
  }

  void fail(std::int64_t index, Failure failure, const Pod* pod) {
    out_.failed.insert(index);
    if (failure.cause == Cause::Infrastructure) {
      out_.failed_by_infrastructure.insert(index);
    } else {
      if (failure.cause == Cause::OutOfMemory) out_.failed_by_memory.insert(index);
      note_way(failure, pod);
    }
    // The user's own errors are what he wants to read first.
    const bool better =
        out_.cause == Cause::None || (out_.cause == Cause::Infrastructure && failure.cause != Cause::Infrastructure);
    if (!better) return;
    shown_ = index;
    out_.exit_code = pod != nullptr ? pod->exit_code : std::nullopt;
    out_.node = pod != nullptr ? pod->node : "";
    set_failure(out_, std::move(failure));
  }

  void note_way(const Failure& failure, const Pod* pod) {
    std::vector<ProgramFailure>& ways = out_.program_failures;
    if (ways.size() == max_ways_to_fail) return;
    ProgramFailure way{failure.cause, pod != nullptr ? pod->exit_code : std::nullopt, failure.message};
    if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(std::move(way));
  }

  void name_failed_indexes() {
    const std::int64_t n = out_.failed.size();
    out_.message = "index " + std::to_string(shown_) + ": " + out_.message;
    if (n > 1) out_.message = std::to_string(n) + " of " + std::to_string(count_) + " indexes failed; " + out_.message;
  }

  void succeed() {
    out_.state = State::Succeeded;
    out_.active = 0;
  }

  // While others end the rest has its turn to come: what waits is counted from the last that ended.
  api::TimeMs pending_since(bool begun) const {
    if (running_) return 0;
    if (pending_since_ != 0) return std::max(pending_since_, out_.completion_ms);
    return begun ? 0 : due_since(job_);
  }

  void unsettled() {
    const bool begun = out_.succeeded.size() + out_.failed.size() > done_.size();
    out_.pending_since_ms = pending_since(begun);
    out_.cause = Cause::None;
    out_.exit_code.reset();
    out_.completion_ms = 0;
    if (is_held(job_)) {
      out_.pending_since_ms = 0;
      return set_held(out_, job_);
    }
    out_.state = running_ || (begun && waiting_.reason.empty()) ? State::Running : State::Waiting;
    out_.reason = waiting_.reason;
    out_.message = waiting_.message;
    out_.waiting_since_ms = waiting_.waiting_since_ms;
  }

  const Job& job_;
  const std::int64_t count_;
  const api::IndexSet done_;
  const std::vector<const Pod*> pods_;
  Outcome out_;
  Outcome waiting_;
  api::IndexSet behind_;  // the Job has them as ended, their Pods seem to live
  std::int64_t shown_ = 0;
  api::TimeMs pending_since_ = 0;  // the oldest Pod that has not started; 0: none
  bool running_ = false;
  bool ended_by_job_ = false;
};

}  // namespace

Outcome fan_out_outcome_of(const Job& job, std::span<const Pod* const> pods, std::int64_t count,
                           const api::IndexSet& done) {
  return FanOut(job, pods, count, done).run();
}

}  // namespace ork::jobs
