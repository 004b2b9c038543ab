#pragma once

// How far a Pod has come on this node, and what comes next. Pure; the rules are the kubelet's.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controllers/api/time.hpp"
#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded {

// How a container ended.
struct Termination {
  int exit_code = 0;
  int signal = 0;
  std::string reason;  // Completed, Error, OOMKilled, StartError, ContainerCannotRun, ContainerStatusUnknown
  std::string message;
  api::TimeMs start_ms = 0;  // 0: it never started
  api::TimeMs finish_ms = 0;
  std::string container_id;
  friend bool operator==(const Termination&, const Termination&) = default;
};

struct ContainerRun {
  enum class State { Waiting, Starting, Running, Ended };
  State state = State::Waiting;
  int restarts = 0;
  api::TimeMs start_ms = 0;             // Running
  Termination end;                      // Ended
  std::optional<Termination> previous;  // of the run before this one
  std::int64_t failures_in_a_row = 0;   // ends since it last ran for long
  // Waiting for something that is not there yet: CreateContainerConfigError and its sentence.
  std::string waiting_reason;
  std::string waiting_message;

  bool live() const { return state == State::Starting || state == State::Running; }
  bool succeeded() const { return state == State::Ended && end.exit_code == 0; }
};

// Why a Pod must not go on.
enum class StopReason {
  None,
  Deleted,
  Deadline,  // its own activeDeadlineSeconds
  Shutdown,  // the node goes
  Lost,      // its containers are gone, and nobody knows how they ended
};

struct PodRun {
  std::vector<ContainerRun> inits;
  std::vector<ContainerRun> containers;
  StopReason stop = StopReason::None;
  api::TimeMs admitted_ms = 0;     // status.startTime
  api::TimeMs initialized_ms = 0;  // when the last init container succeeded
  api::TimeMs ready_ms = 0;        // when all containers ran
  api::TimeMs ended_ms = 0;
};

PodRun new_pod_run(const PodSpec& pod, api::TimeMs admitted_ms);

struct ContainerPlace {
  bool init = false;
  std::size_t index = 0;
  friend bool operator==(const ContainerPlace&, const ContainerPlace&) = default;
};

struct PodSteps {
  std::vector<ContainerPlace> start;
  bool ended = false;                        // nothing runs, nothing will
  std::optional<api::TimeMs> look_again_ms;  // a restart or the deadline is due then
  bool past_deadline = false;
};

PodSteps next_steps(const PodSpec& pod, const PodRun& run, api::TimeMs now);

// Records that a container ended, for the wait before it may run again.
void note_end(ContainerRun& run, Termination end);
// Its next run is about to start.
void note_restart(ContainerRun& run);
// How long after its end a container stays down before it runs again: the first time not at all.
std::int64_t restart_wait_ms(const ContainerRun& run);

// "Pending", "Running", "Succeeded", "Failed".
std::string phase_of(const PodRun& run, bool ended);

}  // namespace ork::embedded
