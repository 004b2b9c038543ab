#pragma once

// A trace as the invariants read it: states of runs and Jobs parsed once, processes with begin and end.

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/trace.hpp"

namespace ork::sim {

// One stored state of an object. `object` null: it is gone.
struct State {
  const Event* event = nullptr;
  std::size_t place = 0;  // of the event in the trace: what comes first has the lower one
  const nlohmann::json& object;
  bool first = false;  // it was created by this write
};

struct Life {
  Process process;
  runtime::Instant begin;
  std::size_t begin_place = 0;
  std::optional<runtime::Instant> end;
  std::size_t end_place = 0;
  int exit_code = 0;
  std::string node;                          // the actor that ran it
  bool by_itself = false;                    // it ended as its program does
  std::map<std::string, std::string> files;  // what it found of its index's own, by path
};

// What names a task's attempt: the labels of a Job, the fields of a Process.
struct AttemptName {
  std::string run_uid;
  std::string task;
  int attempt = 0;
  friend auto operator<=>(const AttemptName&, const AttemptName&) = default;
};

struct History {
  explicit History(const Trace& trace);  // which must outlive this

  const std::vector<Event>* events = nullptr;
  std::map<std::string, std::vector<State>> runs;  // by uid, in order
  std::map<std::string, std::vector<State>> jobs;  // by uid, in order
  // What each run runs, by its uid and the task's name, with the workflow's defaults: as it is written in the run,
  // or as the revision says that it has pinned. Of its hooks as well, with `hook`, onExit and so on, and `hookOf`, a
  // task or nothing.
  std::map<std::string, std::map<std::string, nlohmann::json>> tasks;
  std::map<std::string, nlohmann::json> params;     // of each run, by uid: its own, else the workflow's defaults
  std::map<std::string, std::int64_t> parallelism;  // of the runs that have one, by uid
  std::map<std::string, std::string> outputs;       // of the runs that give something out: the expression, by uid
  std::vector<Life> lives;                          // by begin

 private:
  using Specs = std::map<std::string, nlohmann::json>;  // by key
  using States = std::map<std::string, std::vector<State>>;
  void note_state(States& kind, std::map<std::string, std::string>& uids, const Event& event, std::size_t place);
  void find_tasks(const Specs& workflows, const Specs& revisions);
};

std::string uid_of(const nlohmann::json& object);
AttemptName attempt_of(const nlohmann::json& job);
// "" where there is none.
std::string phase_of(const nlohmann::json& run_or_task);
bool is_final(const std::string& phase);
// The entry of a run's status.tasks; an empty object where there is none.
const nlohmann::json& task_in(const nlohmann::json& run, const std::string& task);

}  // namespace ork::sim
