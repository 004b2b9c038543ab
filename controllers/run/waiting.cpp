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

Result<std::string, std::string> name_of_run(const expr::Expression& name, const expr::Scope& scope) {
  const std::string without = "wait.run.name has no value: ";
  const auto value = expr::evaluate(name, scope);
  if (!value) return Err(without + value.error().message);
  const auto* text = value->get_if<std::string>();
  if (text == nullptr)
    return Err(without + "it is " + std::string(expr::kind_in_words(*value)) + ", but has to be a string");
  if (!workflow::is_task_name(*text))
    return Err(without + expr::in_quotes(*text, workflow::max_name) + " can't be the name of a run");
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

bool is_waiting(const workflow::CompiledTask& task, const api::TaskStatus& status, TimeMs now) {
  // Who says of itself that it begins in the future was written by a clock that has been set back since.
  const bool has_end = (task.task.wait && !task.awaited) || (task.task.approve && task.task.approve->timeout_ms);
  return !task.has_attempts() && status.phase == Phase::Running && status.start_ms != 0 &&
         (status.until_ms != 0 || !has_end) && (!status.run.empty() || !task.awaited) &&
         status.start_ms <= now + api::clock_tolerance_ms;
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
    auto name = name_of_run(*task.awaited, scope);
    if (!name) return Err(name.error());
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
                                              TimeMs now, const api::WorkflowRun* awaited) {
  if (const auto end = end_of_run(awaited)) return ended_with(*end, waiting, *awaited, now);
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

void end_waits(const Snapshot& snapshot, TimeMs now, std::vector<api::TaskStatusPtr>& tasks, Plan& plan) {
  const workflow::Definition& definition = *snapshot.definition;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const workflow::CompiledTask& task = definition.tasks[i];
    if (task.has_attempts() || !is_waiting(task, *tasks[i], now)) continue;
    const auto awaited = task.awaited ? snapshot.awaited.find(tasks[i]->run) : snapshot.awaited.end();
    const bool is_there = awaited != snapshot.awaited.end();
    if (auto end = end_of_waiting(task, *tasks[i], now, is_there ? awaited->second : nullptr)) {
      tasks[i] = std::make_shared<const api::TaskStatus>(std::move(*end));
      continue;
    }
    if (const auto due = end_time_of(task, *tasks[i])) plan.wake_ms = std::min(plan.wake_ms.value_or(*due), *due);
    if (!task.awaited) continue;
    plan.awaits.push_back(tasks[i]->run);
    // Whether the run that has just been named is there is seen by the next plan.
    const bool is_told = snapshot.run->status.tasks.size() > i && snapshot.run->status.tasks[i]->run == tasks[i]->run;
    if (!is_told || tasks[i]->message == waits_for(tasks[i]->run, is_there)) continue;
    auto next = std::make_shared<api::TaskStatus>(*tasks[i]);
    next->reason = is_there ? "Waiting" : "RunNotFound";
    next->message = waits_for(next->run, is_there);
    tasks[i] = std::move(next);
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
