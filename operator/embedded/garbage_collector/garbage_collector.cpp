#include "operator/embedded/garbage_collector/garbage_collector.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/client/resources.hpp"
#include "operator/embedded/garbage_collector/limits.hpp"

namespace ork::embedded {

using runtime::Duration;
using Json = nlohmann::json;
namespace od = simdjson::ondemand;

namespace {

constexpr const char* foreground_finalizer = "foregroundDeletion";
constexpr const char* orphan_finalizer = "orphan";

std::string kind_name(const kube::Resource& resource) {
  return (resource.group.empty() ? "" : resource.group + "/") + resource.version + "/" + resource.kind;
}

std::unordered_set<std::string> kind_names(const GarbageCollectorOptions& options) {
  std::unordered_set<std::string> out;
  for (const CollectedKind& kind : options.kinds) {
    if (kind.has_owners) out.insert(kind_name(kind.resource));
  }
  return out;
}

OwnerRef read_owner(od::object fields) {
  OwnerRef owner;
  each_field(fields, [&](auto key, od::value v) {
    if (key == "uid")
      owner.uid = text_of(v);
    else if (key == "apiVersion")
      owner.api_version = text_of(v);
    else if (key == "kind")
      owner.kind = text_of(v);
    else if (key == "name")
      owner.name = text_of(v);
    else if (key == "blockOwnerDeletion")
      owner.blocks = !v.is_null() && bool(v.get_bool());
  });
  return owner;
}

struct SeenObject {
  OwnedObject object;
  std::string resource_version;
};

SeenObject read_object(od::object& json, std::size_t kind) {
  SeenObject seen;
  OwnedObject& out = seen.object;
  out.kind = kind;
  od::object metadata = json.find_field_unordered("metadata").get_object();
  each_field(metadata, [&](auto key, od::value v) {
    if (key == "name")
      out.name = text_of(v);
    else if (key == "namespace")
      out.ns = text_of(v);
    else if (key == "uid")
      out.uid = text_of(v);
    else if (key == "resourceVersion")
      seen.resource_version = text_of(v);
    else if (key == "deletionTimestamp")
      out.deleting = !v.is_null();
    else if (key == "ownerReferences") {
      for (od::object owner : v.get_array()) out.owners.push_back(read_owner(owner));
    } else if (key == "finalizers") {
      for (std::string_view finalizer : v.get_array()) {
        out.foreground = out.foreground || finalizer == foreground_finalizer;
        out.orphan = out.orphan || finalizer == orphan_finalizer;
      }
    }
  });
  return seen;
}

// metadata in `body`, or null.
Json metadata_in(const std::string& body) {
  const Json object = Json::parse(body, nullptr, false);
  if (!object.is_object() || !object.contains("metadata") || !object["metadata"].is_object()) return {};
  return object["metadata"];
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// A merge patch that sets one list of metadata to what `keep` leaves of it, and nothing else.
template <typename Keep>
std::string filtered(const std::string& body, const char* list, Keep keep) {
  const Json meta = metadata_in(body);
  const auto held = meta.find(list);
  if (!meta.is_object() || held == meta.end() || !held->is_array()) return {};
  Json left = Json::array();
  for (const Json& entry : *held) {
    if (keep(entry)) left.push_back(entry);
  }
  if (left.size() == held->size()) return {};
  return dumped(
      {{"metadata",
        {{"uid", meta.value("uid", "")}, {"resourceVersion", meta.value("resourceVersion", "")}, {list, left}}}});
}

std::string without_finalizer(const std::string& body, const char* finalizer) {
  return filtered(body, "finalizers", [finalizer](const Json& entry) { return entry != finalizer; });
}

std::string without_owners(const std::string& body, const std::vector<OwnerRef>& owners) {
  return filtered(body, "ownerReferences", [&](const Json& entry) {
    const std::string uid = entry.is_object() && entry.contains("uid") && entry["uid"].is_string() ? entry["uid"] : "";
    return std::none_of(owners.begin(), owners.end(), [&](const OwnerRef& owner) { return owner.uid == uid; });
  });
}

}  // namespace

// What a list does not name is gone.
class GarbageCollector::KindSink final : public runtime::Sink {
 public:
  KindSink(GarbageCollector& collector, std::size_t kind) : collector_(collector), kind_(kind) {}

