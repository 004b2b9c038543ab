#include "operator/reconcile/object_watches.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "controllers/jobs/failure.hpp"
#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/limits.hpp"
#include "operator/runtime/watcher.hpp"

namespace ork::reconcile {
namespace {

using Json = nlohmann::json;
using run::ObjectReference;

// Long enough for the server's words, which tell who may not do what.
constexpr std::size_t max_problem = 400;

kube::Request discovery_request(const std::string& api_version) {
  kube::Request request;
  request.path = (api_version.find('/') == std::string::npos ? "/api/" : "/apis/") + api_version;
  return request;
}

// How the API server routes that kind, by its list of an API version; or what is wrong with it.
Result<kube::Resource, std::string> route_of(const std::string& body, const ObjectReference& object) {
  const std::size_t slash = object.api_version.find('/');
  const bool is_core = slash == std::string::npos;
  const Json list = Json::parse(body, nullptr, false);
  const auto resources = list.is_object() ? list.find("resources") : list.end();
  if (resources != list.end() && resources->is_array()) {
    for (const Json& resource : *resources) {
      const std::string name = text_of(resource, "name");
      // "deployments/scale" is a part of one.
      if (text_of(resource, "kind") != object.kind || name.empty() || name.find('/') != std::string::npos) continue;
      const auto namespaced = resource.find("namespaced");
      if (namespaced == resource.end() || *namespaced != true)
        return Err(object.kind + " stands in no namespace, and only what is in the run's own is waited for");
      return kube::Resource{is_core ? "" : object.api_version.substr(0, slash),
                            is_core ? object.api_version : object.api_version.substr(slash + 1), name, object.kind};
    }
  }
  return Err("the API server has no kind " + object.kind + " in " + object.api_version);
}

}  // namespace

// One object. Of the namespace it lists what is called so: that is it, or nothing.
class ObjectWatches::Watched final : public runtime::Sink {
 public:
  Watched(ObjectWatches& owner, const Place& place) : owner_(owner), place_(place) {}

  void start() {
    if (is_started_) return;
    is_started_ = true;
    awaited_.problem.clear();
    discover();
  }
  bool is_started() const { return is_started_; }
  void hold_back(const std::string& why) { awaited_.problem = why; }

  const run::AwaitedObject& awaited() const { return awaited_; }
  std::set<std::string> runs;  // that wait for it

 private:
  void list_started() override {
    is_listing_ = true;
    listed_.reset();
  }

  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override {
    std::string_view raw;
    if (object.raw_json().get(raw) != simdjson::SUCCESS) return Err(runtime::DecodeError{"is no JSON object"});
    Json read = Json::parse(raw, nullptr, false);
    const Json meta = read.is_object() ? read.value("metadata", Json::object()) : Json::object();
    runtime::ObjectRef ref{text_of(meta, "namespace"), text_of(meta, "name"), text_of(meta, "resourceVersion")};
    if (ref.name != place_.second.name) return ref;
    auto held = change == runtime::ChangeType::Applied ? std::make_shared<const Json>(std::move(read)) : nullptr;
    if (is_listing_) {
      listed_ = std::move(held);
    } else {
      show(std::move(held));
    }
    return ref;
  }

  // What was seen of it before stands.
  void object_unreadable(runtime::ChangeType, const runtime::Unreadable&) override { listed_ = awaited_.object; }

  void list_finished(std::string_view) override {
    is_listing_ = false;
    show(std::move(listed_));
  }

  void show(std::shared_ptr<const Json> object) {
    awaited_ = {.is_seen = true, .object = std::move(object), .problem = {}};
    tell();
  }

  // What has been seen stands, though a stream be broken for a while.
  void complain(const std::string& problem) {
    const std::string told = jobs::printable_head(problem, max_problem);
    if (awaited_.is_seen || awaited_.problem == told) return;
    awaited_.problem = told;
    tell();
  }

  void tell() {
    for (const std::string& run : runs) owner_.changed_(run);
  }

