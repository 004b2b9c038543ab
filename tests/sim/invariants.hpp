#pragma once

// What must hold of every trace, whatever the weather was. Pure: a history in, sentences out. Numbers
// are those of docs/reliability.md; README.md says how each is read here.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/history.hpp"
#include "tests/sim/request_log.hpp"

namespace ork::sim {

struct Violation {
  std::string invariant;  // "I3"
  std::string what;       // a sentence
};
using Violations = std::vector<Violation>;

// I1: of one run, task and index no two processes overlap, and no attempt starts twice; but for Pods that
// the Job controller itself doubles, and for those of a Job that somebody has deleted.
void check_processes(const History& history, Violations& found);
// I2: attempts are 1, 2, 3, ..., each made once, the next one after the last has ended; no more of them than
// the budgets allow.
void check_attempts(const History& history, Violations& found);
// I3: a task's Job is made only once what it waits for has ended as its trigger asks for.
void check_upstream(const History& history, Violations& found);
// "" where a task of that run may have started by that place of the trace, else why not.
std::string against_start(const History& history, const State& run, const nlohmann::json& task, std::size_t place);
// I3: a task has Jobs only where its `when` is true, and is skipped for it only where that is false; by how the tasks
// that it reads have ended.
void check_conditions(const History& history, Violations& found);
// I20: each index finds the element that its number has in what the task's forEach gives.
void check_items(const History& history, Violations& found);
// I5: the output of a task is as the task declares it, and that of a run what its workflow says, by how its tasks have
// ended; a run that fails for want of one could not have one.
void check_outputs(const History& history, Violations& found);
// I4: final phases stay, of runs and, unless somebody acts on them, of tasks; attempts never go back.
void check_phases(const History& history, Violations& found);
// I5: who is stored as succeeded has ended with exit code 0, every index of it.
void check_successes(const History& history, Violations& found);
// I6: a Job that is Complete ends its task well, without another attempt. `all_ended`: the runs had their time.
void check_completions(const History& history, bool all_ended, Violations& found);
// I16: the last status of a task that was not stopped tells of each attempt that was made, but by who could not know
// of its end. For runs that have ended.
void check_recorded(const History& history, Violations& found);
// I8: nothing of a run is made once it has ended (what arrives late is taken away again); from `quiet_from` on nobody
// writes anything.
void check_quiet(const History& history, runtime::Instant quiet_from, Violations& found);
// The second half of that.
void check_silence(const History& history, runtime::Instant quiet_from, Violations& found);
// I9: nothing carries the uid of a run that is gone.
void check_leftovers(const History& history, Violations& found);
// I10: the operator writes and deletes only Jobs that a run controls.
void check_ownership(const History& history, Violations& found);
// I16: counts add up, in each status that was ever stored.
void check_counts(const History& history, Violations& found);

// I28: a task that waits has no Job; from when and until when it waits stays as it was first stored, it does not end
// before that, and `fair`: nor later.
void check_waits(const History& history, bool fair, Violations& found);
// I29: a hook has Jobs only once what is stored tells that its moment has come, and is left out only where that never
// does; a run's result stays, and so do its tasks from then on; nothing but a hook that fails its run ends it
// otherwise.
void check_hooks(const History& history, Violations& found);
// I30: a task that is inherited has ended so in the run that it is said to be inherited from, which has ended; it tells
// of no attempt, has no Job, and is not one that was to run again. What is decided stays.
void check_inherited(const History& history, Violations& found);
// I31: a task that has an earlier run's result has it from one of the same Workflow, that had ended, and whose task has
// made that output itself, under a key of the same value, not longer ago than its ttl; it tells of no attempt and has
// no Job. That nothing answers a task with a cache is stored before it has a Job.
void check_cached(const History& history, Violations& found);
// I18: a schedule makes one run of one time that it takes, named after that, and not before it; under Forbid and
// Replace not while an earlier one goes on, unless two operators work.
void check_scheduled(const History& history, Violations& found);
// I32: no run starts for long after it is stored that its Workflow lets none, until somebody has done something about
// that; a circuit breaker opens after as many failed runs as it says and, `all_ended`: is open after so many in a row.
void check_suspended(const History& history, bool all_ended, Violations& found);
// I33: a child run is called what its parent, task and attempt say, and is made only once what the task waits for has
// ended; of an index no two attempts live side by side; a task that is a Workflow is stored as succeeded only once its
// child runs are, with their output; none is deleted before its parent has told of its end, and none lives on when its
// parent has ended. `all_ended`: they had their time.
void check_children(const History& history, bool all_ended, Violations& found);
// I27: each action is told of once, and what is told stays; once the runs have ended none is without an answer.
void check_actions(const History& history, bool all_ended, Violations& found);

// I11, by what is stored: what the operator makes is called what it must be called.
void check_names(const History& history, Violations& found);
// I17: no more processes at the same time than the task and its run allow.
void check_parallelism(const History& history, Violations& found);
// I19: nothing is made once a cancellation is recorded; `fair`: nor once it is asked for, and what runs is stopped.
void check_cancellations(const History& history, bool fair, Violations& found);
// I20: each Job is what the pinned revision says; a pin stays; observedGeneration neither falls nor runs ahead.
void check_pins(const History& history, Violations& found);
// I20: the operator deletes no revision of a Workflow that is there, but for one too many.
void check_revisions(const History& history, Violations& found);

// I11, by what is sent: a change insists on a resourceVersion, a deletion on a uid.
void check_preconditions(const RequestLog& log, Violations& found);
// I12: nothing is sent by who has not listed all kinds yet, but for what concerns the Lease.
void check_whole_views(const RequestLog& log, Violations& found);
// I12: no status is sent that starts from an older state than its process has stored itself.
void check_views(const RequestLog& log, Violations& found);
// I14: nothing is asked again before the server's Retry-After, and nobody storms.
void check_pace(const RequestLog& log, Violations& found);
// I15: nothing is sent that is larger than 1 MiB.
void check_sizes(const RequestLog& log, Violations& found);
// The request budget, where nothing went wrong and nobody interfered; of the requests from `from` on.
void check_budget(const History& history, const RequestLog& log, std::size_t from, Violations& found);

// How each task ended: "Succeeded, attempt 2", by its run's key and its name; of namesakes the last one.
std::map<std::string, std::string> task_ends(const History& history);

}  // namespace ork::sim