  void list_started() override {
    listing_ = true;
    named_.clear();
  }
  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change, od::object& json) override {
    SeenObject seen = read_object(json, kind_);
    runtime::ObjectRef ref{seen.object.ns, seen.object.name, std::move(seen.resource_version)};
    if (change == runtime::ChangeType::Deleted) {
      collector_.gone(seen.object.uid);
    } else {
      if (listing_) named_.insert(seen.object.uid);
      collector_.seen(std::move(seen.object));
    }
    return ref;
  }
  void object_unreadable(runtime::ChangeType change, const runtime::Unreadable& object) override {
    if (change == runtime::ChangeType::Deleted) return collector_.gone(object.uid);
    if (listing_) named_.insert(object.uid);
  }
  void list_finished(std::string_view) override {
    listing_ = false;
    for (const std::string& uid : collector_.graph_.uids_of_kind(kind_)) {
      if (!named_.contains(uid)) collector_.gone(uid);
    }
    named_.clear();
  }

 private:
  GarbageCollector& collector_;
  std::size_t kind_;
  bool listing_ = false;
  std::unordered_set<std::string> named_;
};

class GarbageCollector::NamespaceSink final : public runtime::Sink {
 public:
  explicit NamespaceSink(GarbageCollector& collector) : collector_(collector) {}
  void list_started() override {}
  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change, od::object& json) override {
    SeenObject seen = read_object(json, 0);
    const std::string& name = seen.object.name;
    if (change == runtime::ChangeType::Deleted) {
      collector_.leaving_.erase(name);
    } else if (seen.object.deleting && !collector_.leaving_.contains(name)) {
      collector_.leaving_[name];
      if (collector_.synced_) collector_.clean_namespace(name);
    }
    return runtime::ObjectRef{"", name, std::move(seen.resource_version)};
  }
  void object_unreadable(runtime::ChangeType, const runtime::Unreadable&) override {}
  void list_finished(std::string_view) override {}

 private:
  GarbageCollector& collector_;
};

GarbageCollector::GarbageCollector(kube::Transport& transport, runtime::Loop& loop, GarbageCollectorOptions options,
                                   GarbageCollectorHooks hooks)
    : transport_(transport),
      loop_(loop),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      metadata_(transport, {.fields = {}, .metadata_only = true}),
      graph_(kind_names(options_)),
      queue_(loop, [this](const std::string& uid) { process(uid); },
             {.max_in_flight = limits::garbage_requests_in_flight, .backoff = limits::garbage_backoff}) {}

GarbageCollector::~GarbageCollector() = default;

void GarbageCollector::start() {
  const auto watch = [this](std::unique_ptr<runtime::Sink> sink, const kube::Resource& resource) {
    const std::string kind = resource.kind;
    watchers_.push_back(std::make_unique<runtime::Watcher>(
        metadata_, loop_, *sink, runtime::WatchTarget{.resource = resource},
        runtime::WatchHooks{.on_synced = [this] { one_synced(); },
                            .on_quarantine = {},
                            .on_trouble =
                                [this, kind](const std::string& what, Duration) {
                                  if (hooks_.on_trouble) hooks_.on_trouble(kind + "s can't be watched: " + what);
                                }}));
    sinks_.push_back(std::move(sink));
  };
  for (std::size_t i = 0; i < options_.kinds.size(); ++i) {
    if (options_.kinds[i].has_owners) watch(std::make_unique<KindSink>(*this, i), options_.kinds[i].resource);
  }
  if (options_.namespaces) watch(std::make_unique<NamespaceSink>(*this), namespace_resource());
  to_sync_ = watchers_.size();
  for (const auto& watcher : watchers_) watcher->start();
}

void GarbageCollector::stop() {
  alive_.reset();
  synced_ = false;
  watchers_.clear();
  leaving_.clear();
}

