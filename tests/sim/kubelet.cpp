#include "tests/sim/kubelet.hpp"

#include <set>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/client/resources.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using embedded::seconds_text;
using runtime::Duration;

namespace {

// From the Pod's creation to its container's start, and from SIGTERM to its end: what a small image takes.
constexpr Duration start_takes{300};
constexpr Duration retry_after{1'000};

nlohmann::json condition(const char* type, bool holds, std::int64_t since, const std::string& reason) {
  nlohmann::json out = {{"type", type},
                        {"status", holds ? "True" : "False"},
                        {"lastProbeTime", nullptr},
                        {"lastTransitionTime", seconds_text(since)}};
  if (!reason.empty()) out["reason"] = reason;
  return out;
}

// As ork mounts what an index has of its own: the ConfigMap. Other volumes hold nothing that a program here would read.
std::string items_mounted(const nlohmann::json& pod) {
  const std::string part = text_at(pod, "/spec/containers/0/volumeMounts/0/subPathExpr");
  return part.starts_with("$(JOB_COMPLETION_INDEX)") ? text_at(pod, "/spec/volumes/0/configMap/name") : "";
}

// What of it is there as files, by path.
std::map<std::string, std::string> files_mounted(const nlohmann::json& mounts, const nlohmann::json& data,
                                                 std::int64_t index) {
  std::map<std::string, std::string> files;
  const std::string variable = "$(JOB_COMPLETION_INDEX)";
  for (const nlohmann::json& mount : mounts) {
    const std::string part = text_at(mount, "/subPathExpr");
    if (!part.starts_with(variable)) continue;
    const auto found = data.find(std::to_string(index) + part.substr(variable.size()));
    if (found != data.end()) files.emplace(text_at(mount, "/mountPath"), found->get<std::string>());
  }
  return files;
}

}  // namespace

std::string by_force(const std::string& uid) {
  return nlohmann::json{
      {"kind", "DeleteOptions"}, {"apiVersion", "v1"}, {"gracePeriodSeconds", 0}, {"preconditions", {{"uid", uid}}}}
      .dump();
}

class Kubelet::PodSink final : public runtime::Sink {
 public:
  explicit PodSink(Kubelet& kubelet) : kubelet_(kubelet) {}

  void list_started() override { listed_.clear(); }

  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override {
    const api::ObjectMeta meta = embedded::peek_meta(object);
    listed_.insert(meta.uid);
    const auto held = kubelet_.pods_.find(meta.uid);
    if (change == runtime::ChangeType::Deleted) {
      kubelet_.gone(meta.uid);
    } else if (held == kubelet_.pods_.end() || (meta.deleting && !held->second.deleting)) {
      kubelet_.seen(Json::parse(std::string_view(object.raw_json())));
    }
    return runtime::ObjectRef{meta.ns, meta.name, meta.resource_version};
  }

  void object_unreadable(runtime::ChangeType, const runtime::Unreadable& object) override {
    listed_.insert(object.uid);
  }

  void list_finished(std::string_view) override {
    std::vector<std::string> vanished;
    for (const auto& [uid, pod] : kubelet_.pods_) {
      if (!listed_.contains(uid)) vanished.push_back(uid);
    }
    for (const std::string& uid : vanished) kubelet_.gone(uid);
  }

