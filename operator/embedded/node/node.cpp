#include "operator/embedded/node/node.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/client/resources.hpp"
#include "operator/embedded/node/agent_client.hpp"
#include "operator/embedded/node/engine_check.hpp"
#include "operator/embedded/node/engine_command.hpp"
#include "operator/embedded/node/engine_runner.hpp"
#include "operator/embedded/node/limits.hpp"
#include "operator/embedded/node/pod_status.hpp"
#include "operator/embedded/node/process_plan.hpp"

namespace ork::embedded {

using runtime::Duration;
using Json = nlohmann::json;

namespace {

constexpr Duration bind_again{1'000};

NodeCapacity capacity_of(const NodeOptions& options) {
  const std::int64_t processors = std::max<std::int64_t>(1, ::sysconf(_SC_NPROCESSORS_ONLN));
  NodeCapacity out;
  out.pods =
      options.max_pods > 0 ? options.max_pods : std::max(limits::least_pods, limits::pods_per_processor * processors);
  out.cpu_millis = options.cpu_millis > 0 ? options.cpu_millis : processors * 1000;
  out.memory_bytes = options.memory_bytes > 0 ? options.memory_bytes
                                              : static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                                    static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  out.labels = {{"kubernetes.io/hostname", options.name}, {"kubernetes.io/os", "linux"}};
  return out;
}

std::vector<std::string> agent_command_of(const NodeOptions& options) {
  if (!options.agent_command.empty()) return options.agent_command;
  return {"/proc/self/exe", "node-agent", "--dir", options.dir};
}

std::unique_ptr<ContainerRunner> runner_of(runtime::Loop& loop, std::unique_ptr<AgentClient> agent,
                                           const NodeOptions& options) {
  if (options.engine.empty()) return agent;
  const EngineOptions engine{.program = options.engine,
                             .label = engine_label(options.dir),
                             .environment = options.environment,
                             .folder = options.dir};
  return std::make_unique<EngineRunner>(loop, std::move(agent), engine);
}

// `object` is left at its start.
std::vector<std::string> peek_container_names(simdjson::ondemand::object& object) {
  std::vector<std::string> names;
  each_field(object, [&](auto key, simdjson::ondemand::value spec) {
    if (key != "spec") return;
    each_field(spec.get_object(), [&](auto list, simdjson::ondemand::value containers) {
      if (list != "containers" && list != "initContainers") return;
      for (simdjson::ondemand::object container : containers.get_array()) {
        each_field(container, [&](auto field, simdjson::ondemand::value content) {
          if (field == "name") names.push_back(text_of(content));
        });
      }
    });
  });
  object.reset();
  return names;
}

std::string pod_uid_of(const std::string& container_id) { return container_id.substr(0, container_id.find('/')); }

}  // namespace

// What a list does not name is gone.
class Node::PodSink final : public runtime::Sink {
 public:
  PodSink(Node& node, bool bound) : node_(node), bound_(bound) {}

  void list_started() override {
    listing_ = true;
    named_.clear();
  }

  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override {
    if (change == runtime::ChangeType::Deleted) {
      const api::ObjectMeta meta = peek_meta(object);
      bound_ ? node_.bound_gone(meta, peek_container_names(object)) : node_.unbound_gone(meta.uid);
      return runtime::ObjectRef{meta.ns, meta.name, meta.resource_version};
    }
    auto meta = node_.pod_seen(object, bound_);
    if (!meta) return Err(meta.error());
    if (listing_) named_.insert(meta->uid);
    return runtime::ObjectRef{meta->ns, meta->name, meta->resource_version};
  }

  void object_unreadable(runtime::ChangeType change, const runtime::Unreadable& object) override {
    if (listing_) named_.insert(object.uid);
    if (change == runtime::ChangeType::Deleted && bound_) {
      node_.bound_gone({.ns = object.ns, .name = object.name, .uid = object.uid}, {});
    }
  }

  void list_finished(std::string_view) override {
    listing_ = false;
    bound_ ? node_.listed_bound(std::exchange(named_, {})) : node_.listed_unbound(std::exchange(named_, {}));
  }

