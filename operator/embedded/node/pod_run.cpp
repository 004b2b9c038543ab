#include "operator/embedded/node/pod_run.hpp"

#include <algorithm>

#include "operator/embedded/node/limits.hpp"

namespace ork::embedded {
namespace {

bool any_live(const std::vector<ContainerRun>& runs) {
  return std::any_of(runs.begin(), runs.end(), [](const ContainerRun& run) { return run.live(); });
}

bool is_done(const ContainerRun& run, RestartPolicy policy, bool init) {
  if (run.state != ContainerRun::State::Ended) return false;
  if (policy == RestartPolicy::Never) return true;
  return run.succeeded() && (init || policy == RestartPolicy::OnFailure);
}

class Stepper {
 public:
  Stepper(const PodSpec& pod, const PodRun& run, api::TimeMs now) : pod_(pod), run_(run), now_(now) {}

  PodSteps steps() {
    if (run_.stop != StopReason::None) {
      out_.ended = !any_live(run_.inits) && !any_live(run_.containers);
      return out_;
    }
    if (pod_.active_deadline_seconds) {
      const api::TimeMs due =
          api::later_by_seconds(run_.admitted_ms, std::max<std::int64_t>(0, *pod_.active_deadline_seconds));
      out_.past_deadline = now_ >= due;
      if (out_.past_deadline) return out_;
      look_again(due);
    }
    if (initialize()) run_containers();
    if (out_.ended) out_.look_again_ms.reset();
    return out_;
  }

 private:
  // True once all init containers have succeeded, each after the one before.
  bool initialize() {
    for (std::size_t i = 0; i < run_.inits.size(); ++i) {
      const ContainerRun& init = run_.inits[i];
      if (init.succeeded()) continue;
      if (is_done(init, pod_.restart_policy, true)) {
        out_.ended = true;
      } else if (!init.live()) {
        start_when_due({true, i}, init);
      }
      return false;
    }
    return true;
  }

  void run_containers() {
    bool all_done = true;
    for (std::size_t i = 0; i < run_.containers.size(); ++i) {
      const ContainerRun& container = run_.containers[i];
      if (is_done(container, pod_.restart_policy, false)) continue;
      all_done = false;
      if (!container.live()) start_when_due({false, i}, container);
    }
    out_.ended = all_done;
  }

  void start_when_due(ContainerPlace place, const ContainerRun& run) {
    const api::TimeMs due = run.state == ContainerRun::State::Ended ? run.end.finish_ms + restart_wait_ms(run) : 0;
    if (now_ < due) return look_again(due);
    out_.start.push_back(place);
  }

  void look_again(api::TimeMs at) {
    if (!out_.look_again_ms || at < *out_.look_again_ms) out_.look_again_ms = at;
  }

  const PodSpec& pod_;
  const PodRun& run_;
  const api::TimeMs now_;
  PodSteps out_;
};

}  // namespace

PodRun new_pod_run(const PodSpec& pod, api::TimeMs admitted_ms) {
  PodRun run;
  run.inits.resize(pod.init_containers.size());
  run.containers.resize(pod.containers.size());
  run.admitted_ms = admitted_ms;
  return run;
}

PodSteps next_steps(const PodSpec& pod, const PodRun& run, api::TimeMs now) { return Stepper(pod, run, now).steps(); }

void note_end(ContainerRun& run, Termination end) {
  const bool ran_long = end.start_ms != 0 && end.finish_ms - end.start_ms >= limits::restart_forgiven_after_ms;
  run.failures_in_a_row = ran_long ? 1 : run.failures_in_a_row + 1;
  run.state = ContainerRun::State::Ended;
  run.end = std::move(end);
}

void note_restart(ContainerRun& run) {
  if (run.state == ContainerRun::State::Ended) {
    run.previous = std::move(run.end);
    run.end = {};
    ++run.restarts;
  }
  run.waiting_reason.clear();
  run.waiting_message.clear();
  run.state = ContainerRun::State::Starting;
}

std::int64_t restart_wait_ms(const ContainerRun& run) {
  if (run.failures_in_a_row < 2) return 0;
  std::int64_t wait = limits::restart_backoff_ms;
  for (std::int64_t i = 2; i < run.failures_in_a_row && wait < limits::restart_backoff_cap_ms; ++i) wait *= 2;
  return std::min(wait, limits::restart_backoff_cap_ms);
}

std::string phase_of(const PodRun& run, bool ended) {
  const auto succeeded = [](const ContainerRun& c) { return c.succeeded(); };
  const bool initialized = std::all_of(run.inits.begin(), run.inits.end(), succeeded);
  if (ended) {
    const bool all = initialized && std::all_of(run.containers.begin(), run.containers.end(), succeeded);
    const bool good = all && (run.stop == StopReason::None || run.stop == StopReason::Deleted);
    return good ? "Succeeded" : "Failed";
  }
  const bool begun = std::any_of(run.containers.begin(), run.containers.end(), [](const ContainerRun& c) {
    return c.state == ContainerRun::State::Running || c.state == ContainerRun::State::Ended || c.previous.has_value();
  });
  return initialized && begun ? "Running" : "Pending";
}

}  // namespace ork::embedded