 private:
  Kubelet& kubelet_;
  std::set<std::string> listed_;
};

Kubelet::Kubelet(kube::Transport& transport, runtime::Loop& loop, const std::vector<ProgramRule>& programs,
                 const Processes& processes, LostTries& lost, Trace& trace, KubeletOptions options)
    : transport_(transport),
      loop_(loop),
      programs_(programs),
      processes_(processes),
      lost_(lost),
      trace_(trace),
      options_(std::move(options)),
      sink_(std::make_unique<PodSink>(*this)) {}

Kubelet::~Kubelet() = default;

void Kubelet::start() { watch(); }

void Kubelet::watch() {
  const runtime::WatchTarget target{.resource = embedded::pod_resource(),
                                    .field_selector = "spec.nodeName=" + options_.node};
  watcher_ = std::make_unique<runtime::Watcher>(transport_, loop_, *sink_, target);
  watcher_->start();
}

void Kubelet::vanish(bool without_power) {
  watcher_.reset();
  if (!without_power) return;
  for (auto& [uid, pod] : pods_) {
    if (pod.phase == Phase::Waiting) pod.timer.reset();
    if (pod.phase != Phase::Running) continue;
    lost_.add(pod.process);
    // What a container runtime says of containers that it finds without a process.
    pod.end_reason = "Unknown";
    end(pod, 255);
  }
}

void Kubelet::come_back() {
  watch();
  for (auto& [uid, pod] : pods_) {
    switch (pod.phase) {
      case Phase::Waiting:
        if (pod.timer == nullptr) pod.timer = loop_.after(start_takes, [this, &held = pod] { begin(held); });
        break;
      case Phase::Running:
      case Phase::Ended: write_status(pod); break;
      case Phase::Done:
        if (pod.deleting) delete_object(pod);
    }
  }
}

void Kubelet::forget_pods() {
  for (auto& [uid, pod] : pods_) gone(uid);
}

void Kubelet::evict(std::string_view name) {
  for (auto& [uid, pod] : pods_) {
    if (pod.name != name || pod.phase != Phase::Running) continue;
    lost_.add(pod.process);
    pod.reason = "Evicted";
    end(pod, 143);
  }
}

void Kubelet::seen(const Json& object) {
  const std::string uid = text_at(object, "/metadata/uid");
  if (!pods_.contains(uid)) admit(object);
  const auto it = pods_.find(uid);
  if (it == pods_.end() || it->second.deleting) return;
  it->second.deleting = object.at("metadata").contains("deletionTimestamp");
  if (it->second.deleting) stop(it->second);
}

void Kubelet::admit(const Json& object) {
  Pod pod;
  pod.uid = text_at(object, "/metadata/uid");
  pod.ns = text_at(object, "/metadata/namespace");
  pod.name = text_at(object, "/metadata/name");
  pod.process = processes_.of(object);
  lost_.tried_again(pod.process);
  pod.program = program_of(programs_, lost_.without(pod.process));
  pod.items = items_mounted(object);
  pod.mounts = value_at(object, "/spec/containers/0/volumeMounts");
  pod.admitted_ms = loop_.wall_ms();
  const std::string phase = text_at(object, "/status/phase");
  if (phase == "Succeeded" || phase == "Failed") pod.phase = Phase::Done;
  Pod& held = pods_.emplace(pod.uid, std::move(pod)).first->second;
  if (held.phase == Phase::Done) return;
  held.timer = loop_.after(start_takes, [this, &held] { begin(held); });
}

void Kubelet::put_down(Event::Kind kind, const Pod& pod, bool by_itself) {
  Event event;
  event.at = loop_.now();
  event.kind = kind;
  event.actor = options_.actor;
  event.process = pod.process;
  event.exit_code = pod.exit_code;
  event.by_itself = by_itself;
  if (kind == Event::Kind::Start && pod.files) event.files = *pod.files;
  trace_.add(std::move(event));
}

// No container is started before its volumes are there.
void Kubelet::read_files(Pod& pod) {
  if (pod.phase != Phase::Waiting) return;
  if (away()) return again_later(pod, &Kubelet::read_files);
  transport_.call(kube::get_request(embedded::config_map_resource(), pod.ns, pod.items),
                  [this, &pod, alive = std::weak_ptr(alive_)](const auto& answer) {
                    if (alive.expired() || pod.phase != Phase::Waiting) return;
                    const Json data = answer ? value_at(Json::parse(answer->body, nullptr, false), "/data") : Json();
                    auto files = files_mounted(pod.mounts, data, pod.process.index);
                    if (files.empty()) return again_later(pod, &Kubelet::read_files);
                    pod.files = std::move(files);
                    begin(pod);
                  });
}

void Kubelet::begin(Pod& pod) {
  if (!pod.items.empty() && !pod.files) return read_files(pod);
  if (pod.program.stuck) return write_status(pod);
  pod.phase = Phase::Running;
  pod.start_ms = loop_.wall_ms();
  put_down(Event::Kind::Start, pod);
  pod.ends = loop_.now() + pod.program.runs;
  pod.timer = loop_.after(pod.program.runs, [this, &pod] { end_by_itself(pod); });
  write_status(pod);
}

void Kubelet::end_by_itself(Pod& pod) {
  if (pod.program.evicted) {
    pod.reason = "Evicted";
    return end(pod, 143);
  }
  if (pod.program.out_of_memory) pod.end_reason = "OOMKilled";
  end(pod, pod.program.out_of_memory ? 137 : pod.program.exit_code, true);
}

void Kubelet::end(Pod& pod, int exit_code, bool by_itself) {
  pod.timer.reset();
  pod.phase = Phase::Ended;
  pod.exit_code = exit_code;
  pod.end_ms = loop_.wall_ms();
  put_down(Event::Kind::Exit, pod, by_itself);
  write_status(pod);
}

// The Pod is being deleted.
void Kubelet::stop(Pod& pod) {
  switch (pod.phase) {
    case Phase::Waiting:
      pod.timer.reset();
      pod.phase = Phase::Done;
      return delete_object(pod);
    case Phase::Running:
      if (pod.ends <= loop_.now() + pod.program.stops) return;
      pod.timer = loop_.after(pod.program.stops, [this, &pod] { end(pod, 143); });
      return;
    case Phase::Ended: return;  // the DELETE follows its status
    case Phase::Done: return delete_object(pod);
  }
}

// The object is no more: what runs is killed, nothing is written.
void Kubelet::gone(const std::string& uid) {
  const auto it = pods_.find(uid);
  if (it == pods_.end()) return;
  Pod& pod = it->second;
  const bool ran = pod.phase == Phase::Running;
  pod.phase = Phase::Done;
  pod.deleting = false;
  pod.timer.reset();
  pod.retry_timer.reset();
  if (!ran) return;
  pod.exit_code = 137;
  put_down(Event::Kind::Exit, pod);
}

namespace {

// Of a Pod whose image can't be pulled.
nlohmann::json stuck_status() {
  const nlohmann::json waiting = {{"reason", "ImagePullBackOff"}, {"message", "there is no such image"}};
  return {{"phase", "Pending"},
          {"containerStatuses", nlohmann::json::array({{{"name", "main"},
                                                        {"image", "busybox:1.36"},
                                                        {"imageID", ""},
                                                        {"ready", false},
                                                        {"started", false},
                                                        {"restartCount", 0},
                                                        {"lastState", nlohmann::json::object()},
                                                        {"state", {{"waiting", waiting}}}}})}};
}

}  // namespace

nlohmann::json Kubelet::status_of(const Pod& pod) const {
  if (pod.phase == Phase::Waiting) return stuck_status();
  const bool ended = pod.phase != Phase::Running;
  const bool succeeded = ended && pod.exit_code == 0;
  const std::string end_reason = !pod.end_reason.empty() ? pod.end_reason : succeeded ? "Completed" : "Error";
  Json state = {{"running", {{"startedAt", seconds_text(pod.start_ms)}}}};
  if (ended) {
    Json terminated = {{"exitCode", pod.exit_code},
                       {"reason", end_reason},
                       {"startedAt", seconds_text(pod.start_ms)},
                       {"finishedAt", seconds_text(pod.end_ms)}};
    const bool own_end = pod.exit_code == pod.program.exit_code && !pod.program.evicted;
    if (own_end && !pod.program.output.empty()) terminated["message"] = pod.program.output;
    state = {{"terminated", std::move(terminated)}};
  }
  Json conditions = {condition("Initialized", true, pod.admitted_ms, ""),
                     condition("Ready", !ended, ended ? pod.end_ms : pod.start_ms, succeeded ? "PodCompleted" : ""),
                     condition("PodScheduled", true, pod.admitted_ms, "")};
  Json status = {{"phase", !ended      ? "Running"
                           : succeeded ? "Succeeded"
                                       : "Failed"},
                 {"startTime", seconds_text(pod.admitted_ms)}};
  if (ended && !pod.reason.empty()) {
    status["reason"] = pod.reason;
    status["message"] = "The node was low on resource: memory.";
    conditions.push_back(condition("DisruptionTarget", true, pod.end_ms, "TerminationByKubelet"));
  }
  status["conditions"] = std::move(conditions);
  status["containerStatuses"] = Json::array({{{"name", "main"},
                                              {"image", "busybox:1.36"},
                                              {"imageID", ""},
                                              {"ready", !ended},
                                              {"started", !ended},
                                              {"restartCount", 0},
                                              {"lastState", Json::object()},
                                              {"state", std::move(state)}}});
  return status;
}

// One write at a time for each Pod: an older status must not arrive after a newer one.
void Kubelet::write_status(Pod& pod) {
  if (away()) return;
  if (pod.writing) {
    pod.write_again = true;
    return;
  }
  pod.retry_timer.reset();
  pod.writing = true;
  pod.write_again = false;
  const Json patch = {{"metadata", {{"uid", pod.uid}}}, {"status", status_of(pod)}};
  kube::Request request =
      kube::patch_request(embedded::pod_resource(), pod.ns, pod.name, "status", kube::PatchType::Merge, patch.dump());
  if (options_.shares_conditions) request.content_type = strategic_patch;
  const bool final = pod.phase == Phase::Ended;
  transport_.call(std::move(request), [this, &pod, final, alive = std::weak_ptr(alive_)](const auto& answer) {
    if (!alive.expired()) status_answered(pod, final, answer);
  });
}

void Kubelet::status_answered(Pod& pod, bool final, const Result<kube::Response, kube::Error>& answer) {
  pod.writing = false;
  if (pod.phase == Phase::Done) return;
  if (!answer) {
    // Gone: the watch will say so. A conflict is no answer to give up at: uids are not used twice.
    if (answer.error().code != kube::Errc::NotFound) again_later(pod, &Kubelet::write_status);
    return;
  }
  if (pod.write_again) return write_status(pod);
  if (!final) return;
  pod.phase = Phase::Done;
  if (pod.deleting) delete_object(pod);
}

void Kubelet::delete_object(Pod& pod) {
  if (away()) return;
  kube::Request request = kube::delete_request(embedded::pod_resource(), pod.ns, pod.name, pod.uid);
  request.body = by_force(pod.uid);
  transport_.call(std::move(request), [this, &pod, alive = std::weak_ptr(alive_)](const auto& answer) {
    if (alive.expired() || answer || answer.error().code == kube::Errc::NotFound) return;
    again_later(pod, &Kubelet::delete_object);
  });
}

void Kubelet::again_later(Pod& pod, void (Kubelet::*what)(Pod&)) {
  pod.retry_timer = loop_.after(retry_after, [this, &pod, what] { (this->*what)(pod); });
}

}  // namespace ork::sim
