#include "controllers/run/waiting.hpp"

#include <algorithm>

#include "controllers/expr/quote.hpp"
#include "controllers/jobs/failure.hpp"
#include "controllers/run/children.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::run {
namespace {

using api::Phase;
using api::TimeMs;

// The first whole millisecond from then on, and none that our times can't say.
TimeMs to_ms(const expr::Timestamp& time) {
  const TimeMs ms = time.seconds * 1000 + (time.nanos + 999'999) / 1'000'000;
  return std::min(ms, api::max_time_ms);
}

Result<TimeMs, std::string> moment_of(const expr::Expression& until, const expr::Scope& scope) {
  const auto value = expr::evaluate(until, scope);
  if (!value) return Err("wait.until has no value: " + value.error().message);
  if (const auto* time = value->get_if<expr::Timestamp>()) return to_ms(*time);
  return Err("wait.until has no value: it is " + std::string(expr::kind_in_words(*value)) +
             ", but has to be a timestamp, as timestamp(\"2026-01-31T12:00:00Z\") gives");
}

Result<std::string, std::string> name_of(const workflow::CompiledTask& task, const expr::Scope& scope) {
  const bool is_run = task.awaits_run();
  const std::string without = is_run ? "wait.run.name has no value: " : "wait.object.name has no value: ";
  const auto value = expr::evaluate(*task.awaited, scope);
  if (!value) return Err(without + value.error().message);
  const auto* text = value->get_if<std::string>();
  if (text == nullptr)
    return Err(without + "it is " + std::string(expr::kind_in_words(*value)) + ", but has to be a string");
  if (!(is_run ? workflow::is_task_name(*text) : workflow::is_object_name(*text)))
    return Err(without + expr::in_quotes(*text, workflow::max_name) + " can't be the name of " +
               (is_run ? "a run" : "an object"));
  return *text;
}

// How the run that it waits for has ended; nullopt: it has not.
std::optional<jobs::Outcome> end_of_run(const api::WorkflowRun* awaited) {
  if (awaited == nullptr || !api::is_final(awaited->status.phase)) return std::nullopt;
  return outcome_of_run(*awaited);
}

// Its own timeout's; 0: none.
TimeMs deadline_of(const workflow::CompiledTask& task, const api::TaskStatus& waiting) {
  return task.timeout_ms == 0 ? 0 : waiting.start_ms + task.timeout_ms;
}

// What is written out is not taken from a status that somebody may have edited. nullopt: it waits until it is answered.
std::optional<TimeMs> until_of(const workflow::CompiledTask& task, const api::TaskStatus& waiting) {
  if (task.until) return waiting.until_ms;
  if (task.awaited) return std::nullopt;
  const auto& written = task.task.approve ? task.task.approve->timeout_ms : task.task.wait->for_ms;
  return written ? std::optional(waiting.start_ms + *written) : std::nullopt;
}

std::string question_of(const api::Approval& approval, TimeMs until_ms) {
  std::string out = "waits for an answer";
  if (!approval.message.empty()) out += ": " + jobs::printable_head(approval.message, workflow::max_question);
  if (until_ms == 0) return out;
  return out + " (" + (approval.approved_by_default ? "approved" : "rejected") + " at " + api::format_time(until_ms) +
         " if there is none)";
}

api::TaskStatus ended(const api::TaskStatus& waiting, Phase phase, TimeMs now) {
  api::TaskStatus out = waiting;
  out.phase = phase;
  out.reason.clear();
  out.message.clear();
  out.completion_ms = now;
  return out;
}

api::TaskStatus ended_with(const jobs::Outcome& end, const api::TaskStatus& waiting, const api::WorkflowRun& awaited,
                           TimeMs now) {
  const bool good = end.state == jobs::State::Succeeded;
  api::TaskStatus out = ended(waiting, good ? Phase::Succeeded : Phase::Failed, now);
  out.reason = end.reason;
  out.message = end.message;
  out.cause = end.cause;
  if (good) out.output = awaited.status.output;
  return out;
}

std::string waits_for(const std::string& run, bool is_there) {
  return "waits for run " + run + (is_there ? " to end" : ", which is not there");
}

// Nobody has answered in time.
api::TaskStatus unanswered(const api::Approval& approval, const api::TaskStatus& waiting, TimeMs now) {
  const bool approved = approval.approved_by_default;
  api::TaskStatus out = ended(waiting, approved ? Phase::Succeeded : Phase::Failed, now);
  out.reason = reason_no_answer;
  out.message = "nobody has answered within " + api::format_duration(*approval.timeout_ms) + ": " +
                (approved ? "approved" : "rejected") + " by default";
  if (!approved) out.cause = api::Cause::Program;
  return out;
}

}  // namespace

bool has_begun_to_wait(const workflow::CompiledTask& task, const api::TaskStatus& status) {
  const bool has_end = (task.task.wait && !task.awaited) || (task.task.approve && task.task.approve->timeout_ms);
  return !task.has_attempts() && status.phase == Phase::Running && status.start_ms != 0 &&
         (status.until_ms != 0 || !has_end) && (!status.run.empty() || !task.awaits_run()) &&
         (!status.object.empty() || !task.awaits_object());
}

bool is_waiting(const workflow::CompiledTask& task, const api::TaskStatus& status, TimeMs now) {
  // Who says of itself that it begins in the future was written by a clock that has been set back since.
  return has_begun_to_wait(task, status) && status.start_ms <= now + api::clock_tolerance_ms;
}

Result<api::TaskStatus, std::string> begin_waiting(const workflow::CompiledTask& task, const expr::Scope& scope,
                                                   TimeMs now) {
  api::TaskStatus out;
  out.name = task.name();
  out.phase = Phase::Running;
  out.reason = task.task.approve ? reason_asking : "Waiting";
  out.start_ms = now;
  if (task.until) {
    const auto moment = moment_of(*task.until, scope);
    if (!moment) return Err(moment.error());
    out.until_ms = std::max(*moment, now);
  } else if (task.awaited) {
    auto name = name_of(task, scope);
    if (!name) return Err(name.error());
    if (task.awaits_object()) {
      out.message = "waits for " + task.task.wait->object->kind + " " + *name;
      out.object = *std::move(name);
      return out;
    }
    out.run = *std::move(name);
    out.message = waits_for(out.run, true);
    return out;
  } else {
    out.until_ms = until_of(task, out).value_or(0);
  }
  out.message = task.task.approve ? question_of(*task.task.approve, out.until_ms)
                                  : "waits until " + api::format_time(out.until_ms);
  return out;
}

std::optional<api::TaskStatus> end_of_waiting(const workflow::CompiledTask& task, const api::TaskStatus& waiting,
                                              TimeMs now, const Awaited& awaited) {
  if (const auto end = end_of_run(awaited.run)) return ended_with(*end, waiting, *awaited.run, now);
  if (awaited.object_holds) return ended(waiting, Phase::Succeeded, now);
  const TimeMs until = until_of(task, waiting).value_or(api::max_time_ms), deadline = deadline_of(task, waiting);
  // Who looks too late for both sees the one that came first.
  if (deadline != 0 && deadline <= now && deadline < until) {
    api::TaskStatus out = ended(waiting, Phase::Failed, now);
    out.reason = "DeadlineExceeded";
    out.message = "it waited for longer than its timeout of " + api::format_duration(task.timeout_ms);
    out.cause = api::Cause::Deadline;
    return out;
  }
  if (now < until) return std::nullopt;
  if (task.task.approve) return unanswered(*task.task.approve, waiting, now);
  api::TaskStatus out = ended(waiting, Phase::Succeeded, now);
  if (until <= waiting.start_ms) out.message = "what it waits for was over when it began";
  return out;
}

std::optional<TimeMs> end_time_of(const workflow::CompiledTask& task, const api::TaskStatus& waiting) {
  const auto until = until_of(task, waiting);
  const TimeMs deadline = deadline_of(task, waiting);
  return deadline == 0 ? until : std::min(until.value_or(deadline), deadline);
}

namespace {

// One that waits for another: as it is once it is looked at, ended or not.
class Look {
 public:
  Look(const Snapshot& snapshot, const expr::Scope& scope, TimeMs now, Plan& plan)
      : snapshot_(snapshot), scope_(scope), now_(now), plan_(plan) {}