 private:
  Node& node_;
  bool bound_;
  bool listing_ = false;
  std::unordered_set<std::string> named_;  // uids
};

Node::Node(kube::Transport& transport, runtime::Loop& loop, boost::asio::io_context& io, NodeOptions options,
           NodeHooks hooks)
    : Node(
          transport, loop,
          runner_of(loop,
                    std::make_unique<AgentClient>(loop, io, AgentClientOptions{options.dir, agent_command_of(options)}),
                    options),
          &io, options, std::move(hooks)) {}

Node::Node(kube::Transport& transport, runtime::Loop& loop, std::unique_ptr<ContainerRunner> runner,
           boost::asio::io_context* io, NodeOptions options, NodeHooks hooks)
    : options_(std::move(options)),
      hooks_(std::move(hooks)),
      runner_(std::move(runner)),
      files_(options_.dir),
      events_(transport, loop, "ork.dev/node", options_.name),
      room_(capacity_of(options_)),
      context_{.transport = transport,
               .loop = loop,
               .runner = *runner_,
               .events = events_,
               .files = files_,
               .facts = {.name = options_.name,
                         .cpu_millis = room_.capacity().cpu_millis,
                         .memory_bytes = room_.capacity().memory_bytes},
               // An image brings its own PATH and HOME.
               .base_variables = options_.engine.empty() ? base_variables(options_.environment, options_.pass_env)
                                                         : passed_variables(options_.environment, options_.pass_env),
               .engine = options_.engine,
               .engine_label = engine_label(options_.dir),
               .environment = options_.environment,
               .project_folder = options_.project_folder,
               .on_trouble =
                   [this](const std::string& what) {
                     if (hooks_.on_trouble) hooks_.on_trouble(what);
                   }},
      logs_(loop, io),
      bound_transport_(transport, {.fields = "spec.nodeName=" + options_.name}),
      unbound_transport_(transport, {.fields = "spec.nodeName="}),
      bound_sink_(std::make_unique<PodSink>(*this, true)),
      unbound_sink_(std::make_unique<PodSink>(*this, false)) {}

Node::~Node() = default;

Status<std::string> Node::start() {
  if (!options_.engine.empty()) {
    if (auto usable = check_engine(options_.engine, options_.environment); !usable) return usable;
  }
  if (auto made = files_.prepare(); !made) return made;
  open_runner();
  bound_watcher_ = std::make_unique<runtime::Watcher>(bound_transport_, context_.loop, *bound_sink_,
                                                      runtime::WatchTarget{.resource = pod_resource()}, watch_hooks());
  unbound_watcher_ =
      std::make_unique<runtime::Watcher>(unbound_transport_, context_.loop, *unbound_sink_,
                                         runtime::WatchTarget{.resource = pod_resource()}, watch_hooks());
  bound_watcher_->start();
  unbound_watcher_->start();
  return Done{};
}

void Node::stop() {
  alive_.reset();
  ready_ = false;
  bound_watcher_.reset();
  unbound_watcher_.reset();
  bind_timers_.clear();
  entries_.clear();
  runner_.reset();
}

runtime::WatchHooks Node::watch_hooks() {
  return {.on_quarantine =
              [this](const runtime::Unreadable& object) {
                context_.on_trouble("Pod " + object.ns + "/" + object.name +
                                    " can't be read and is left alone: " + object.reason);
              },
          .on_trouble =
              [this](const std::string& what, Duration wait) {
                context_.on_trouble("Pods can't be watched: " + what + "; again in " + std::to_string(wait.count()) +
                                    " ms");
              }};
}

void Node::open_runner() {
  runner_->open({.on_listed = [this](const RunnerListing& listing) { listed_containers(listing); },
                 .on_started =
                     [this](const ContainerStarted& notice) {
                       if (PodWorker* worker = worker_of(notice.id)) worker->started(notice);
                     },
                 .on_ended =
                     [this](const ContainerEnded& notice) {
                       if (PodWorker* worker = worker_of(notice.id)) return worker->ended(notice);
                       runner_->forget(notice.id);
                     },
                 .on_trouble = context_.on_trouble});
}

PodWorker* Node::worker_of(const std::string& container_id) {
  const auto entry = entries_.find(pod_uid_of(container_id));
  return entry == entries_.end() ? nullptr : entry->second.worker.get();
}

// --- what the API server tells ---

Node::Seen Node::peek(simdjson::ondemand::object& object) {
  Seen seen;
  each_field(object, [&](auto key, simdjson::ondemand::value v) {
    if (key == "metadata") {
      each_field(v.get_object(), [&](auto field, simdjson::ondemand::value content) {
        if (field == "name")
          seen.meta.name = text_of(content);
        else if (field == "namespace")
          seen.meta.ns = text_of(content);
        else if (field == "uid")
          seen.meta.uid = text_of(content);
        else if (field == "resourceVersion")
          seen.meta.resource_version = text_of(content);
        else if (field == "deletionTimestamp")
          seen.meta.deleting = !content.is_null();
        else if (field == "deletionGracePeriodSeconds" && !content.is_null())
          seen.grace = content.get_int64();
      });
    } else if (key == "status" && !v.is_null()) {
      each_field(v.get_object(), [&](auto field, simdjson::ondemand::value content) {
        if (field == "phase") seen.phase = text_of(content);
      });
    }
  });
  object.reset();
  return seen;
}

Result<api::ObjectMeta, runtime::DecodeError> Node::pod_seen(simdjson::ondemand::object& object, bool bound) {
  const Seen seen = peek(object);
  if (const auto entry = entries_.find(seen.meta.uid); bound && entry != entries_.end()) {
    known_pod(entry->second, seen);
  } else if (seen.terminal()) {
    finished_.erase(seen.meta.uid);
    if (bound && seen.meta.deleting) delete_finished(seen.meta);
  } else if (!finished_.contains(seen.meta.uid)) {
    const std::string_view raw = object.raw_json();
    auto pod = read_pod_spec(Json::parse(raw, nullptr, false));
    if (!pod) return Err(runtime::DecodeError{pod.error()});
    bound ? new_pod(std::move(*pod), seen) : unbound_pod(std::move(*pod));
  }
  return seen.meta;
}

void Node::new_pod(PodSpec pod, const Seen& seen) {
  const std::string uid = pod.meta.uid;
  const api::ObjectMeta meta = pod.meta;
  if (pod.meta.deleting) pod.grace_seconds = seen.grace;
  Entry& entry = entries_[uid];
  entry.worker = std::make_unique<PodWorker>(
      context_, stats_, std::move(pod),
      PodWorkerHooks{
          .on_ended = [this, uid] { ended(uid); },
          .on_done = [this, uid] { done(uid); },
          .on_container_ended = [this, meta](const std::string& name) { logs_.ended(files_.log(meta, name)); }});
  if (seen.meta.deleting) entry.grace = seen.grace;
  if (ready_) enqueue(entry);
}

// The grace of a deletion may become shorter, and that is all that changes of a Pod that is held.
void Node::known_pod(Entry& entry, const Seen& seen) {
  if (!seen.meta.deleting || (entry.grace && *entry.grace <= seen.grace)) return;
  entry.grace = seen.grace;
  if (ready_) entry.worker->stop(StopReason::Deleted, seen.grace);
}

void Node::bound_gone(const api::ObjectMeta& meta, const std::vector<std::string>& containers) {
  finished_.erase(meta.uid);
  unschedulable_.erase(meta.uid);
  const auto entry = entries_.find(meta.uid);
  if (entry == entries_.end()) return files_.remove_all(meta, containers);
  entry->second.gone = true;
  entry->second.worker->gone();
}

void Node::listed_bound(std::unordered_set<std::string> uids) {
  std::vector<api::ObjectMeta> gone;
  for (const auto& [uid, entry] : entries_) {
    if (!uids.contains(uid)) gone.push_back(entry.worker->pod().meta);
  }
  for (const api::ObjectMeta& meta : gone) bound_gone(meta, {});
  std::erase_if(finished_, [&](const std::string& uid) { return !uids.contains(uid); });
  if (ready_) return;
  first_listed_ = std::move(uids);
  pods_listed_ = true;
  begin_if_ready();
}

// --- coming up ---

void Node::listed_containers(const RunnerListing& listing) {
  context_.limits_cpu = listing.limits_cpu;
  if (!ready_) {
    first_listing_ = listing;
    return begin_if_ready();
  }
  const auto known = sort_out(listing);
  std::vector<PodWorker*> workers;
  for (const auto& [uid, entry] : entries_) workers.push_back(entry.worker.get());
  for (PodWorker* worker : workers) {
    const auto found = known.find(worker->pod().meta.uid);
    worker->relisted(found == known.end() ? KnownContainers{} : found->second, listing.fresh);
  }
  kill_strays(listing);
}

std::unordered_map<std::string, KnownContainers> Node::sort_out(const RunnerListing& listing) {
  std::unordered_map<std::string, KnownContainers> out;
  for (const ContainerStarted& notice : listing.running) out[pod_uid_of(notice.id)].running[notice.id] = notice;
  for (const ContainerEnded& notice : listing.ended) out[pod_uid_of(notice.id)].ended[notice.id] = notice;
  return out;
}

void Node::begin_if_ready() {
  if (ready_ || !pods_listed_ || !first_listing_) return;
  ready_ = true;
  const auto known = sort_out(*first_listing_);
  std::vector<Entry*> entries;
  for (auto& [uid, entry] : entries_) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) {
    const api::ObjectMeta& x = a->worker->pod().meta;
    const api::ObjectMeta& y = b->worker->pod().meta;
    return std::tie(x.creation_ms, x.ns, x.name) < std::tie(y.creation_ms, y.ns, y.name);
  });
  for (Entry* entry : entries) take_up(*entry, known);
  kill_strays(*first_listing_);
  // Some may have come since that list.
  for (const auto& [uid, entry] : entries_) first_listed_.insert(uid);
  files_.remove_all_but(first_listed_);
  first_listing_.reset();
  first_listed_.clear();
  if (hooks_.on_ready) hooks_.on_ready();
}