  void discover() {
    owner_.transport_.call(
        discovery_request(place_.second.api_version),
        [this, alive = std::weak_ptr<int>(alive_)](const Result<kube::Response, kube::Error>& answer) {
          if (alive.expired()) return;
          if (!answer && answer.error().code == kube::Errc::NotFound)
            return again("the API server does not know " + place_.second.api_version);
          if (!answer) return again(answer.error().message);
          auto route = route_of(answer->body, place_.second);
          if (!route) return again(route.error());
          watch(*std::move(route));
        });
  }

  // A kind that is not known may be before long, as with its CRD.
  void again(const std::string& problem) {
    complain(problem);
    timer_ = owner_.loop_.after(backoff_.next(owner_.loop_.now(), owner_.loop_.random()), [this] { discover(); });
  }

  void watch(kube::Resource resource) {
    runtime::WatchTarget target{std::move(resource), place_.first, ""};
    target.page_size = 1;
    target.field_selector = "metadata.name=" + place_.second.name;
    watcher_ = std::make_unique<runtime::Watcher>(
        owner_.transport_, owner_.loop_, *this, std::move(target),
        runtime::WatchHooks{.on_synced = {},
                            .on_quarantine = [this](const runtime::Unreadable& object) { complain(object.reason); },
                            .on_trouble = [this](const std::string& what, runtime::Duration) { complain(what); }});
    watcher_->start();
  }

  ObjectWatches& owner_;
  Place place_;
  run::AwaitedObject awaited_;
  bool is_listing_ = false;
  std::shared_ptr<const Json> listed_;
  bool is_started_ = false;
  runtime::Backoff backoff_{runtime::watch_backoff, runtime::limits::healthy_after};
  std::unique_ptr<runtime::Timer> timer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::unique_ptr<runtime::Watcher> watcher_;  // last: it goes first
};

ObjectWatches::ObjectWatches(kube::Transport& transport, runtime::Loop& loop,
                             std::function<void(const std::string&)> changed)
    : transport_(transport), loop_(loop), changed_(std::move(changed)) {}

ObjectWatches::~ObjectWatches() = default;

void ObjectWatches::want(const std::string& run, const std::string& ns, const std::set<ObjectReference>& objects) {
  const auto before = wanted_by_.find(run);
  if (objects.empty() && before == wanted_by_.end()) return;
  std::set<Place> places;
  for (const ObjectReference& object : objects) places.emplace(ns, object);
  if (before != wanted_by_.end() && before->second == places) return;
  if (before != wanted_by_.end()) {
    for (const Place& place : before->second) {
      if (!places.contains(place)) let_go(run, place);
    }
  }
  for (const Place& place : places) {
    auto& watched = watched_[place];
    if (watched == nullptr) watched = std::make_unique<Watched>(*this, place);
    watched->runs.insert(run);
  }
  if (places.empty()) {
    wanted_by_.erase(before);
  } else {
    wanted_by_[run] = std::move(places);
  }
  start_as_many_as_may_be();
}

void ObjectWatches::let_go(const std::string& run, const Place& place) {
  const auto it = watched_.find(place);
  it->second->runs.erase(run);
  if (it->second->runs.empty()) watched_.erase(it);
}

void ObjectWatches::start_as_many_as_may_be() {
  std::size_t started = 0;
  for (const auto& [place, watched] : watched_) started += watched->is_started() ? 1 : 0;
  for (const auto& [place, watched] : watched_) {
    if (watched->is_started()) continue;
    if (started < limits::objects_watched) {
      watched->start();
      ++started;
    } else {
      watched->hold_back("ork watches " + std::to_string(started) + " other objects, and no more at a time");
    }
  }
}

std::map<ObjectReference, run::AwaitedObject> ObjectWatches::seen_by(const std::string& run) const {
  std::map<ObjectReference, run::AwaitedObject> out;
  const auto wanted = wanted_by_.find(run);
  if (wanted == wanted_by_.end()) return out;
  for (const Place& place : wanted->second) out.emplace(place.second, watched_.at(place)->awaited());
  return out;
}

}  // namespace ork::reconcile
