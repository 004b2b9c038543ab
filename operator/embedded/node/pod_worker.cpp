#include "operator/embedded/node/pod_worker.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/client/resources.hpp"
#include "operator/embedded/node/engine_command.hpp"
#include "operator/embedded/node/limits.hpp"
#include "operator/embedded/node/pod_status.hpp"
#include "operator/embedded/node/process_plan.hpp"

namespace ork::embedded {

using runtime::Duration;
using Json = nlohmann::json;
using State = ContainerRun::State;

namespace {

bool is_folder(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string forced_deletion(const std::string& uid) {
  return dumped(
      {{"kind", "DeleteOptions"}, {"apiVersion", "v1"}, {"gracePeriodSeconds", 0}, {"preconditions", {{"uid", uid}}}});
}

PodWorker::PodWorker(NodeContext& context, NodeStats& stats, PodSpec pod, PodWorkerHooks hooks)
    : context_(context),
      stats_(stats),
      pod_(std::move(pod)),
      hooks_(std::move(hooks)),
      backoff_(limits::node_request_backoff, limits::agent_healthy_after) {}

PodWorker::~PodWorker() = default;

template <typename Visit>
void PodWorker::each_container(Visit visit) {
  for (std::size_t i = 0; i < run_.inits.size(); ++i)
    visit(Container{&pod_.init_containers[i], &run_.inits[i], {true, i}});
  for (std::size_t i = 0; i < run_.containers.size(); ++i) {
    visit(Container{&pod_.containers[i], &run_.containers[i], {false, i}});
  }
}

// --- from room to running ---

void PodWorker::begin() {
  phase_ = Phase::Active;
  ++stats_.pods;
  run_ = new_pod_run(pod_, context_.loop.wall_ms());
  step();
}

void PodWorker::fetch_sources() {
  const std::vector<SourceRef> wanted = sources_of(pod_);
  if (wanted.empty()) return prepare();
  sources_awaited_ = wanted.size();
  for (const SourceRef& source : wanted) {
    const kube::Resource& resource = source.secret ? secret_resource() : config_map_resource();
    call(kube::get_request(resource, pod_.meta.ns, source.name),
         [this, source](const auto& answer) { source_answered(source, answer); });
  }
}

void PodWorker::source_answered(const SourceRef& source, const Result<kube::Response, kube::Error>& answer) {
  if (answer) {
    sources_[source] = read_source(Json::parse(answer->body, nullptr, false), source.secret);
  } else {
    sources_[source].reset();
    if (answer.error().code != kube::Errc::NotFound) context_.on_trouble(answer.error().message);
  }
  if (--sources_awaited_ == 0 && !ended()) prepare();
}

void PodWorker::prepare() {
  if (auto named = context_.files.check(pod_.meta, container_names(pod_)); !named) {
    return wait_for("CreateContainerError", named.error());
  }
  auto planned = plan_volumes(pod_, sources_, context_.facts, context_.files.volumes(pod_.meta));
  if (!planned && planned.error().may_pass) return wait_for("ContainerCreating", planned.error().message);
  if (!planned) {
    volume_problem_ = planned.error().message;
  } else if (auto written = resumed_ ? Status<std::string>(Done{}) : write_volumes(*planned); !written) {
    return wait_for("CreateContainerError", written.error());
  } else {
    volumes_ = std::move(*planned);
  }
  prepared_ = true;
  step();
}

// Something is missing that may come yet.
void PodWorker::wait_for(const std::string& reason, const std::string& message) {
  each_container([&](Container c) {
    if (c.run->state != State::Waiting) return;
    c.run->waiting_reason = reason;
    c.run->waiting_message = message;
  });
  if (waited_for_ != message) {
    waited_for_ = message;
    context_.events.record(pod_resource(), pod_.meta,
                           {.warning = true, .reason = "Failed", .note = "Error: " + message});
  }
  status_changed();
  prepared_ = false;
  again_later([this] { step(); });
}

void PodWorker::step() {
  if (phase_ != Phase::Active || sources_awaited_ > 0) return;
  const PodSteps steps = next_steps(pod_, run_, context_.loop.wall_ms());
  if (steps.past_deadline) return stop(StopReason::Deadline, pod_.grace_seconds);
  if (steps.ended) return finish();
  if (steps.look_again_ms) {
    const Duration wait{std::max<std::int64_t>(1, *steps.look_again_ms - context_.loop.wall_ms())};
    step_timer_ = context_.loop.after(wait, [this] { step(); });
  }
  if (steps.start.empty()) return;
  if (!prepared_) return fetch_sources();
  for (const ContainerPlace& place : steps.start) {
    start(place);
    if (!prepared_ || phase_ != Phase::Active) return;
  }
}

void PodWorker::start(const ContainerPlace& place) {
  const Container container = place.init
                                  ? Container{&pod_.init_containers[place.index], &run_.inits[place.index], place}
                                  : Container{&pod_.containers[place.index], &run_.containers[place.index], place};
  const bool again = container.run->state == State::Ended;
  bool may_pass = false;
  auto planned = plan(*container.spec, container.run->restarts + (again ? 1 : 0), may_pass);
  if (!planned && may_pass) return wait_for("CreateContainerConfigError", planned.error());
  if (again) {
    context_.runner.forget(id_of(*container.spec, container.run->restarts));
    context_.files.remove_termination(pod_.meta, container.spec->name);
  }
  note_restart(*container.run);
  if (!planned) return cannot_run(container, planned.error());
  ++stats_.containers;
  context_.runner.start(*planned);
}

Result<StartContainer, std::string> PodWorker::plan(const ContainerSpec& spec, int restart, bool& may_pass) {
  if (!volume_problem_.empty()) return Err(volume_problem_);
  if (spec.sidecar) {
    return Err("init container \"" + spec.name +
               "\" has restartPolicy Always (a sidecar), which this node does not have");
  }
  auto variables = container_variables(pod_, spec, sources_, context_.facts, context_.base_variables);
  may_pass = !variables.ok();
  if (!variables) return Err(variables.error());
  auto mounts = plan_mounts(spec, volumes_, *variables);
  if (!mounts) return Err(mounts.error());
  if (auto made = make_parts(*mounts, volumes_); !made) return Err(made.error());
  if (!context_.engine.empty()) {
    if (auto made = context_.files.make_termination(pod_.meta, spec.name); !made) return Err(made.error());
  }
  mounts->push_back({spec.termination_path, context_.files.termination(pod_.meta, spec.name)});
  StartContainer start{.id = id_of(spec, restart), .log = context_.files.log(pod_.meta, spec.name)};
  return context_.engine.empty() ? plan_process_of(spec, *variables, *mounts, std::move(start))
                                 : plan_engine_command(spec, *variables, *mounts, std::move(start));
}

Result<StartContainer, std::string> PodWorker::plan_process_of(const ContainerSpec& spec, const Variables& variables,
                                                               const std::vector<PlannedMount>& mounts,
                                                               StartContainer start) {
  auto process = plan_process({.container = spec,
                               .variables = variables,
                               .paths = paths_of(mounts),
                               .project_folder = context_.project_folder,
                               .is_folder = is_folder});
  if (!process) return Err(process.error());
  if (!process->missing_folder.empty() && !std::exchange(told_of_folder_, true)) {
    context_.events.record(pod_resource(), pod_.meta,
                           {.reason = "WorkingDir",
                            .note = "This machine has no folder " + process->missing_folder + "; container " +
                                    spec.name + " runs in " + context_.project_folder});
  }
  if (spec.limits.cpu_millis && !context_.limits_cpu && !std::exchange(context_.told_of_cpu, true)) {
    context_.on_trouble("limits of processors are not enforced here: this user may make no cgroup that has them");
  }
  start.argv = std::move(process->argv);
  start.env = std::move(process->env);
  start.cwd = std::move(process->cwd);
  start.memory_bytes = spec.limits.memory_bytes.value_or(0);
  start.cpu_millis = spec.limits.cpu_millis.value_or(0);
  return start;
}

// Its limits are the engine's to keep.
StartContainer PodWorker::plan_engine_command(const ContainerSpec& spec, const Variables& variables,
                                              const std::vector<PlannedMount>& mounts, StartContainer start) const {
  EngineCommand command = engine_run({.program = context_.engine,
                                      .label = context_.engine_label,
                                      .pod = pod_,
                                      .container = spec,
                                      .variables = variables,
                                      .mounts = mounts,
                                      .environment = context_.environment,
                                      .name = engine_name(start.id)});
  start.argv = std::move(command.argv);
  start.env = std::move(command.env);
  start.cwd = context_.project_folder;
  return start;
}

void PodWorker::cannot_run(Container container, const std::string& message) {
  const api::TimeMs now = context_.loop.wall_ms();
  context_.events.record(pod_resource(), pod_.meta, {.warning = true, .reason = "Failed", .note = "Error: " + message});
  end_container(container, {.exit_code = 128, .reason = "ContainerCannotRun", .message = message, .finish_ms = now});
}

// --- what the runner tells ---

std::string PodWorker::id_of(const ContainerSpec& spec, int restart) const {
  return pod_.meta.uid + "/" + spec.name + "/" + std::to_string(restart);
}

std::optional<std::pair<PodWorker::Container, int>> PodWorker::find(const std::string& id) {
  const std::size_t name_end = id.rfind('/');
  if (name_end == std::string::npos || name_end <= pod_.meta.uid.size()) return std::nullopt;
  const std::string name = id.substr(pod_.meta.uid.size() + 1, name_end - pod_.meta.uid.size() - 1);
  const auto restart = static_cast<int>(number_in(std::string_view(id).substr(name_end + 1), -1));
  std::optional<std::pair<Container, int>> out;
  each_container([&](const Container& c) {
    if (c.spec->name == name && restart >= 0) out = std::pair(c, restart);
  });
  return out;
}

void PodWorker::started(const ContainerStarted& notice) {
  const auto found = find(notice.id);
  if (!found || found->second != found->first.run->restarts || found->first.run->state != State::Starting) return;
  found->first.run->state = State::Running;
  found->first.run->start_ms = notice.start_ms;
  if (gone_ || run_.stop != StopReason::None) context_.runner.signal(notice.id, gone_ ? SIGKILL : SIGTERM);
  note_progress();
  status_changed();
}

void PodWorker::ended(const ContainerEnded& notice) {
  const auto found = find(notice.id);
  if (!found || found->second != found->first.run->restarts || !found->first.run->live()) return;
  end_container(found->first, termination_of(*found->first.spec, notice));
}

Termination PodWorker::termination_of(const ContainerSpec& spec, const ContainerEnded& notice) const {
  Termination end{.exit_code = notice.exit_code,
                  .signal = notice.signal,
                  .start_ms = notice.start_ms,
                  .finish_ms = notice.end_ms,
                  .container_id = context_.engine.empty() ? "process://" + notice.id
                                                          : context_.engine + "://" + engine_name(notice.id)};
  if (!notice.error.empty()) {
    end.reason = "StartError";
    end.message = notice.error;
    return end;
  }
  const bool engine_said = !context_.engine.empty() && notice.exit_code == engine_failed;
  end.reason = engine_said                   ? "ContainerCannotRun"
               : out_of_memory(spec, notice) ? "OOMKilled"
               : notice.exit_code == 0       ? "Completed"
                                             : "Error";
  end.message = tail_of(context_.files.termination(pod_.meta, spec.name), limits::termination_message_bytes);
  if (end.message.empty() && (spec.log_is_message || engine_said) && notice.exit_code != 0) {
    end.message = tail_of(context_.files.log(pod_.meta, spec.name), limits::log_tail_bytes, limits::log_tail_lines);
  }
  return end;
}

// An engine's command only says that its container was killed: where it was not told to, by the limit.
bool PodWorker::out_of_memory(const ContainerSpec& spec, const ContainerEnded& notice) const {
  const bool killed_by_engine = !context_.engine.empty() && notice.exit_code == 128 + SIGKILL && notice.signal == 0;
  return notice.out_of_memory ||
         (killed_by_engine && spec.limits.memory_bytes.has_value() && run_.stop == StopReason::None);
}

void PodWorker::end_container(Container container, Termination end) {
  note_end(*container.run, std::move(end));
  note_progress();
  if (hooks_.on_container_ended) hooks_.on_container_ended(container.spec->name);
  if (gone_ && next_steps(pod_, run_, context_.loop.wall_ms()).ended) return finish();
  status_changed();
  step();
}

void PodWorker::note_progress() {
  const api::TimeMs now = context_.loop.wall_ms();
  const auto all = [](const std::vector<ContainerRun>& runs, auto is) {
    return std::all_of(runs.begin(), runs.end(), is);
  };
  if (run_.initialized_ms == 0 && all(run_.inits, [](const ContainerRun& c) { return c.succeeded(); })) {
    run_.initialized_ms = run_.inits.empty() ? run_.admitted_ms : now;
  }
  if (run_.ready_ms == 0 && all(run_.containers, [](const ContainerRun& c) { return c.state == State::Running; })) {
    run_.ready_ms = now;
  }
}

bool PodWorker::container_live(const std::string& container) const {
  for (std::size_t i = 0; i < run_.inits.size(); ++i) {
    if (pod_.init_containers[i].name == container) return !ended() && run_.inits[i].state != State::Ended;
  }
  for (std::size_t i = 0; i < run_.containers.size(); ++i) {
    if (pod_.containers[i].name != container) continue;
    // One that will run again writes on.
    return !ended() && (run_.containers[i].state != State::Ended || pod_.restart_policy != RestartPolicy::Never);
  }
  return false;
}

bool PodWorker::container_begun(const std::string& container) const {
  const auto begun = [&](const std::vector<ContainerSpec>& specs, const std::vector<ContainerRun>& runs) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (specs[i].name == container) return runs[i].state != State::Waiting || runs[i].previous.has_value();
    }
    return false;
  };
  return begun(pod_.init_containers, run_.inits) || begun(pod_.containers, run_.containers);
}

// --- coming back ---

void PodWorker::resume(const KnownContainers& known) {
  phase_ = Phase::Active;
  resumed_ = true;
  run_ = new_pod_run(pod_, pod_.start_ms != 0 ? pod_.start_ms : context_.loop.wall_ms());
  for (const auto& [id, notice] : known.ended) {
    const auto found = find(id);
    if (!found || found->second < found->first.run->restarts) continue;
    found->first.run->restarts = found->second;
    note_end(*found->first.run, termination_of(*found->first.spec, notice));
  }
  for (const auto& [id, notice] : known.running) {
    const auto found = find(id);
    if (!found || found->second < found->first.run->restarts) continue;
    *found->first.run = ContainerRun{.state = State::Running, .restarts = found->second, .start_ms = notice.start_ms};
  }
  note_progress();
  if (pod_.meta.deleting) stop(StopReason::Deleted, pod_.grace_seconds);
  status_changed();
  step();
}

void PodWorker::lose() {
  if (ended()) return;
  const api::TimeMs now = context_.loop.wall_ms();
  if (run_.containers.empty()) run_ = new_pod_run(pod_, pod_.start_ms != 0 ? pod_.start_ms : now);
  phase_ = Phase::Active;
  run_.stop = StopReason::Lost;
  each_container([&](Container c) {
    if (c.run->state == State::Ended) return;
    note_end(*c.run, {.exit_code = 137,
                      .reason = "ContainerStatusUnknown",
                      .message = "The container could not be located when the pod was terminated",
                      .start_ms = c.run->start_ms,
                      .finish_ms = now});
  });
  finish();
}

void PodWorker::relisted(const KnownContainers& known, bool fresh) {
  if (phase_ != Phase::Active) return;
  std::vector<std::string> unknown;
  each_container([&](const Container& c) {
    if (!c.run->live()) return;
    const std::string id = id_of(*c.spec, c.run->restarts);
    if (!known.running.contains(id) && !known.ended.contains(id)) unknown.push_back(id);
  });
  if (fresh && !unknown.empty()) return lose();
  for (const auto& [id, notice] : known.running) started(notice);
  for (const auto& [id, notice] : known.ended) ended(notice);
  // Asked for while nobody listened.
  for (const std::string& id : unknown) {
    const auto found = find(id);
    if (!found || phase_ != Phase::Active || run_.stop != StopReason::None) continue;
    *found->first.run = ContainerRun{.state = State::Waiting, .restarts = found->second};
  }
  if (run_.stop != StopReason::None) {
    for (const std::string& id : unknown) {
      if (const auto found = find(id)) {
        end_container(found->first, {.exit_code = 137, .reason = "Error", .finish_ms = context_.loop.wall_ms()});
      }
    }
    return;
  }
  step();
}

// --- ending ---

void PodWorker::signal_live(int signal) {
  each_container([&](const Container& c) {
    if (c.run->live()) context_.runner.signal(id_of(*c.spec, c.run->restarts), signal);
  });
}

void PodWorker::stop(StopReason reason, std::int64_t grace_seconds) {
  if (phase_ == Phase::Done || gone_) return;
  if (reason == StopReason::Deleted) pod_.meta.deleting = true;
  if (phase_ == Phase::Ended) return;
  if (phase_ == Phase::Queued) {
    phase_ = Phase::Ended;
    return delete_object();
  }
  if (run_.stop == StopReason::None) run_.stop = reason;
  step_timer_.reset();
  signal_live(grace_seconds > 0 ? SIGTERM : SIGKILL);
  kill_timer_ = context_.loop.after(Duration{grace_seconds * 1000}, [this] { signal_live(SIGKILL); });
  status_changed();
  step();
}

void PodWorker::gone() {
  gone_ = true;
  if (phase_ != Phase::Active) return done();
  if (run_.stop == StopReason::None) run_.stop = StopReason::Deleted;
  kill_timer_.reset();
  signal_live(SIGKILL);
  step();
}

void PodWorker::finish() {
  if (ended()) return;
  phase_ = Phase::Ended;
  run_.ended_ms = context_.loop.wall_ms();
  for (auto* timer : {&status_timer_, &step_timer_, &kill_timer_, &retry_timer_}) timer->reset();
  hooks_.on_ended();
  if (gone_) return done();
  write_status();
}

// --- telling the API server ---

void PodWorker::status_changed() {
  if (phase_ != Phase::Active || gone_ || status_timer_ != nullptr) return;
  status_timer_ = context_.loop.after(limits::running_delay, [this] {
    status_timer_.reset();
    write_status();
  });
}

void PodWorker::write_status() {
  if (gone_ || phase_ == Phase::Queued || phase_ == Phase::Done) return;
  if (writing_) {
    write_again_ = true;
    return;
  }
  const bool final = phase_ == Phase::Ended;
  std::string status = dumped(pod_status(pod_, run_, final, context_.facts.ip));
  if (status == written_) return;
  std::string body = R"({"metadata":{"uid":")" + pod_.meta.uid + R"("},"status":)" + status + "}";
  written_ = std::move(status);
  writing_ = true;
  ++stats_.status_writes;
  call(kube::patch_request(pod_resource(), pod_.meta.ns, pod_.meta.name, "status", kube::PatchType::Merge,
                           std::move(body)),
       [this, final](const auto& answer) { status_answered(final, answer); });
}

void PodWorker::status_answered(bool final, const Result<kube::Response, kube::Error>& answer) {
  writing_ = false;
  const bool again = std::exchange(write_again_, false);
  if (answer) {
    backoff_.reset();
    if (!final) return again || phase_ == Phase::Ended ? write_status() : void();
    return pod_.meta.deleting ? delete_object() : done();
  }
  written_.clear();
  // The watch will say that it is gone; until then there is nobody to tell.
  if (answer.error().code == kube::Errc::NotFound || answer.error().code == kube::Errc::Conflict) {
    return final ? done() : void();
  }
  context_.on_trouble("the status of Pod " + api::key_of(pod_.meta) + ": " + answer.error().message);
  again_later([this] { write_status(); });
}

// The Pod's end is stored, its containers are gone: now the object may go too.
void PodWorker::delete_object() {
  kube::Request request = kube::delete_request(pod_resource(), pod_.meta.ns, pod_.meta.name, pod_.meta.uid);
  request.body = forced_deletion(pod_.meta.uid);
  call(std::move(request), [this](const Result<kube::Response, kube::Error>& answer) {
    const bool stays = !answer && answer.error().code != kube::Errc::NotFound &&
                       answer.error().code != kube::Errc::Conflict && !answer.error().may_have_applied();
    if (!stays) return done();
    context_.on_trouble("deleting Pod " + api::key_of(pod_.meta) + ": " + answer.error().message);
    again_later([this] { delete_object(); });
  });
}

void PodWorker::done() {
  if (phase_ == Phase::Done) return;
  const bool active = phase_ == Phase::Active;
  phase_ = Phase::Done;
  each_container([&](const Container& c) { context_.runner.forget(id_of(*c.spec, c.run->restarts)); });
  context_.files.remove_run(pod_.meta, container_names(pod_));
  if (active) hooks_.on_ended();
  hooks_.on_done();
}

void PodWorker::again_later(std::function<void()> what) {
  retry_timer_ = context_.loop.after(backoff_.next(context_.loop.now(), context_.loop.random()),
                                     [what = std::move(what)] { what(); });
}

void PodWorker::call(kube::Request request, kube::ResponseHandler handler) {
  context_.transport.call(std::move(request),
                          [alive = std::weak_ptr(alive_), handler = std::move(handler)](auto answer) {
                            if (!alive.expired()) handler(std::move(answer));
                          });
}

}  // namespace ork::embedded
