#pragma once

// Workflow: the definition, field by field as in crds/workflow.yaml (a test holds the two together).
// Values that only pass through to the Pod (env, resources, podTemplate, ...) stay JSON.

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/condition.hpp"
#include "controllers/api/decode_error.hpp"
#include "controllers/api/meta.hpp"
#include "controllers/api/queue_labels.hpp"
#include "controllers/api/schedule.hpp"
#include "controllers/api/time.hpp"
#include "controllers/result/result.hpp"

namespace ork::api {

using Json = nlohmann::json;

struct Param {
  std::string name;
  Json schema;  // the object as it stands: its name, and keywords of JSON Schema (controllers/schema)
};

struct Backoff {
  DurationMs initial_ms = 10'000;
  double factor = 2.0;
  DurationMs max_ms = 300'000;
  double jitter = 0.1;  // the delay is multiplied by a number in [1 - jitter, 1 + jitter]
};

struct Retry {
  int limit = 0;                    // further attempts after the first
  std::optional<std::string> when;  // an expression: of which failures of the program
  Backoff backoff;
};

// What an attempt that ran out of memory is followed by.
struct OnOom {
  std::string memory;  // "x2": how much more of it
  std::string max;     // "8Gi": and how much at most
};

// How many indexes of a fan-out may fail: 5, or 10%.
struct Tolerate {
  std::int64_t failures = 0;
  bool percent = false;
};

enum class OnFailure { Skip, Run };  // what becomes of the tasks that depend on a failed one

// When a task starts, by how what it depends on has ended (controllers/run/trigger.hpp).
enum class Trigger { AllSucceeded, AllDone, AnySucceeded, AnyFailed, NoneFailed };
std::string_view to_string(Trigger trigger);

// Another run of the namespace that a task waits for.
struct WaitForRun {
  std::string name;  // an expression
};

// Until it is there; with one of the last two, until that holds of it.
struct WaitForObject {
  std::string api_version;  // as apps/v1
  std::string kind;
  std::string name;                      // an expression
  std::optional<std::string> condition;  // one of its status that has to be True
  std::optional<std::string> until;      // an expression over `object`
};

// What a task without a Pod waits for: a time from its start, a moment, a run's end or a Kubernetes object of the run's
// namespace; one of them.
struct Wait {
  std::optional<DurationMs> for_ms;
  std::optional<std::string> until;  // an expression
  std::optional<WaitForRun> run;
  std::optional<WaitForObject> object;
};

// Another Workflow of the namespace, which a child run carries out.
struct Call {
  std::string name;
  std::map<std::string, std::string> params;  // name -> expression
};

// What a task without a Pod asks of a person.
struct Approval {
  std::string message;                   // what is asked
  std::optional<DurationMs> timeout_ms;  // for an answer
  bool approved_by_default = false;      // what it counts as where nobody has answered by then
};

// A result is used again for as long, by runs in which the key has the same value.
struct Cache {
  std::string key;  // an expression
  DurationMs ttl_ms = 0;
};

// What `defaults` and a task have alike.
struct TaskShared {
  std::optional<std::string> image;
  std::optional<DurationMs> timeout_ms;
  std::optional<DurationMs> pending_timeout_ms;
  std::optional<Retry> retry;
  std::optional<OnFailure> on_failure;
  Json env;               // array of EnvVar, or null
  Json env_from;          // array of EnvFromSource, or null
  Json resources;         // ResourceRequirements, or null
  Json security_context;  // SecurityContext of a container, or null
  std::optional<std::string> service_account_name;
};

// When a hook's time comes: once what it belongs to has started, has succeeded, has failed, or has ended in any way.
enum class Moment { Start, Success, Failure, Exit };
std::string_view to_string(Moment moment);  // "onStart"

// What makes a task a hook.
struct Hook {
  Moment moment = Moment::Exit;
  int of = -1;        // the place in `tasks` of the task that it belongs to; -1: it belongs to the run
  std::string place;  // where it stands below the spec: "hooks.onExit[0]", "tasks[3].hooks.onStart[0]"
};

struct Task : TaskShared {
  std::string name;
  std::vector<std::string> depends_on;
  Trigger trigger = Trigger::AllSucceeded;
  std::optional<std::string> when;  // an expression
  std::optional<std::string> script;
  std::vector<std::string> command;
  std::vector<std::string> args;
  std::optional<OnOom> on_oom;
  Json pod_template;  // {metadata: {labels, annotations}, spec: PodSpec}, or null
  std::optional<std::int64_t> count;
  std::optional<std::string> count_expression;  // where `count` is written as a string
  Json for_each;                                // a list, a map or an expression, or null
  Json matrix;                                  // name -> a list or an expression, or null
  std::optional<std::int64_t> parallelism;
  std::optional<Tolerate> tolerate;
  std::map<std::string, std::string> inputs;  // name -> expression
  Json output;                                // a schema, or null
  std::optional<Wait> wait;
  std::optional<Approval> approve;
  std::optional<Cache> cache;
  std::optional<Call> workflow;
  bool fails_run = false;            // of a hook: its failure fails a run that has succeeded
  std::shared_ptr<const Hook> hook;  // null: an ordinary task

