#include "controllers/run/task_progress.hpp"

#include <algorithm>

#include "controllers/jobs/failure.hpp"
#include "controllers/jobs/outcome.hpp"
#include "controllers/run/actions.hpp"
#include "controllers/run/children.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/output.hpp"
#include "controllers/run/retry.hpp"
#include "controllers/run/retry_condition.hpp"
#include "controllers/run/tolerance.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::run {
namespace {

using api::Cause;
using api::Phase;
using api::TimeMs;

// Kubernetes' times are whole seconds, cut; a delay counts from the end of that second, so that
// it is never shorter than asked for.
constexpr api::DurationMs second_ms = 1000;

class Observer {
 public:
  Observer(const workflow::CompiledTask& task, const api::TaskStatus& stored, std::span<const ObservedJob* const> jobs,
           const std::set<Missing>& gone, std::string_view run_uid, api::TimeMs now)
      : task_(task), jobs_(jobs), gone_(gone), run_uid_(run_uid), now_(now) {
    next_.status = stored;
    if (task.fans_out() && !is_cleared(stored)) next_.status.count = count();
  }

  // Follows the attempts from the newest that is stored to the newest that exists: after a crash
  // there may be more Jobs than the status knows of.
  TaskProgress run() {
    api::TaskStatus& status = next_.status;
    if (status.attempt == 0 && jobs_.empty()) return std::move(next_);
    if (status.attempt == 0) enter(*jobs_.front());
    for (;;) {
      if (status.phase != Phase::Retrying) {
        settle();
        if (status.phase != Phase::Retrying) return std::move(next_);
      }
      const ObservedJob* following = job_of(status.attempt + 1);
      if (following == nullptr) {
        await_retry();
        return std::move(next_);
      }
      enter(*following);
    }
  }

  // As if the program had failed.
  api::TaskStatus kill(const Ending& ending) {
    jobs::Outcome outcome;
    outcome.state = jobs::State::Failed;
    outcome.cause = Cause::Program;
    outcome.reason = ending.reason;
    outcome.message = ending.message;
    outcome.completion_ms = now_;
    if (task_.fans_out()) {
      outcome.failed = api::IndexSet::all(next_.status.count).without(next_.status.succeeded_indexes);
      outcome.program_failures = {{outcome.cause, outcome.exit_code, outcome.message}};
      next_.status.failed_indexes = outcome.failed;
    }
    fail(outcome);
    return std::move(next_.status);
  }

 private:
  // What an expression has given is kept by the status, and before that by the first Job.
  std::int64_t count() const {
    if (const auto written = task_.written_count()) return *written;
    if (next_.status.count > 0 || jobs_.empty()) return clamped(next_.status.count);
    return count_in(*jobs_.front());
  }

  static std::int64_t clamped(std::int64_t count) { return std::clamp(count, std::int64_t{1}, workflow::max_count); }

  std::int64_t count_in(const ObservedJob& observed) const {
    return task_.written_count().value_or(clamped(observed.job->completions));
  }

  const ObservedJob* job_of(int attempt) const {
    for (const ObservedJob* job : jobs_) {
      if (job->job->attempt == attempt) return job;
    }
    return nullptr;
  }

  // What the status calls the newest attempt by.
  std::string& name() { return task_.calls() ? next_.status.run : next_.status.job; }
  const std::string& name() const { return task_.calls() ? next_.status.run : next_.status.job; }

  // The Job that the status names is there, and is another attempt's; or it names none: somebody has edited it.
  bool names_another() const {
    if (name().empty()) return true;
    return std::any_of(jobs_.begin(), jobs_.end(), [this](const ObservedJob* observed) {
      return observed->job->meta.name == name() && observed->job->attempt != next_.status.attempt;
    });
  }

  void enter(const ObservedJob& observed) {
    next_.status.attempt = observed.job->attempt;
    name() = observed.job->meta.name;
    next_.status.phase = Phase::Running;
    next_.status.retry_ms = 0;
    outlasted_ = false;
    // How the attempt before ended is in `attempts`.
    next_.status.exit_code.reset();
    next_.status.cause = Cause::None;
    if (task_.fans_out() && next_.status.count == 0) next_.status.count = count_in(observed);
  }

