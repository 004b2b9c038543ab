#pragma once

// What a trace proves by a certain place in it: who had ended, what was stored, what was on its way.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/history.hpp"

namespace ork::sim {

// "load attempt 2"; " (resourceVersion 17)".
std::string text_of(const AttemptName& name);
std::string at_text(const State& state);

AttemptName attempt_of(const Process& process);

// The Jobs' first states, in the order of their making.
std::vector<const State*> jobs_made(const History& history);
// The run as stored before that place of the trace; nullptr: not at all.
const State* run_before(const History& history, const std::string& uid, std::size_t place);
// What the run runs, by task.
const std::map<std::string, nlohmann::json>& tasks_of(const History& history, const std::string& run_uid);

// Each index of the task has had a process that ended with 0.
bool succeeded_by(const History& history, const std::string& run_uid, const nlohmann::json& task, std::size_t place);
// Of all its indexes no more have had none than the task tolerates.
bool tolerated_by(const History& history, const std::string& run_uid, const nlohmann::json& task, std::size_t place);
// By its stored end, by its Job's, or because it is gone or nobody's; or each process of it that ever began has ended.
// `decided`: that its Job is about to fail is enough, although its processes may still have to be stopped.
bool has_ended(const History& history, const AttemptName& name, std::size_t place, bool decided = false);
// The same of the newest attempt that was made of the task.
bool newest_has_ended(const History& history, const std::string& run_uid, const std::string& task, std::size_t place);

// The task, as it is written, only waits, or is another Workflow.
bool has_no_pod(const nlohmann::json& task);
bool is_call(const nlohmann::json& task);

// The newest child run of each index of a task that is a Workflow (-1 where it does not fan out), as it was stored
// before that place.
std::map<std::int64_t, const State*> children_of(const History& history, const std::string& run_uid,
                                                 const std::string& task, std::size_t place);
// All its indexes have one, and all of those have succeeded; or have ended.
bool children_succeeded(const std::map<std::int64_t, const State*>& children);
bool children_ended(const std::map<std::int64_t, const State*>& children);

bool is_hook(const nlohmann::json& task);
// Whether it has indexes, and whether these go over a forEach or a matrix; `task`: as it is written.
bool fans_out(const nlohmann::json& task);
bool goes_over_items(const nlohmann::json& task);
// The same of a Job, or a process, by its name.
bool is_of_hook(const History& history, const AttemptName& name);

// How many actions were carried out on the run by that place, as its status tells.
std::size_t actions_done(const History& history, const std::string& run_uid, std::size_t place);
// The task has ended by an action, not by its program.
bool is_marked(const nlohmann::json& task);

// The task has ended in an earlier run, and not in this one; by its cache, or because the run begins so.
bool is_inherited(const nlohmann::json& task);
bool is_cached(const nlohmann::json& task);

// Some operator's own clock was wrong.
bool operators_clock_differs(const History& history);

// Somebody has taken its owner off: it is nobody's.
bool is_disowned(const nlohmann::json& object);
bool was_disowned(const History& history, const AttemptName& name);
// Somebody has written into its status that the run has ended: what runs of it goes on to its own end.
bool was_ended_by_hand(const History& history, const std::string& run_uid);
// Two operators that share by no Leases are both at work on all there is.
bool is_not_shared(const History& history);
// Somebody has told the Job controller, by that place, to run no Pods of the attempt for a while.
bool was_held_back(const History& history, const AttemptName& name, std::size_t place);
// Somebody deleted a Job of the attempt, or took its owner off; its Pods go when the garbage collector comes to them.
bool job_is_gone(const History& history, const AttemptName& name, std::size_t place);
// The same, but for those that the operator itself has deleted.
bool job_is_gone_by_others(const History& history, const AttemptName& name, std::size_t place);
// Requests of this actor to make something that arrived after their sender had given them up, died or stood still.
std::size_t late_creates(const History& history, std::string_view actor, std::string_view plural);
// How often the Job controller asked whether a Pod that it had made is there, or for one that is too many to go, and
// did not hear.
std::size_t unheard_pods(const History& history);
// Whether a Job of this attempt may be such a one: what arrives late is taken away again.
bool arrived_late(const History& history, const AttemptName& name);
// Whether this attempt's Job may have been made by who could not know that its run had ended: it arrived late, and was
// taken away again; or there were two operators, of which one had not seen yet what the other had stored.
bool made_unknowing(const History& history, const AttemptName& name);

// Whether this state of a Job has the condition of that type.
bool has_condition(const nlohmann::json& object, std::string_view type);

}  // namespace ork::sim
