#pragma once

// WorkflowRun: one execution, field by field as in crds/workflowrun.yaml.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controllers/api/index_set.hpp"
#include "controllers/api/workflow.hpp"

namespace ork::api {

enum class Phase {
  Pending,
  Queued,
  Running,
  Deferred,
  Retrying,
  Succeeded,
  Failed,
  Skipped,
  UpstreamFailed,
  Cancelled
};
std::string_view to_string(Phase phase);
std::optional<Phase> parse_phase(std::string_view text);
// True for the phases that never change again.
bool is_final(Phase phase);

// Why an attempt ended badly. Infrastructure is what the program can do nothing about; it has a
// retry budget of its own.
enum class Cause { None, Program, OutOfMemory, Deadline, Infrastructure };
std::string_view to_string(Cause cause);
std::optional<Cause> parse_cause(std::string_view text);

// What somebody may ask of a task while its run goes on.
enum class Act { Retry, Clear, MarkSucceeded, MarkFailed, Kill, Approve, Reject };
std::span<const std::string_view> act_names();  // in this order
std::string_view to_string(Act act);
std::optional<Act> parse_act(std::string_view text);

// spec.actions: carried out once each, by their ids.
struct Action {
  std::string id;
  std::string task;
  Act act = Act::Retry;
  std::string by;              // who asks, by his own word; may be empty
  std::optional<Json> output;  // MarkSucceeded: the task's
  std::string comment;         // Approve and Reject: for who reads the answer; may be empty
};

// status.actions: one that was carried out, or refused.
struct ActionStatus {
  std::string id;
  std::string task;
  Act act = Act::Retry;
  std::string by;
  TimeMs time_ms = 0;
  bool done = false;    // false: refused
  std::string message;  // what it did, or why it was refused
  friend bool operator==(const ActionStatus&, const ActionStatus&) = default;
};

// One try that ended, kept as history (newest last, bounded).
struct Attempt {
  int attempt = 0;
  std::string job;
  std::string run;  // of a task that is a workflow: the child run, in place of a Job
  TimeMs start_ms = 0;
  TimeMs completion_ms = 0;
  std::string node;
  std::optional<int> exit_code;
  Cause cause = Cause::None;
  std::string reason;  // e.g. OOMKilled, Evicted, DeadlineExceeded; finer than the cause
  std::string message;
  std::string failed_indexes;  // of a fan-out: "3,7-9", cut where long
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

struct TaskStatus {
  std::string name;
  std::string hook;     // "onExit"; empty: it is no hook
  std::string hook_of;  // the task that it is a hook of; empty: the run
  Phase phase = Phase::Pending;
  std::string reason;   // one word: why it waits or how it ended
  std::string message;  // a sentence
  int attempt = 0;      // the newest attempt; 0: none yet
  std::string job;      // of the newest attempt
  std::string run;      // of the newest attempt: the child run, in place of a Job; or the run that it waits for
  std::string object;   // the name of the Kubernetes object that it waits for
  TimeMs start_ms = 0;  // of the first attempt, or when it began to wait
  TimeMs completion_ms = 0;
  std::optional<int> exit_code;
  Cause cause = Cause::None;
  std::optional<Json> output;
  TimeMs retry_ms = 0;             // Retrying: when the next attempt is due
  TimeMs until_ms = 0;             // of a task that waits: until when
  int program_retries = 0;         // of the user's budget, used
  int infrastructure_retries = 0;  // of ork's own budget, used
  int memory_growths = 0;          // attempts that ran out of memory and were followed by one with more, by onOOM
  std::string inherited_from;      // the earlier run that it ended in; empty: its end is its own
  std::string cache_key;           // under which its result is found by later runs; empty: none, or not decided yet
  std::vector<Attempt> attempts;   // ended ones; kept only where there was a failure
  // Fan-out only (count > 0).
  std::int64_t count = 0;
  std::int64_t active = 0;
  IndexSet succeeded_indexes;
  IndexSet failed_indexes;