// One that was here before, or a new one.
void Node::take_up(Entry& entry, const std::unordered_map<std::string, KnownContainers>& known) {
  PodWorker& worker = *entry.worker;
  const PodSpec& pod = worker.pod();
  const auto found = known.find(pod.meta.uid);
  // A new agent knows of nothing that an old one began; the Pod's folder tells that it was begun.
  const bool begun = pod.phase == "Running" || (first_listing_->fresh && files_.begun(pod.meta, container_names(pod)));
  if (found == known.end() && !begun) return enqueue(entry);
  entry.has_room = true;
  room_.take(room_needed(pod));
  found == known.end() ? worker.lose() : worker.resume(found->second);
}

// Containers of Pods that are gone, or whose end is stored.
void Node::kill_strays(const RunnerListing& listing) {
  for (const ContainerStarted& notice : listing.running) {
    if (worker_of(notice.id) == nullptr) runner_->signal(notice.id, SIGKILL);
  }
  for (const ContainerEnded& notice : listing.ended) {
    if (worker_of(notice.id) == nullptr) runner_->forget(notice.id);
  }
}

// --- room ---

void Node::enqueue(Entry& entry) {
  const PodSpec& pod = entry.worker->pod();
  if (entry.grace) return entry.worker->stop(StopReason::Deleted, *entry.grace);
  if (shutting_down_) return;
  if (const std::string why = why_unschedulable(pod, room_.capacity()); !why.empty()) {
    return say_unschedulable(pod, why);
  }
  queue_.push_back(pod.meta.uid);
  admit();
}