// Nothing is judged before all kinds are known: what has not been listed yet would look gone.
void GarbageCollector::one_synced() {
  if (--to_sync_ > 0) return;
  synced_ = true;
  for (std::size_t kind = 0; kind < options_.kinds.size(); ++kind) {
    for (const std::string& uid : graph_.uids_of_kind(kind)) {
      if (!is_settled(*graph_.find(uid))) queue_.add(uid);
    }
  }
  std::vector<std::string> leaving;
  for (const auto& [name, state] : leaving_) leaving.push_back(name);
  for (const std::string& name : leaving) clean_namespace(name);
  if (hooks_.on_synced) hooks_.on_synced();
}

// Most objects most of the time: the owners are there and stay.
bool GarbageCollector::is_settled(const OwnedObject& object) const {
  if (object.deleting) return !object.foreground && !object.orphan;
  return std::all_of(object.owners.begin(), object.owners.end(), [this](const OwnerRef& owner) {
    return graph_.state_of(owner) == ObjectGraph::OwnerState::Solid;
  });
}

void GarbageCollector::seen(OwnedObject object) {
  const std::string uid = object.uid;
  const OwnedObject* held = graph_.find(uid);
  if (held != nullptr && *held == object) return;
  const bool waits_now = object.waits_for_dependents() && (held == nullptr || !held->waits_for_dependents());
  graph_.put(std::move(object));
  if (!synced_) return;
  if (!is_settled(*graph_.find(uid))) queue_.add(uid);
  if (!waits_now) return;
  for (const OwnedObject* dependent : graph_.dependents(uid)) queue_.add(dependent->uid);
}

void GarbageCollector::gone(const std::string& uid) {
  std::vector<std::string> owners;
  if (const OwnedObject* held = graph_.find(uid)) {
    for (const OwnerRef& owner : held->owners) owners.push_back(owner.uid);
  }
  graph_.remove(uid);
  const auto dependents = graph_.dependents(uid);
  if (!dependents.empty()) graph_.note_absent(uid);
  if (!synced_) return;
  for (const OwnedObject* dependent : dependents) queue_.add(dependent->uid);
  for (const std::string& owner : owners) {
    const OwnedObject* held = graph_.find(owner);
    if (held != nullptr && held->waits_for_dependents()) queue_.add(owner);
  }
}

void GarbageCollector::process(const std::string& uid) {
  const OwnedObject* object = synced_ ? graph_.find(uid) : nullptr;
  if (object == nullptr) return queue_.done(uid);
  GarbageVerdict verdict = judge(graph_, *object);
  if (verdict.action == GarbageAction::Nothing) {
    queue_.forget(uid);
    return queue_.done(uid);
  }
  carry_out(*object, std::move(verdict));
}

void GarbageCollector::carry_out(const OwnedObject& object, GarbageVerdict verdict) {
  const std::string uid = object.uid;
  const auto done = [this, uid](bool good) {
    good ? queue_.forget(uid) : queue_.retry(uid);
    queue_.done(uid);
  };
  switch (verdict.action) {
    case GarbageAction::Nothing: return done(true);
    case GarbageAction::LookUp: return look_up(uid, object, verdict.owners.front());
    case GarbageAction::DeleteBackground: return delete_object(object, "Background");
    case GarbageAction::DeleteForeground: return delete_object(object, "Foreground");
    case GarbageAction::DropOwners:
      return edit(
          object, [owners = verdict.owners](const std::string& body) { return without_owners(body, owners); }, done);
    case GarbageAction::OrphanDependents: return orphan_dependents(object);
    case GarbageAction::ReleaseForeground:
      return edit(object, [](const std::string& body) { return without_finalizer(body, foreground_finalizer); }, done);
  }
}

void GarbageCollector::look_up(const std::string& uid, const OwnedObject& object, const OwnerRef& owner) {
  const auto kind = std::find_if(options_.kinds.begin(), options_.kinds.end(), [&](const CollectedKind& k) {
    return kind_name(k.resource) == owner.api_version + "/" + owner.kind;
  });
  if (kind == options_.kinds.end()) return queue_.done(uid);
  kube::Request request = kube::get_request(kind->resource, kind->namespaced ? object.ns : "", owner.name);
  request.accept = kube::accept_metadata_only;
  call(std::move(request), [this, uid, owner](const Result<kube::Response, kube::Error>& answer) {
    if (!answer && answer.error().code != kube::Errc::NotFound) return finished(uid, answer);
    const auto meta = answer ? meta_in_answer(answer->body) : std::nullopt;
    const bool there = meta && meta->uid == owner.uid;
    // There, but not yet heard of: its watch will tell, and until then nothing is garbage.
    if (there) {
      queue_.retry(uid);
    } else {
      graph_.note_absent(owner.uid);
      queue_.add(uid);
    }
    queue_.done(uid);
  });
}