  // Applies the outcome of the newest attempt.
  void settle() {
    const ObservedJob* observed = job_of(next_.status.attempt);
    if (observed == nullptr && !names_another() && !is_known_to_be_gone()) return occupy();
    const jobs::Outcome outcome = observed == nullptr ? lost() : outcome_of(*observed);
    if (task_.fans_out()) {
      next_.status.active = outcome.active;
      next_.status.succeeded_indexes = outcome.succeeded;
      next_.status.failed_indexes = outcome.failed;
    }
    if (next_.status.start_ms == 0) next_.status.start_ms = outcome.start_ms;
    switch (outcome.state) {
      case jobs::State::Waiting:
      case jobs::State::Running: live(outcome, *observed); break;
      case jobs::State::Succeeded: succeed(outcome); break;
      case jobs::State::Failed: fail(outcome); break;
    }
  }

  // A child run is of the same kind as its parent, and shown by the same watch: who sees the status has seen the run.
  bool is_known_to_be_gone() { return task_.calls() || is_gone({Missing::Kind::Job, next_.status.job, ""}); }

  jobs::Outcome outcome_of(const ObservedJob& observed) {
    if (task_.calls())
      return outcome_of_children(observed, task_.fans_out() ? next_.status.count : 0, next_.status.succeeded_indexes);
    jobs::Outcome outcome = observed_outcome_of(observed);
    // A Pod that was told to stop may still end well.
    outlasted_ = outlasted_ || outcome.cause == Cause::Deadline;
    if (outcome.cause == Cause::Deadline && task_.timeout_ms > 0) {
      outcome.message +=
          " (" + api::format_duration(task_.timeout_ms) + " from the start of its Job, waiting included)";
    }
    if (outcome.cause == Cause::OutOfMemory && task_.memory) {
      const int growths = next_.status.memory_growths;
      outcome.message += " (" + memory_of(*task_.memory, growths) +
                         (can_grow(*task_.memory, growths) ? ")" : ", the most that onOOM gives it)");
    }
    return outcome;
  }

  jobs::Outcome observed_outcome_of(const ObservedJob& observed) {
    jobs::Outcome outcome =
        task_.fans_out()
            ? jobs::fan_out_outcome_of(*observed.job, observed.pods, next_.status.count, next_.status.succeeded_indexes)
            : jobs::outcome_of(*observed.job, observed.pods);
    // What is stored as succeeded counts as seen from then on.
    const bool over = observed.job->finished || observed.job->deleted;
    const bool open = outcome.state == jobs::State::Waiting || outcome.state == jobs::State::Running;
    if (!over || open) outcome.succeeded = outcome.succeeded.without(outcome.unseen_succeeded);
    if (!outcome.pod_unseen || !pod_may_come(*observed.job)) return outcome;
    outcome.succeeded = outcome.succeeded.without(outcome.unseen_succeeded);
    outcome.state = jobs::State::Running;
    outcome.reason.clear();
    outcome.message.clear();
    outcome.cause = Cause::None;
    outcome.exit_code.reset();
    outcome.completion_ms = 0;
    outcome.failed = outcome.failed.without(outcome.unseen);
    return outcome;
  }

  // For a Job that is over, of which a Pod was not seen. It brings the output, or says why it failed and so
  // whose budget the next attempt takes.
  bool pod_may_come(const api::Job& job) {
    if (job.deleted || job.meta.deleting) return false;
    if (!job.finished) {
      outlasted_ = !has_time_to_stop(job);
      return !outlasted_;
    }
    return !is_gone({Missing::Kind::Pods, job.meta.name, job.meta.uid});
  }

  // Not marked as finished while one of its Pods is being stopped: that one's last word is still to come.
  bool has_time_to_stop(const api::Job& job) {
    if (job.given_up_ms == 0) return true;
    const api::TimeMs until = job.given_up_ms + stopping_pod_wait_ms;
    if (until <= now_) return false;
    next_.wake_ms = until;
    return true;
  }

  // False: to be looked up first.
  bool is_gone(Missing missing) {
    if (gone_.contains(missing)) return true;
    next_.look_up = std::move(missing);
    return false;
  }

  void occupy() {
    const api::TaskStatus& status = next_.status;
    // Somebody may have written more indexes into the status than there are.
    const std::int64_t ended = status.succeeded_indexes.size() + status.failed_indexes.size();
    const std::int64_t open = std::max(status.count - ended, std::int64_t{0});
    next_.slots = task_.fans_out() ? std::min(open, task_.task.parallelism.value_or(status.count)) : 1;
  }

