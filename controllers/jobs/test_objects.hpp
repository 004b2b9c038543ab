#pragma once

// For tests: Jobs and Pods as the cluster shows them, each built from the one before.

#include <string>

#include "controllers/api/job.hpp"
#include "controllers/api/pod.hpp"

namespace ork::jobs::test {

inline constexpr api::TimeMs job_made = 1'000'000;

inline api::Job job_named(const std::string& name) {
  api::Job job;
  job.meta.name = name;
  job.meta.uid = "uid-" + name;
  job.meta.creation_ms = job_made;
  job.attempt = 1;
  job.start_ms = job_made;
  return job;
}

inline api::Job complete(api::Job job) {
  job.complete = job.finished = true;
  job.completion_ms = job_made + 9'000;
  return job;
}

inline api::Job failed(api::Job job, const std::string& reason) {
  job.failed = job.finished = true;
  job.failure_reason = reason;
  return job;
}

inline api::Job deleted(api::Job job) {
  job.deleted = true;
  return job;
}

inline api::Pod pending(std::int64_t index = -1) {
  api::Pod pod;
  pod.index = index;
  pod.meta.name = "pod-" + std::to_string(index);
  pod.meta.uid = "uid-" + pod.meta.name;
  pod.meta.creation_ms = job_made + 10;
  pod.tracked = true;
  return pod;
}

inline api::Pod running(std::int64_t index = -1) {
  api::Pod pod = pending(index);
  pod.phase = api::PodPhase::Running;
  pod.node = "n1";
  pod.start_ms = job_made + 2'000;
  return pod;
}

inline api::Pod succeeded(std::int64_t index = -1, const std::string& output = "") {
  api::Pod pod = running(index);
  pod.phase = api::PodPhase::Succeeded;
  pod.exit_code = 0;
  pod.terminated_reason = "Completed";
  pod.finish_ms = job_made + 5'000;
  pod.termination_message = output;
  return pod;
}

inline api::Pod exited(int code, std::int64_t index = -1, const std::string& message = "") {
  api::Pod pod = succeeded(index, message);
  pod.phase = api::PodPhase::Failed;
  pod.exit_code = code;
  pod.terminated_reason = "Error";
  return pod;
}

inline api::Pod oom_killed(std::int64_t index = -1) {
  api::Pod pod = exited(137, index);
  pod.terminated_reason = "OOMKilled";
  return pod;
}

inline api::Pod disrupted(const std::string& reason, std::int64_t index = -1) {
  api::Pod pod = exited(137, index);
  pod.disruption_reason = reason;
  return pod;
}

// It still runs.
inline api::Pod being_disrupted(const std::string& reason) {
  api::Pod pod = running();
  pod.disruption_reason = reason;
  return pod;
}

inline api::Pod deleting(api::Pod pod) {
  pod.meta.deleting = true;
  return pod;
}

// Waits, for the reason that its container's state gives.
inline api::Pod stuck(const std::string& reason, std::int64_t index = -1) {
  api::Pod pod = pending(index);
  pod.waiting_reason = reason;
  pod.waiting_message = "says the kubelet";
  return pod;
}

inline api::Pod unschedulable(std::int64_t index = -1) {
  api::Pod pod = pending(index);
  pod.unschedulable = true;
  pod.unschedulable_message = "0/3 nodes are available";
  return pod;
}

}  // namespace ork::jobs::test
