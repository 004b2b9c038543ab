#include "operator/embedded/node/pod_status.hpp"

#include <algorithm>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/node/limits.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;
using State = ContainerRun::State;

Json condition(const char* type, bool holds, api::TimeMs since, const std::string& reason = {},
               const std::string& message = {}) {
  Json out = {{"type", type},
              {"status", holds ? "True" : "False"},
              {"lastProbeTime", nullptr},
              {"lastTransitionTime", seconds_text(since)}};
  if (!reason.empty()) out["reason"] = reason;
  if (!message.empty()) out["message"] = message;
  return out;
}

Json terminated(const Termination& end) {
  Json out = {{"exitCode", end.exit_code},
              {"reason", end.reason},
              {"startedAt", seconds_text(end.start_ms)},
              {"finishedAt", seconds_text(end.finish_ms)}};
  if (end.signal != 0) out["signal"] = end.signal;
  if (!end.message.empty()) out["message"] = end.message;
  if (!end.container_id.empty()) out["containerID"] = end.container_id;
  return {{"terminated", std::move(out)}};
}

Json waiting(const ContainerRun& run, bool initializing) {
  if (!run.waiting_reason.empty()) {
    return {{"waiting", {{"reason", run.waiting_reason}, {"message", run.waiting_message}}}};
  }
  return {{"waiting", {{"reason", initializing ? "PodInitializing" : "ContainerCreating"}}}};
}

// A container that has ended and will run again waits for that, once the wait is worth a word.
bool backs_off(const ContainerRun& run, bool pod_ended, const PodSpec& pod) {
  const bool again = pod.restart_policy == RestartPolicy::Always ||
                     (pod.restart_policy == RestartPolicy::OnFailure && !run.succeeded());
  return !pod_ended && again && restart_wait_ms(run) > 0;
}

Json back_off(const ContainerRun& run, const ContainerSpec& spec, const PodSpec& pod) {
  const std::string wait = std::to_string(restart_wait_ms(run) / 1000) + "s";
  return {{"waiting",
           {{"reason", "CrashLoopBackOff"},
            {"message", "back-off " + wait + " restarting failed container=" + spec.name + " pod=" + pod.meta.name +
                            "_" + pod.meta.ns + "(" + pod.meta.uid + ")"}}}};
}

Json container_status(const PodSpec& pod, const ContainerSpec& spec, const ContainerRun& run, bool init,
                      bool initializing, bool pod_ended) {
  Json out = {{"name", spec.name},
              {"image", spec.image},
              {"imageID", ""},
              {"ready", false},
              {"restartCount", run.restarts},
              {"started", false},
              {"lastState", Json::object()}};
  if (run.previous) out["lastState"] = terminated(*run.previous);
  switch (run.state) {
    case State::Waiting:
    case State::Starting: out["state"] = waiting(run, initializing); break;
    case State::Running:
      out["state"] = {{"running", {{"startedAt", seconds_text(run.start_ms)}}}};
      out["started"] = true;
      out["ready"] = !init;
      break;
    case State::Ended:
      out["ready"] = init && run.succeeded();
      out["state"] = terminated(run.end);
      if (!init && backs_off(run, pod_ended, pod)) {
        out["lastState"] = out["state"];
        out["state"] = back_off(run, spec, pod);
      }
      break;
  }
  const std::string id = run.state == State::Ended ? run.end.container_id : "";
  if (!id.empty()) out["containerID"] = id;
  return out;
}

// " [a b]": names of the containers of which `is` does not hold.
template <typename Is>
std::string names_without(const std::vector<ContainerSpec>& specs, const std::vector<ContainerRun>& runs, Is is) {
  std::string out;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (!is(runs[i])) out += (out.empty() ? "" : " ") + specs[i].name;
  }
  return "[" + out + "]";
}