// In turn: a large Pod is not overtaken by small ones for ever.
void Node::admit() {
  while (!queue_.empty() && !shutting_down_) {
    const auto entry = entries_.find(queue_.front());
    const bool waits = entry != entries_.end() && !entry->second.worker->begun();
    if (waits && !room_.fits(room_needed(entry->second.worker->pod()))) return;
    queue_.pop_front();
    if (!waits) continue;
    entry->second.has_room = true;
    room_.take(room_needed(entry->second.worker->pod()));
    entry->second.worker->begin();
  }
}

void Node::ended(const std::string& uid) {
  const auto entry = entries_.find(uid);
  if (entry == entries_.end() || !std::exchange(entry->second.has_room, false)) return;
  room_.give_back(room_needed(entry->second.worker->pod()));
  admit();
}

void Node::done(const std::string& uid) {
  context_.loop.post([this, uid, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    const auto entry = entries_.find(uid);
    if (entry == entries_.end()) return;
    if (entry->second.gone) {
      const PodSpec& pod = entry->second.worker->pod();
      files_.remove_all(pod.meta, container_names(pod));
      entries_.erase(entry);
    } else {
      entries_.erase(entry);
      // Events from before its end may still be on their way.
      finished_.insert(uid);
    }
    end_shut_down();
  });
}

void Node::shut_down(std::int64_t grace_seconds, std::function<void()> on_done) {
  shutting_down_ = true;
  on_shut_down_ = std::move(on_done);
  std::vector<PodWorker*> workers;
  for (const auto& [uid, entry] : entries_) {
    if (entry.worker->begun()) workers.push_back(entry.worker.get());
  }
  for (PodWorker* worker : workers) worker->stop(StopReason::Shutdown, grace_seconds);
  context_.loop.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) end_shut_down();
  });
}

void Node::end_shut_down() {
  if (!on_shut_down_) return;
  const bool busy =
      std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) { return entry.second.worker->begun(); });
  if (busy) return;
  runner_->stop_all(0, std::exchange(on_shut_down_, {}));
}

// --- the scheduler's part ---