  // The status names a Job that is gone, and nobody saw it end.
  jobs::Outcome lost() const {
    jobs::Outcome out;
    out.state = jobs::State::Failed;
    out.cause = Cause::Infrastructure;
    out.reason = task_.calls() ? "RunDeleted" : "JobDeleted";
    out.message = (task_.calls() ? "run " : "Job ") + name() + " is gone, and nobody saw how it ended";
    out.completion_ms = now_;
    if (task_.fans_out()) {
      out.succeeded = next_.status.succeeded_indexes;
      out.failed = api::IndexSet::all(next_.status.count).without(out.succeeded);
      out.failed_by_infrastructure = out.failed;
    }
    return out;
  }

  void wake_at(TimeMs at) { next_.wake_ms = std::min(next_.wake_ms.value_or(at), at); }

  // The Job controller tells nobody but Events that it is refused a Pod, and tries for ever.
  void tell_of_missing_pod(jobs::Outcome& outcome, const ObservedJob& observed) {
    const bool is_due =
        outcome.state == jobs::State::Waiting && outcome.reason.empty() && outcome.pending_since_ms != 0;
    if (!is_due || !observed.pods.empty() || observed.job->unseeded || task_.calls()) return;
    const TimeMs late = outcome.pending_since_ms + second_ms + missing_pod_wait_ms;
    if (now_ < late) return wake_at(late);
    outcome.reason = reason_pod_not_created;
    const std::string& job = observed.job->meta.name;
    outcome.message =
        "Job " + job + " has no Pod yet; kubectl describe job " + job + " tells why, such as a quota or Pod Security";
  }

  void live(jobs::Outcome outcome, const ObservedJob& observed) {
    tell_of_missing_pod(outcome, observed);
    if (const auto until = given_up_at(outcome)) {
      if (*until <= now_) return give_up(outcome);
      wake_at(*until);
    }
    if (task_.calls() && task_.timeout_ms > 0) {
      // The child's start is told by our own clock, as now is; when it was made, by the API server's.
      const TimeMs since = outcome.start_ms != 0 ? outcome.start_ms : observed.job->meta.creation_ms;
      const TimeMs deadline = std::min(since, now_) + task_.timeout_ms;
      if (deadline <= now_) return time_out(outcome);
      wake_at(deadline);
    }
    api::TaskStatus& status = next_.status;
    // Of a fan-out some Pods may run while others wait; the reason is theirs.
    const bool waits = outcome.state == jobs::State::Waiting && !outcome.reason.empty();
    status.phase = waits ? Phase::Queued : Phase::Running;
    status.reason = outcome.reason;
    status.message = outcome.message;
    occupy();
    if (observed.job->suspended && observed.job->unseeded && !observed.job->deleted &&
        !status.succeeded_indexes.empty())
      next_.unseeded = observed.job;
  }

  // Until when what does not start is waited for. What the user says goes; else what may start any time is waited for,
  // and what seldom mends itself is not.
  std::optional<TimeMs> given_up_at(const jobs::Outcome& outcome) const {
    if (task_.pending_timeout_ms > 0) {
      if (outcome.pending_since_ms == 0) return std::nullopt;
      return outcome.pending_since_ms + second_ms + task_.pending_timeout_ms;
    }
    const bool hopeless = outcome.reason == "ImagePull" || outcome.reason == "ContainerConfig";
    if (!hopeless || outcome.state != jobs::State::Waiting) return std::nullopt;
    return outcome.waiting_since_ms + stuck_pod_wait_ms;
  }

  void give_up(jobs::Outcome outcome) {
    const bool as_asked = task_.pending_timeout_ms > 0;
    const api::DurationMs patience = as_asked ? task_.pending_timeout_ms : stuck_pod_wait_ms;
    outcome.state = jobs::State::Failed;
    outcome.cause = as_asked ? Cause::Deadline : Cause::Infrastructure;
    outcome.completion_ms = now_;
    outcome.message = "it could not start for " + api::format_duration(patience) +
                      (outcome.message.empty() ? "" : ": " + outcome.message);
    if (as_asked) outcome.reason = reason_pending_timeout;
    if (task_.fans_out()) {
      // What failed before stays whose doing it was.
      const api::IndexSet before = outcome.failed;
      outcome.failed = api::IndexSet::all(next_.status.count).without(outcome.succeeded);
      if (as_asked) outcome.program_failures.push_back({outcome.cause, std::nullopt, outcome.message});
      if (!as_asked)
        outcome.failed_by_infrastructure = outcome.failed.without(before.without(outcome.failed_by_infrastructure));
      next_.status.failed_indexes = outcome.failed;
    }
    outlasted_ = true;
    fail(outcome);
  }