  bool is_hook() const { return !hook.empty(); }
  bool has_begun() const { return attempt > 0 || start_ms != 0; }
  bool is_inherited() const { return !inherited_from.empty(); }
  friend bool operator==(const TaskStatus&, const TaskStatus&) = default;
};

// Immutable, and shared between one version of a status and the next: of 5,000 tasks few change in
// a reconcile, and the others cost a pointer. Never null.
using TaskStatusPtr = std::shared_ptr<const TaskStatus>;

// Of the tasks; hooks don't count.
struct TaskCounts {
  std::int64_t total = 0, pending = 0, queued = 0, running = 0, retrying = 0, succeeded = 0, failed = 0, skipped = 0,
               upstream_failed = 0, cancelled = 0;
  friend bool operator==(const TaskCounts&, const TaskCounts&) = default;
};

// status.rerunOf: that it is decided what the run inherits, and from whom.
struct RerunStatus {
  std::string name;  // of the earlier run
  std::string uid;
  std::int64_t inherited = 0;  // tasks
  friend bool operator==(const RerunStatus&, const RerunStatus&) = default;
};

// How a run with hooks has ended, while these are run.
struct RunResult {
  Phase phase = Phase::Succeeded;
  std::string reason;
  std::string message;
  TimeMs time_ms = 0;
  friend bool operator==(const RunResult&, const RunResult&) = default;
};

struct RunStatus {
  Phase phase = Phase::Pending;
  std::int64_t observed_generation = -1;
  TimeMs start_ms = 0;
  TimeMs completion_ms = 0;
  TimeMs expiration_ms = 0;  // when a finished run is deleted, by its Workflow's ttl; 0: never
  std::string workflow;      // the Workflow's name; empty for an inline one
  std::string revision;      // the ControllerRevision this run pins; empty for an inline one
  std::string progress;      // "3/10": final tasks of all, for kubectl get
  std::string duration;      // "1m12s", as of the last write
  std::string message;
  std::optional<Json> output;       // of the run, by its Workflow's `output`; once it has succeeded
  std::optional<RunResult> result;  // where there are hooks: what the tasks have come to, which no hook changes
  TaskCounts counts;
  std::vector<Condition> conditions;
  std::optional<RerunStatus> rerun_of;
  std::vector<ActionStatus> actions;  // in the order in which they were carried out
  std::vector<TaskStatusPtr> tasks;   // in the definition's order
};

// spec.rerunOf: the earlier run that this one repeats.
struct RerunOf {
  std::string name;
  std::string uid;   // of the earlier run; empty: whichever has that name
  std::string from;  // from_failed, or the name of a task; empty: from the beginning
  friend bool operator==(const RerunOf&, const RerunOf&) = default;
};
// In RerunOf::from; no task is called so.
inline constexpr std::string_view from_failed = "Failed";

// spec.childOf: which attempt of its parent's task a child run is. The parent is the controller among its owners.
struct ChildOf {
  std::string task;
  int attempt = 0;
  std::int64_t index = -1;  // of a fan-out
  std::int64_t count = 0;   // of its indexes; 0: it is none
  friend bool operator==(const ChildOf&, const ChildOf&) = default;
};

struct RunSpec {
  std::string workflow_ref;              // the Workflow's name; empty where `workflow` is inline
  std::string workflow_revision;         // the revision of it to start from; empty: the present one
  std::shared_ptr<const Json> workflow;  // an inline spec, as JSON; null where there is none
  Json params = Json::object();
  bool cancel = false;
  bool suspend = false;
  TimeMs scheduled_ms = 0;  // the time that it is the run of, by its Workflow's schedule; 0: of none
  std::optional<RerunOf> rerun_of;
  std::optional<ChildOf> child_of;
  std::vector<Action> actions;
  std::optional<std::int64_t> ttl_seconds_after_finished;
};

// On a run: the W3C traceparent of what it is part of.
inline constexpr std::string_view annotation_traceparent = "ork.dev/traceparent";

struct WorkflowRun {
  ObjectMeta meta;
  RunSpec spec;
  RunStatus status;
  std::size_t bytes_beside_status = 0;  // of the object as it is stored
  std::string traceparent = {};         // that annotation, whatever it says; empty: there is none
  QueueLabels queue_labels = {};
};

Result<WorkflowRun, DecodeError> decode_workflow_run(const Json& object);
Json encode_status(const RunStatus& status);
Json encode_task_status(const TaskStatus& status);

}  // namespace ork::api