Json initialized_condition(const PodSpec& pod, const PodRun& run, bool good_end) {
  const auto succeeded = [](const ContainerRun& c) { return c.succeeded(); };
  const bool holds = std::all_of(run.inits.begin(), run.inits.end(), succeeded);
  const api::TimeMs since = holds && run.initialized_ms != 0 ? run.initialized_ms : run.admitted_ms;
  if (holds) return condition("Initialized", true, since, good_end ? "PodCompleted" : "");
  return condition("Initialized", false, since, "ContainersNotInitialized",
                   "containers with incomplete status: " + names_without(pod.init_containers, run.inits, succeeded));
}

// Ready and ContainersReady.
void add_ready_conditions(const PodSpec& pod, const PodRun& run, const std::string& phase, Json& conditions) {
  const auto runs = [](const ContainerRun& c) { return c.state == State::Running; };
  const bool ready = std::all_of(run.containers.begin(), run.containers.end(), runs);
  std::string reason = ready ? "" : "ContainersNotReady";
  std::string message =
      ready ? "" : "containers with unready status: " + names_without(pod.containers, run.containers, runs);
  api::TimeMs since = ready ? run.ready_ms : run.admitted_ms;
  if (phase == "Succeeded" || phase == "Failed") {
    reason = phase == "Succeeded" ? "PodCompleted" : "PodFailed";
    message.clear();
    if (run.ready_ms != 0) since = run.ended_ms;
  }
  for (const char* type : {"Ready", "ContainersReady"}) {
    conditions.push_back(condition(type, ready, since, reason, message));
  }
}

struct StopText {
  const char* reason;
  const char* message;
  bool disruption;
};

// Words of the kubelet, but for Lost, which it does not have.
StopText text_of(StopReason stop) {
  switch (stop) {
    case StopReason::Deadline:
      return {"DeadlineExceeded", "Pod was active on the node longer than the specified deadline", false};
    case StopReason::Shutdown: return {"Terminated", "Pod was terminated in response to imminent node shutdown.", true};
    case StopReason::Lost:
      return {"NodeLost", "The node was started again, and nobody knows how the Pod's containers ended.", true};
    case StopReason::None:
    case StopReason::Deleted: break;
  }
  return {"", "", false};
}

}  // namespace

Json pod_status(const PodSpec& pod, const PodRun& run, bool ended, const std::string& host_ip) {
  const std::string phase = phase_of(run, ended);
  const bool initializing =
      !std::all_of(run.inits.begin(), run.inits.end(), [](const ContainerRun& c) { return c.succeeded(); });
  Json conditions = Json::array();
  conditions.push_back(initialized_condition(pod, run, phase == "Succeeded"));
  add_ready_conditions(pod, run, phase, conditions);
  conditions.push_back(condition("PodScheduled", true, run.admitted_ms));
  Json out = {{"phase", phase},    {"startTime", seconds_text(run.admitted_ms)},
              {"hostIP", host_ip}, {"hostIPs", Json::array({{{"ip", host_ip}}})},
              {"podIP", host_ip},  {"podIPs", Json::array({{{"ip", host_ip}}})}};
  const StopText stop = text_of(run.stop);
  if (ended && *stop.reason != '\0') {
    out["reason"] = stop.reason;
    out["message"] = stop.message;
  }
  if (stop.disruption) {
    conditions.push_back(condition("DisruptionTarget", true, run.ended_ms == 0 ? run.admitted_ms : run.ended_ms,
                                   "TerminationByKubelet", stop.message));
  }
  out["conditions"] = std::move(conditions);
  const auto statuses = [&](const std::vector<ContainerSpec>& specs, const std::vector<ContainerRun>& runs, bool init) {
    Json list = Json::array();
    for (std::size_t i = 0; i < specs.size(); ++i) {
      list.push_back(container_status(pod, specs[i], runs[i], init, initializing, ended));
    }
    return list;
  };
  out["containerStatuses"] = statuses(pod.containers, run.containers, false);
  if (!run.inits.empty()) out["initContainerStatuses"] = statuses(pod.init_containers, run.inits, true);
  return out;
}

Json unschedulable_status(const std::string& why, api::TimeMs now) {
  return {{"phase", "Pending"},
          {"conditions", Json::array({condition("PodScheduled", false, now, "Unschedulable", why)})}};
}

}  // namespace ork::embedded