void Node::unbound_pod(PodSpec pod) {
  const bool ours = pod.scheduler.empty() || pod.scheduler == "default-scheduler";
  if (!ours || pod.gated || pod.meta.deleting || unbound_.contains(pod.meta.uid)) return;
  if (const std::string why = why_unschedulable(pod, room_.capacity()); !why.empty()) {
    return say_unschedulable(pod, why);
  }
  const std::string uid = pod.meta.uid;
  unbound_.emplace(uid, pod.meta);
  bind(uid);
}

void Node::bind(const std::string& uid) {
  const auto pod = unbound_.find(uid);
  if (pod == unbound_.end()) return;
  const api::ObjectMeta& meta = pod->second;
  const Json body = {{"apiVersion", "v1"},
                     {"kind", "Binding"},
                     {"metadata", {{"name", meta.name}, {"namespace", meta.ns}, {"uid", meta.uid}}},
                     {"target", {{"apiVersion", "v1"}, {"kind", "Node"}, {"name", options_.name}}}};
  kube::Request request = kube::create_request(pod_resource(), meta.ns, body.dump());
  request.path = kube::resource_path(pod_resource(), meta.ns, meta.name, "binding");
  call(std::move(request), [this, uid](const Result<kube::Response, kube::Error>& answer) {
    if (answer || answer.error().code == kube::Errc::NotFound || answer.error().code == kube::Errc::Conflict) return;
    context_.on_trouble("binding a Pod: " + answer.error().message);
    bind_timers_[uid] = context_.loop.after(bind_again, [this, uid] { bind(uid); });
  });
}

void Node::unbound_gone(const std::string& uid) {
  unbound_.erase(uid);
  bind_timers_.erase(uid);
}

void Node::listed_unbound(const std::unordered_set<std::string>& uids) {
  std::vector<std::string> gone;
  for (const auto& [uid, meta] : unbound_) {
    if (!uids.contains(uid)) gone.push_back(uid);
  }
  for (const std::string& uid : gone) unbound_gone(uid);
}

void Node::say_unschedulable(const PodSpec& pod, const std::string& why) {
  if (!unschedulable_.insert(pod.meta.uid).second) return;
  const Json body = {{"metadata", {{"uid", pod.meta.uid}}},
                     {"status", unschedulable_status(why, context_.loop.wall_ms())}};
  ++stats_.status_writes;
  call(kube::patch_request(pod_resource(), pod.meta.ns, pod.meta.name, "status", kube::PatchType::Merge, body.dump()),
       [this, uid = pod.meta.uid](const Result<kube::Response, kube::Error>& answer) {
         if (!answer) unschedulable_.erase(uid);
       });
  events_.record(pod_resource(), pod.meta, {.warning = true, .reason = "FailedScheduling", .note = why});
}

// Its end is stored, and it was not deleted before this process came.
void Node::delete_finished(const api::ObjectMeta& meta) {
  kube::Request request = kube::delete_request(pod_resource(), meta.ns, meta.name, meta.uid);
  request.body = forced_deletion(meta.uid);
  call(std::move(request), [](const auto&) {});
}

// --- logs ---

Result<std::unique_ptr<kube::Stream>, std::string> Node::open(const LogRequest& request,
                                                              kube::StreamHandlers handlers) {
  const api::ObjectMeta meta{.ns = request.ns, .name = request.pod, .uid = request.uid};
  const auto entry = entries_.find(request.uid);
  const PodWorker* worker = entry == entries_.end() ? nullptr : entry->second.worker.get();
  if (worker != nullptr && !worker->container_begun(request.container)) {
    return Err("container \"" + request.container + "\" in pod \"" + request.pod +
               "\" is waiting to start: ContainerCreating");
  }
  const bool live = worker != nullptr && worker->container_live(request.container);
  auto stream = logs_.open({.path = files_.log(meta, request.container),
                            .tail_lines = request.tail_lines,
                            .limit_bytes = request.limit_bytes,
                            .follow = request.follow && live},
                           std::move(handlers));
  if (stream) return stream;
  return Err("the log of container \"" + request.container + "\" in pod \"" + request.pod +
             "\" can't be read: " + stream.error());
}

void Node::call(kube::Request request, kube::ResponseHandler handler) {
  context_.transport.call(std::move(request),
                          [alive = std::weak_ptr(alive_), handler = std::move(handler)](auto answer) {
                            if (!alive.expired()) handler(std::move(answer));
                          });
}

}  // namespace ork::embedded
