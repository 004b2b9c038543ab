#pragma once

// Why a Pod failed: the program's doing, or something it can do nothing about.

#include <string>

#include "controllers/api/pod.hpp"
#include "controllers/api/workflow_run.hpp"

namespace ork::jobs {

struct Failure {
  api::Cause cause = api::Cause::Program;
  std::string reason;   // Error, OOMKilled, Evicted, Preempted, NodeLost, ...
  std::string message;  // a sentence
};

// `pod` is Failed. Reads, in this order: DisruptionTarget and status.reason (infrastructure),
// OOMKilled, then the exit code.
Failure failure_of(const api::Pod& pod);

// Why a Pod that should run does not: ImagePull, ContainerConfig, Unschedulable; an empty reason
// where it is only on its way.
struct Wait {
  std::string reason;
  std::string message;
};
Wait wait_of(const api::Pod& pod);

// Text from a container or the cluster, fit for a status: control characters become spaces, and all
// but the last `limit` bytes are cut (the end of an error says more than its beginning).
std::string printable_tail(std::string_view text, std::size_t limit);
// The same for what others say of us (an API server's refusal): its beginning is kept.
std::string printable_head(std::string_view text, std::size_t limit);

}  // namespace ork::jobs