  // Of child runs no Job says so.
  void time_out(jobs::Outcome outcome) {
    outcome.state = jobs::State::Failed;
    outcome.cause = Cause::Deadline;
    outcome.reason = "DeadlineExceeded";
    outcome.message = "run " + name() + " took longer than the task's timeout of " +
                      api::format_duration(task_.timeout_ms) + ", waiting included";
    outcome.completion_ms = now_;
    if (task_.fans_out()) {
      outcome.failed = api::IndexSet::all(next_.status.count).without(outcome.succeeded);
      outcome.program_failures.push_back({outcome.cause, std::nullopt, outcome.message});
      next_.status.failed_indexes = outcome.failed;
    }
    outlasted_ = true;
    fail(outcome);
  }

  void succeed(const jobs::Outcome& outcome) {
    const schema::Schema* schema = task_.output.get();
    auto output = task_.fans_out() ? collect_outputs(since_cleared(), next_.status.count, schema)
                  : task_.calls()  ? read_run_output(*job_of(next_.status.attempt)->children.front(), schema)
                                   : read_output(outcome.output, schema);
    if (!output) {
      jobs::Outcome failed = outcome;
      failed.cause = Cause::Program;
      failed.reason = "InvalidOutput";
      failed.message = output.error();
      return fail(failed);
    }
    end(Phase::Succeeded, outcome);
    next_.status.output = std::move(output->value);
    next_.status.message = std::move(output->note);
  }

  // What was written before the task was cleared is not of this time.
  std::span<const ObservedJob* const> since_cleared() const {
    int cleared = 0;
    for (const api::Attempt& attempt : next_.status.attempts) {
      if (attempt.reason == reason_cleared) cleared = attempt.attempt;
    }
    const auto first = std::find_if(jobs_.begin(), jobs_.end(),
                                    [&](const ObservedJob* observed) { return observed->job->attempt > cleared; });
    return jobs_.subspan(static_cast<std::size_t>(first - jobs_.begin()));
  }

  void fail(const jobs::Outcome& outcome) {
    next_.gave_up = next_.gave_up || outlasted_;
    record(outcome);
    api::TaskStatus& status = next_.status;
    const bool by_infrastructure =
        task_.fans_out() ? !outcome.failed_by_infrastructure.empty() : outcome.cause == Cause::Infrastructure;
    const bool grows = is_out_of_memory(outcome) && task_.memory && can_grow(*task_.memory, status.memory_growths);
    const bool by_program = is_by_program(outcome, grows);
    // All indexes ended well and the output is wrong: nothing is left that a retry could run.
    const bool nothing_to_retry = task_.fans_out() && status.failed_indexes.empty();
    const std::string seed = std::string(run_uid_) + "/" + status.name + "/" + std::to_string(status.attempt);
    const Wish wish = by_program ? wish_of(outcome, grows) : Wish();
    const RetryDecision retry = decide_retry({.policy = task_.retry,
                                              .program_failed = by_program,
                                              .memory_grows = grows,
                                              .wanted = wish.again,
                                              .infrastructure_failed = by_infrastructure,
                                              .program_retries = status.program_retries,
                                              .infrastructure_retries = status.infrastructure_retries,
                                              .seed = seed});
    if (!retry.again || nothing_to_retry) return give_out(outcome, wish.told);
    status.program_retries += by_program ? 1 : 0;
    status.infrastructure_retries += by_infrastructure ? 1 : 0;
    status.memory_growths += grows ? 1 : 0;
    status.phase = Phase::Retrying;
    status.reason = "Backoff";
    status.message = "attempt " + std::to_string(status.attempt) + ": " + outcome.message;
    if (grows) status.message += "; the next one has " + memory_of(*task_.memory, status.memory_growths);
    status.exit_code = outcome.exit_code;
    status.cause = outcome.cause;
    status.active = 0;
    status.retry_ms = end_for_backoff(outcome) + retry.delay_ms;
  }

