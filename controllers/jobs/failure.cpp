#include "controllers/jobs/failure.hpp"

#include <array>

#include "controllers/jobs/limits.hpp"

namespace ork::jobs {
namespace {

using api::Cause;

struct Named {
  std::string_view from;
  std::string_view reason;
  std::string_view sentence;
};

// Reasons of the Pod condition DisruptionTarget, and of status.reason, as Kubernetes sets them.
constexpr std::array disruptions = {
    Named{"PreemptionByScheduler", "Preempted", "a Pod of higher priority took its place"},
    Named{"Preempting", "Preempted", "a critical Pod took its place on the node"},
    Named{"DeletionByTaintManager", "NodeLost", "its node was tainted NoExecute"},
    Named{"EvictionByEvictionAPI", "Evicted", "it was evicted (a drain, or the eviction API)"},
    Named{"DeletionByPodGC", "NodeLost", "its node is gone"},
    Named{"TerminationByKubelet", "Evicted", "the kubelet ended it (node pressure or shutdown)"},
    Named{"Evicted", "Evicted", "the kubelet evicted it (node pressure)"},
    Named{"NodeLost", "NodeLost", "its node stopped answering"},
    Named{"NodeAffinity", "NodeRejected", "its node no longer fits its node affinity"},
    Named{"Terminated", "NodeShutdown", "its node was shut down"},
    Named{"NodeShutdown", "NodeShutdown", "its node was shut down"},
    Named{"Shutdown", "NodeShutdown", "its node was shut down"},
    Named{"UnexpectedAdmissionError", "NodeRejected", "its node refused to admit it"},
    Named{"OutOfcpu", "NodeRejected", "its node had no CPU left for it"},
    Named{"OutOfmemory", "NodeRejected", "its node had no memory left for it"},
    Named{"OutOfpods", "NodeRejected", "its node had no room for another Pod"},
};

const Named* disruption_named(std::string_view name) {
  for (const Named& entry : disruptions) {
    if (entry.from == name) return &entry;
  }
  return nullptr;
}

std::string on_node(const api::Pod& pod) { return pod.node.empty() ? "" : " on node " + pod.node; }

std::string with_detail(std::string sentence, std::string_view detail) {
  const std::string text = printable_tail(detail, max_failure_message);
  return text.empty() ? sentence : sentence + ": " + text;
}

Failure infrastructure(const api::Pod& pod, std::string_view reason, std::string_view sentence) {
  return {Cause::Infrastructure, std::string(reason),
          with_detail("the Pod was ended" + on_node(pod) + ": " + std::string(sentence), pod.status_message)};
}

// The container runtime found it without a process, or the kubelet did not find it at all: the node went down under it,
// and the exit code is made up.
bool lost_track_of(const api::Pod& pod) {
  return pod.terminated_reason == "ContainerStatusUnknown" ||
         (pod.terminated_reason == "Unknown" && pod.exit_code == 255);
}

std::string describe_exit(const api::Pod& pod) {
  const int code = *pod.exit_code;
  std::string text = "the program ended with exit code " + std::to_string(code);
  // A shell and the container runtime report death by signal n as 128 + n.
  if (code > 128 && code <= 128 + 64) text += " (signal " + std::to_string(code - 128) + ")";
  return text;
}

}  // namespace

Failure failure_of(const api::Pod& pod) {
  if (!pod.disruption_reason.empty()) {
    const Named* known = disruption_named(pod.disruption_reason);
    return known != nullptr ? infrastructure(pod, known->reason, known->sentence)
                            : infrastructure(pod, pod.disruption_reason, pod.disruption_reason);
  }
  if (const Named* known = disruption_named(pod.status_reason))
    return infrastructure(pod, known->reason, known->sentence);
  if (pod.status_reason == "DeadlineExceeded") {
    return {Cause::Deadline, "DeadlineExceeded", with_detail("the Pod ran longer than it may", pod.status_message)};
  }
  if (pod.terminated_reason == "OOMKilled") {
    return {Cause::OutOfMemory, "OOMKilled",
            with_detail("the container used more memory than its limit", pod.termination_message)};
  }
  if (lost_track_of(pod)) return infrastructure(pod, "NodeLost", "its node lost track of it, as when the power fails");
  if (pod.exit_code) return {Cause::Program, "Error", with_detail(describe_exit(pod), pod.termination_message)};
  // Failed, and no container of the task ever ended: the node never ran it.
  return infrastructure(pod, pod.status_reason.empty() ? "PodFailed" : pod.status_reason, "its container never ran");
}

Wait wait_of(const api::Pod& pod) {
  const std::string_view reason = pod.waiting_reason;
  if (reason == "ErrImagePull" || reason == "ImagePullBackOff" || reason == "InvalidImageName" ||
      reason == "ErrImageNeverPull" || reason == "ImageInspectError" || reason == "RegistryUnavailable") {
    return {"ImagePull", with_detail(pod.waiting_reason, pod.waiting_message)};
  }
  if (reason == "CreateContainerConfigError" || reason == "CreateContainerError" || reason == "RunContainerError") {
    return {"ContainerConfig", with_detail(pod.waiting_reason, pod.waiting_message)};
  }
  if (pod.unschedulable) return {"Unschedulable", with_detail("no node fits", pod.unschedulable_message)};
  return {};
}

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string_view without_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// C0 and DEL are one byte, C1 (which some terminals obey as they do ESC) two: C2 80 to C2 9F.
std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    out += c1 || (byte < 0x20 && byte != '\n') || byte == 0x7F ? ' ' : text[i];
  }
  return out;
}

}  // namespace

std::string printable_tail(std::string_view text, std::size_t limit) {
  text = without_end(text);
  if (text.size() <= limit) return without_controls(text);
  text.remove_prefix(text.size() - limit);
  while (!text.empty() && is_continuation(text.front())) text.remove_prefix(1);
  return "..." + without_controls(text);
}

std::string printable_head(std::string_view text, std::size_t limit) {
  text = without_end(text);
  if (text.size() <= limit) return without_controls(text);
  std::size_t end = limit;
  while (end > 0 && is_continuation(text[end])) --end;
  return without_controls(text.substr(0, end)) + "...";
}

}  // namespace ork::jobs