void GarbageCollector::delete_object(const OwnedObject& object, const char* policy) {
  kube::Request request =
      kube::delete_request(options_.kinds[object.kind].resource, object.ns, object.name, object.uid);
  request.body = dumped({{"kind", "DeleteOptions"},
                         {"apiVersion", "v1"},
                         {"propagationPolicy", policy},
                         {"preconditions", {{"uid", object.uid}}}});
  ++deletions_;
  call(std::move(request), [this, uid = object.uid](const auto& answer) { finished(uid, answer); });
}

// One dependent after the other, then the finalizer: each answer puts the owner back into the queue.
// One dependent after the other, then the finalizer: each answer puts the owner back into the queue.
void GarbageCollector::orphan_dependents(const OwnedObject& object) {
  const std::string uid = object.uid;
  const auto dependents = graph_.dependents(uid);
  if (dependents.empty()) {
    return edit(
        object, [](const std::string& body) { return without_finalizer(body, orphan_finalizer); },
        [this, uid](bool good) {
          good ? queue_.forget(uid) : queue_.retry(uid);
          queue_.done(uid);
        });
  }
  edit(
      *dependents.front(), [uid](const std::string& body) { return without_owners(body, {{.uid = uid}}); },
      [this, uid, dependent = dependents.front()->uid](bool good) {
        good ? orphaned(uid, dependent) : queue_.retry(uid);
        queue_.done(uid);
      });
}

// As the watch will say in a moment.
void GarbageCollector::orphaned(const std::string& owner_uid, const std::string& uid) {
  if (const OwnedObject* held = graph_.find(uid)) {
    OwnedObject without = *held;
    std::erase_if(without.owners, [&](const OwnerRef& owner) { return owner.uid == owner_uid; });
    graph_.put(std::move(without));
  }
  queue_.add(owner_uid);
}

void GarbageCollector::edit(const OwnedObject& object, std::function<std::string(const std::string&)> change,
                            std::function<void(bool good)> then) {
  kube::Request request = kube::get_request(options_.kinds[object.kind].resource, object.ns, object.name);
  request.accept = kube::accept_metadata_only;
  call(std::move(request), [this, object, change = std::move(change),
                            then = std::move(then)](const Result<kube::Response, kube::Error>& answer) {
    if (!answer) return then(edited(answer.error()));
    const auto meta = meta_in_answer(answer->body);
    const std::string body = meta && meta->uid == object.uid ? change(answer->body) : "";
    if (body.empty()) return then(true);
    call(kube::patch_request(options_.kinds[object.kind].resource, object.ns, object.name, "", kube::PatchType::Merge,
                             body),
         [this, then](const Result<kube::Response, kube::Error>& patched) {
           then(patched.ok() || edited(patched.error()));
         });
  });
}

// Where the object is gone there is nothing left to edit.
bool GarbageCollector::edited(const kube::Error& error) const {
  if (error.code == kube::Errc::NotFound) return true;
  if (error.code != kube::Errc::Conflict && hooks_.on_trouble) hooks_.on_trouble(error.message);
  return false;
}

void GarbageCollector::finished(const std::string& uid, const Result<kube::Response, kube::Error>& answer) {
  const bool good =
      answer || answer.error().code == kube::Errc::NotFound || answer.error().code == kube::Errc::Conflict;
  if (good) {
    queue_.forget(uid);
  } else {
    if (hooks_.on_trouble) hooks_.on_trouble(answer.error().message);
    queue_.retry(uid, answer.error().retry_after);
  }
  queue_.done(uid);
}

void GarbageCollector::call(kube::Request request, kube::ResponseHandler handler) {
  transport_.call(std::move(request), [alive = std::weak_ptr(alive_), handler = std::move(handler)](auto answer) {
    if (!alive.expired()) handler(std::move(answer));
  });
}

}  // namespace ork::embedded