  // It is not tried again: it has failed or, where few enough indexes have, succeeded.
  void give_out(const jobs::Outcome& outcome, const std::string& told) {
    if (is_tolerated(outcome)) return tolerate(outcome);
    api::TaskStatus& status = next_.status;
    end(Phase::Failed, outcome);
    status.reason = outcome.reason;
    status.message = outcome.message + told + what_is_tolerated();
    status.cause = outcome.cause;
  }

  bool is_tolerated(const jobs::Outcome& outcome) const {
    const std::int64_t failed = next_.status.failed_indexes.size();
    // Whoever ends an attempt by hand wants it to have failed.
    return failed > 0 && failed <= tolerated_failures(task_, next_.status.count) && outcome.reason != reason_killed;
  }

  std::string what_is_tolerated() const {
    if (!task_.task.tolerate || next_.status.failed_indexes.empty()) return "";
    return " (tolerate allows " + std::to_string(tolerated_failures(task_, next_.status.count)) + ")";
  }

  void tolerate(const jobs::Outcome& outcome) {
    api::TaskStatus& status = next_.status;
    auto output = collect_outputs(since_cleared(), status.count, task_.output.get(), status.failed_indexes);
    end(output ? Phase::Succeeded : Phase::Failed, outcome);
    if (!output) {
      status.reason = "InvalidOutput";
      status.message = output.error();
      status.cause = Cause::Program;
      return;
    }
    status.exit_code.reset();
    status.reason = reason_tolerated;
    status.message = outcome.message + what_is_tolerated() + (output->note.empty() ? "" : "; " + output->note);
    status.output = std::move(output->value);
  }

  bool is_out_of_memory(const jobs::Outcome& outcome) const {
    return task_.fans_out() ? !outcome.failed_by_memory.empty() : outcome.cause == Cause::OutOfMemory;
  }

  // What ran out of memory and gets more is not held against the program.
  bool is_by_program(const jobs::Outcome& outcome, bool memory_grows) const {
    if (!task_.fans_out()) return outcome.cause != Cause::Infrastructure && !memory_grows;
    const api::IndexSet own = outcome.failed.without(outcome.failed_by_infrastructure);
    return !(memory_grows ? own.without(outcome.failed_by_memory) : own).empty();
  }

  // What retry.when says, and what is told of it where it says no.
  struct Wish {
    bool again = true;
    std::string told;
  };

  Wish wish_of(const jobs::Outcome& outcome, bool memory_grows) const {
    if (!task_.retry_when || next_.status.program_retries >= task_.retry.limit) return {};
    // It was asked before the next attempt was made, perhaps of less: the last Pod may not have ended then.
    if (job_of(next_.status.attempt + 1) != nullptr) return {};
    std::vector<jobs::ProgramFailure> failures = outcome.program_failures;
    if (!task_.fans_out()) failures.push_back({outcome.cause, outcome.exit_code, outcome.message});
    if (memory_grows) std::erase_if(failures, [](const auto& one) { return one.cause == Cause::OutOfMemory; });
    const auto wanted = is_retry_wanted(*task_.retry_when, failures, next_.status.attempt);
    if (!wanted) return {false, " (" + wanted.error() + ")"};
    return {*wanted, *wanted ? "" : " (not tried again: retry.when is false)"};
  }

  // The node's clock may be ahead of ours, or behind: an end in the future, or before its Job was made, is one of now.
  api::TimeMs end_for_backoff(const jobs::Outcome& outcome) const {
    const ObservedJob* observed = job_of(next_.status.attempt);
    const api::TimeMs made = observed == nullptr ? 0 : observed->job->meta.creation_ms;
    if (outcome.completion_ms == 0 || outcome.completion_ms < made) return now_;
    return std::min(outcome.completion_ms, now_) + second_ms;
  }