  std::optional<api::TaskStatus> at(const workflow::CompiledTask& task, const api::TaskStatus& waiting, bool is_told) {
    if (task.awaits_object()) return at_object(task, waiting, is_told);
    const api::WorkflowRun* run = run_of(task, waiting);
    if (auto end = end_of_waiting(task, waiting, now_, {.run = run})) return end;
    wake(task, waiting);
    if (!task.awaits_run()) return std::nullopt;
    plan_.awaits.push_back(waiting.run);
    if (!is_told) return std::nullopt;
    return tell(waiting, {run != nullptr ? "Waiting" : "RunNotFound", waits_for(waiting.run, run != nullptr)});
  }

 private:
  const api::WorkflowRun* run_of(const workflow::CompiledTask& task, const api::TaskStatus& waiting) const {
    const auto it = task.awaits_run() ? snapshot_.awaited.find(waiting.run) : snapshot_.awaited.end();
    return it == snapshot_.awaited.end() ? nullptr : it->second;
  }

  std::optional<api::TaskStatus> at_object(const workflow::CompiledTask& task, const api::TaskStatus& waiting,
                                           bool is_told) {
    const api::WaitForObject& wanted = *task.task.wait->object;
    ObjectReference reference{wanted.api_version, wanted.kind, waiting.object};
    const auto it = snapshot_.awaited_objects.find(reference);
    const bool is_known = it != snapshot_.awaited_objects.end();
    // Until its end is stored: a plan that is made before that has to see it once more.
    plan_.awaits_objects.insert(std::move(reference));
    auto judged = judge_object(task, waiting.object, is_known ? it->second : AwaitedObject(), scope_);
    if (!judged) {
      api::TaskStatus out = ended(waiting, Phase::Failed, now_);
      out.reason = "WaitUnavailable";
      out.message = judged.error();
      out.cause = api::Cause::Program;
      return out;
    }
    if (auto end = end_of_waiting(task, waiting, now_, {.run = nullptr, .object_holds = judged->reason.empty()}))
      return end;
    wake(task, waiting);
    return is_told ? tell(waiting, *std::move(judged)) : std::nullopt;
  }