  // False: it only waits, and nothing is made for it.
  bool has_attempts() const { return !wait && !approve; }
  // Its attempts are Jobs.
  bool has_pod() const { return has_attempts() && !workflow; }
  // Whether it goes over items, and whether it has indexes.
  bool has_items() const { return !for_each.is_null() || !matrix.is_null(); }
  bool fans_out() const { return count || count_expression || has_items(); }
};

struct WorkflowSpec {
  Json types;  // name -> schema, or null
  std::vector<Param> params;
  TaskShared defaults;
  std::optional<std::int64_t> parallelism;
  std::optional<DurationMs> timeout_ms;
  std::optional<std::int64_t> ttl_seconds_after_finished;
  std::optional<std::int64_t> successful_runs_history_limit;
  std::optional<std::int64_t> failed_runs_history_limit;
  std::optional<std::string> output;  // an expression: what a run gives out
  std::optional<DurationMs> hooks_timeout_ms;
  std::optional<Schedule> schedule;
  bool suspend = false;
  std::optional<std::int64_t> circuit_failures;  // circuitBreaker: after so many failed runs in a row it opens
  std::vector<Task> tasks;  // as written, and after them the hooks: those of the tasks, then those of the run
};

// status.circuitBreaker
struct CircuitStatus {
  TimeMs since_ms = 0;        // what ended before counts no more: the Workflow was edited or resumed then
  std::string resumed;        // the annotation's value that it was resumed by
  TimeMs open_ms = 0;         // since when runs are held back; 0: they are not
  std::int64_t failures = 0;  // once it is open: how many runs in a row had failed
  std::string last_run;       // and the last of them
  friend bool operator==(const CircuitStatus&, const CircuitStatus&) = default;
};

struct WorkflowStatus {
  std::int64_t observed_generation = -1;
  std::string revision;  // the ControllerRevision that holds the spec last found valid
  std::int64_t tasks = 0;
  std::optional<ScheduleStatus> schedule;
  std::optional<CircuitStatus> circuit;
  std::vector<Condition> conditions;
  friend bool operator==(const WorkflowStatus&, const WorkflowStatus&) = default;
};

struct Workflow {
  ObjectMeta meta;
  // The spec as JSON, exactly as stored: what a revision keeps. Decoded by decode_workflow_spec
  // when it is compiled, so that a spec with an error in it can still be reported on.
  Json spec;
  std::string resumed;  // by annotation_resumed
  QueueLabels queue_labels = {};
  WorkflowStatus status;
};

// Reads a whole object. Fails only where the object can't be what it claims (no name, no uid, a
// status of the wrong shape); what is wrong in the spec is the business of workflow::compile.
Result<Workflow, DecodeError> decode_workflow(const Json& object);
Json encode_status(const WorkflowStatus& status);

// A spec as far as it can be read: a field that can't be is not set. Errors in the order of the fields, at most
// Reader::max_errors.
struct PartlyDecoded {
  WorkflowSpec spec;
  std::vector<DecodeError> errors;
};
PartlyDecoded read_workflow_spec(const Json& spec, std::string_view path);

// `path` is where the spec stands ("spec" or "spec.workflow"), for the error's sake.
Result<WorkflowSpec, DecodeError> decode_workflow_spec(const Json& spec, std::string_view path);

}  // namespace ork::api