  void record(const jobs::Outcome& outcome) {
    api::Attempt attempt;
    attempt.attempt = next_.status.attempt;
    attempt.job = next_.status.job;
    attempt.run = next_.status.run;
    attempt.start_ms = outcome.start_ms;
    attempt.completion_ms = outcome.completion_ms;
    attempt.node = outcome.node;
    attempt.exit_code = outcome.exit_code;
    attempt.cause = outcome.cause;
    attempt.reason = outcome.reason;
    attempt.message = jobs::printable_tail(outcome.message, max_attempt_message);
    attempt.failed_indexes = outcome.failed.format();
    if (attempt.failed_indexes.size() > max_failed_indexes_text) {
      attempt.failed_indexes.resize(max_failed_indexes_text);
      attempt.failed_indexes += "...";
    }
    keep_attempt(next_.status, std::move(attempt));
  }

  void end(Phase phase, const jobs::Outcome& outcome) {
    api::TaskStatus& status = next_.status;
    status.phase = phase;
    status.reason.clear();
    status.message.clear();
    status.cause = Cause::None;
    status.exit_code = outcome.exit_code;
    status.completion_ms = outcome.completion_ms != 0 ? outcome.completion_ms : now_;
    status.retry_ms = 0;
    status.active = 0;
  }

  void await_retry() {
    // Further off than any backoff: our clock has been set back since that was written.
    const api::DurationMs longest = std::max(task_.retry.backoff.max_ms, infrastructure_backoff_max_ms) + second_ms;
    next_.status.retry_ms = std::min(next_.status.retry_ms, now_ + longest);
    const bool stopping = is_being_stopped();
    if (stopping) occupy();
    const api::TimeMs due = next_.status.retry_ms + (stopping ? stopping_pod_wait_ms : 0);
    if (due <= now_) {
      next_.retry_due = true;
    } else {
      next_.wake_ms = due;
    }
  }

  // The attempt is lost, by its Job's word, and Pods of it still run: two attempts would work side by side.
  bool is_being_stopped() const {
    const ObservedJob* observed = job_of(next_.status.attempt);
    if (observed == nullptr || observed->job->finished || observed->job->deleted) return false;
    if (task_.calls()) return true;
    // It may be about to make Pods; a plain one makes no other once its own has ended.
    if (is_stopped(next_.status) && (task_.fans_out() || observed->pods.empty())) return true;
    return std::any_of(observed->pods.begin(), observed->pods.end(), [](const api::Pod* pod) {
      return pod->phase != api::PodPhase::Succeeded && pod->phase != api::PodPhase::Failed;
    });
  }

  const workflow::CompiledTask& task_;
  std::span<const ObservedJob* const> jobs_;
  const std::set<Missing>& gone_;
  std::string_view run_uid_;
  api::TimeMs now_;
  bool outlasted_ = false;  // it was judged because its time was over, and its Pods may still say otherwise
  TaskProgress next_;
};

}  // namespace

api::TaskStatus initial_status(const workflow::Definition& definition, std::size_t task) {
  const workflow::CompiledTask& compiled = definition.tasks[task];
  api::TaskStatus out;
  out.name = compiled.name();
  out.count = compiled.written_count().value_or(0);
  if (!compiled.is_hook()) return out;
  const api::Hook& hook = *compiled.task.hook;
  out.hook = api::to_string(hook.moment);
  if (hook.of >= 0) out.hook_of = definition.tasks[static_cast<std::size_t>(hook.of)].name();
  return out;
}

TaskProgress observe_task(const workflow::CompiledTask& task, const api::TaskStatus& stored,
                          std::span<const ObservedJob* const> jobs, const std::set<Missing>& gone,
                          std::string_view run_uid, api::TimeMs now) {
  return Observer(task, stored, jobs, gone, run_uid, now).run();
}

api::TaskStatus end_attempt(const workflow::CompiledTask& task, const api::TaskStatus& stored, const Ending& ending,
                            std::string_view run_uid, api::TimeMs now) {
  return Observer(task, stored, {}, {}, run_uid, now).kill(ending);
}

bool is_stopped(const api::TaskStatus& task) {
  if (is_stopped_by_action(task)) return true;
  return task.phase == Phase::Retrying && !task.attempts.empty() && task.attempts.back().attempt == task.attempt &&
         task.attempts.back().reason == reason_pending_timeout;
}

void keep_attempt(api::TaskStatus& task, api::Attempt attempt) {
  task.attempts.push_back(std::move(attempt));
  if (task.attempts.size() > max_attempts_kept) task.attempts.erase(task.attempts.begin());
}

}  // namespace ork::run