  void wake(const workflow::CompiledTask& task, const api::TaskStatus& waiting) {
    if (const auto due = end_time_of(task, waiting)) plan_.wake_ms = std::min(plan_.wake_ms.value_or(*due), *due);
  }

  static std::optional<api::TaskStatus> tell(const api::TaskStatus& waiting, ObjectJudgement what) {
    if (waiting.reason == what.reason && waiting.message == what.message) return std::nullopt;
    api::TaskStatus next = waiting;
    next.reason = std::move(what.reason);
    next.message = std::move(what.message);
    return next;
  }

  const Snapshot& snapshot_;
  const expr::Scope& scope_;
  TimeMs now_;
  Plan& plan_;
};

}  // namespace

void end_waits(const Snapshot& snapshot, const expr::Scope& scope, TimeMs now, std::vector<api::TaskStatusPtr>& tasks,
               Plan& plan) {
  const workflow::Definition& definition = *snapshot.definition;
  const std::vector<api::TaskStatusPtr>& stored = snapshot.run->status.tasks;
  Look look(snapshot, scope, now, plan);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const workflow::CompiledTask& task = definition.tasks[i];
    if (task.has_attempts() || !is_waiting(task, *tasks[i], now)) continue;
    // Whether what has just been named is there is seen by the next plan.
    const bool is_told = stored.size() > i && stored[i]->run == tasks[i]->run && stored[i]->object == tasks[i]->object;
    if (auto next = look.at(task, *tasks[i], is_told))
      tasks[i] = std::make_shared<const api::TaskStatus>(*std::move(next));
  }
}

bool tells_of_a_wait(const api::RunStatus& being_stored, const api::RunStatus& stored) {
  for (std::size_t i = 0; i < being_stored.tasks.size(); ++i) {
    const api::TaskStatus& next = *being_stored.tasks[i];
    if (next.attempt > 0 || next.start_ms == 0) continue;
    if (i >= stored.tasks.size() || next.phase != stored.tasks[i]->phase || next.start_ms != stored.tasks[i]->start_ms)
      return true;
  }
  return false;
}

}  // namespace ork::run
