#include "operator/reconcile/test_cluster.hpp"

#include "controllers/api/index_set.hpp"
#include "controllers/api/time.hpp"

namespace ork::reconcile::testing {
namespace {

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string key_of(const Json& object) {
  const Json& meta = object.at("metadata");
  return meta.value("namespace", "") + "/" + meta.value("name", "");
}

kube::Error error(kube::Errc code, int status, std::string reason) {
  return {.code = code, .status = status, .reason = reason, .message = reason + " (test cluster)"};
}

kube::Response ok(const Json& object, int status = 200) { return {status, object.dump()}; }

}  // namespace

// A stream reads the history from where it stands, in turns of the loop.
class TestCluster::OpenStream final : public kube::Stream {
 public:
  OpenStream(TestCluster& cluster, Path path, kube::StreamHandlers handlers)
      : cluster_(cluster),
        path_(std::move(path)),
        handlers_(std::make_shared<kube::StreamHandlers>(std::move(handlers))) {
    const std::uint64_t from = std::stoull(path_.query.at("resourceVersion"));
    while (next_ < cluster_.history_.size() && cluster_.history_[next_].version <= from) ++next_;
  }

  std::weak_ptr<OpenStream*> self() const { return self_; }

  void wake() {
    cluster_.loop_.post([self = std::weak_ptr(self_)] {
      if (auto alive = self.lock()) (*alive)->read_on();
    });
  }

 private:
  void read_on() {
    const auto handlers = handlers_;
    const std::weak_ptr<OpenStream*> alive = self_;
    while (next_ < cluster_.history_.size()) {
      const Event& event = cluster_.history_[next_++];
      if (event.plural != path_.plural || !matches(event.object, path_)) continue;
      handlers->on_data(Json{{"type", event.type}, {"object", event.object}}.dump() + "\n");
      if (alive.expired()) return;
    }
  }

  TestCluster& cluster_;
  Path path_;
  std::shared_ptr<kube::StreamHandlers> handlers_;
  std::size_t next_ = 0;
  std::shared_ptr<OpenStream*> self_ = std::make_shared<OpenStream*>(this);
};

void TestCluster::call(kube::Request request, kube::ResponseHandler handler) {
  log_.emplace_back(request.method, request.path);
  const bool write = request.method != kube::Method::Get;
  if (write) ++writes_;
  const Fault what = write && fault ? fault(request, writes_) : Fault::None;
  if (what == Fault::DropRequest) return;
  auto refused = refuse ? refuse(request) : std::nullopt;
  auto answer = std::make_shared<std::optional<Answer>>();
  const auto post = [this, answer, handler = std::move(handler)] {
    loop_.post([answer, handler] { handler(std::move(**answer)); });
  };
  const bool heard = what != Fault::LoseAnswer;
  const bool first = answered_first && answered_first(request);
  if (heard && first) post();
  *answer = refused ? Answer(Err(*refused)) : serve(request);
  if (what == Fault::HalfAnswer && **answer) (**answer)->body.resize((**answer)->body.size() / 2);
  if (heard && !first) post();
}

std::unique_ptr<kube::Stream> TestCluster::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  auto stream = std::make_unique<OpenStream>(*this, parse(request.path), std::move(handlers));
  streams_.push_back(stream->self());
  stream->wake();
  return stream;
}

TestCluster::Path TestCluster::parse(const std::string& path) {
  Path out;
  const std::string before = path.substr(0, path.find('?'));
  std::vector<std::string> parts;
  for (std::size_t at = 1; at <= before.size();) {
    const std::size_t end = std::min(before.find('/', at), before.size());
    parts.push_back(decode(before.substr(at, end - at)));
    at = end + 1;
  }
  std::size_t i = parts.at(0) == "api" ? 2 : 3;  // api/v1 or apis/group/version
  if (parts.at(i) == "namespaces" && parts.size() > i + 2) {
    out.ns = parts[i + 1];
    i += 2;
  }
  out.plural = parts.at(i);
  if (parts.size() > i + 1) out.name = parts[i + 1];
  if (parts.size() > i + 2) out.subresource = parts[i + 2];
  if (path.find('?') == std::string::npos) return out;
  std::string query = path.substr(path.find('?') + 1) + "&";
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = query.find('&', at);
    const std::string pair = query.substr(at, end - at);
    out.query[pair.substr(0, pair.find('='))] = decode(pair.substr(pair.find('=') + 1));
    at = end + 1;
  }
  return out;
}

// The selectors that the operator uses: "key" and "key=value".
bool TestCluster::matches(const Json& object, const Path& path) {
  const Json& meta = object.at("metadata");
  if (!path.ns.empty() && meta.value("namespace", "") != path.ns) return false;
  const auto selector = path.query.find("labelSelector");
  if (selector == path.query.end()) return true;
  const std::string key = selector->second.substr(0, selector->second.find('='));
  const Json labels = meta.value("labels", Json::object());
  if (!labels.contains(key)) return false;
  return selector->second == key || labels.at(key) == selector->second.substr(key.size() + 1);
}

TestCluster::Answer TestCluster::serve(const kube::Request& request) {
  const Path path = parse(request.path);
  switch (request.method) {
    case kube::Method::Get: break;
    case kube::Method::Post: return created(path, request.body);
    case kube::Method::Patch: return patched(path, request);
    case kube::Method::Delete: return deleted(path, request.body);
    case kube::Method::Put: return Err(error(kube::Errc::Server, 500, "NotServed"));
  }
  if (path.name.empty()) return list(path);
  const Json* found = find(path.plural, path.ns + "/" + path.name);
  if (found == nullptr) return Err(error(kube::Errc::NotFound, 404, "NotFound"));
  return ok(*found);
}

TestCluster::Answer TestCluster::list(const Path& path) const {
  Json items = Json::array();
  if (const auto kind = objects_.find(path.plural); kind != objects_.end()) {
    for (const auto& [key, object] : kind->second) {
      if (matches(object, path)) items.push_back(object);
    }
  }
  return ok({{"kind", "List"}, {"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"items", items}});
}

TestCluster::Answer TestCluster::created(const Path& path, const std::string& body) {
  Json object = Json::parse(body);
  object["metadata"]["namespace"] = path.ns;
  const std::string key = key_of(object);
  if (objects_[path.plural].contains(key)) return Err(error(kube::Errc::AlreadyExists, 409, "AlreadyExists"));
  create(path.plural, object);
  const Json& stored = objects_[path.plural][key];
  return ok({{"kind", "PartialObjectMetadata"}, {"metadata", stored.at("metadata")}}, 201);
}

TestCluster::Answer TestCluster::patched(const Path& path, const kube::Request& request) {
  const Json* held = find(path.plural, path.ns + "/" + path.name);
  if (held == nullptr) return Err(error(kube::Errc::NotFound, 404, "NotFound"));
  Json next = *held;
  const Json patch = Json::parse(request.body);
  if (request.content_type == "application/json-patch+json") {
    next = next.patch(patch);
  } else {
    next.merge_patch(patch);
  }
  if (next.at("metadata").at("resourceVersion") != held->at("metadata").at("resourceVersion")) {
    return Err(error(kube::Errc::Conflict, 409, "Conflict"));
  }
  // A subresource takes nothing but its own part, and the object nothing of the status.
  Json merged = *held;
  const char* part = path.subresource == "status" ? "status" : "spec";
  merged[part] = next.value(part, Json::object());
  store(path.plural, "MODIFIED", std::move(merged));
  return ok({{"metadata", find(path.plural, path.ns + "/" + path.name)->at("metadata")}});
}

TestCluster::Answer TestCluster::deleted(const Path& path, const std::string& body) {
  const std::string key = path.ns + "/" + path.name;
  const Json* held = find(path.plural, key);
  if (held == nullptr) return Err(error(kube::Errc::NotFound, 404, "NotFound"));
  const Json options = body.empty() ? Json::object() : Json::parse(body);
  const std::string uid = options.value("preconditions", Json::object()).value("uid", "");
  if (!uid.empty() && held->at("metadata").at("uid") != uid) return Err(error(kube::Errc::Conflict, 409, "Conflict"));
  remove(path.plural, key);
  return ok({{"kind", "Status"}});
}

void TestCluster::create(const std::string& plural, Json object) {
  Json& meta = object["metadata"];
  meta["uid"] = "uid-" + std::to_string(++uids_);
  meta["generation"] = 1;
  meta["creationTimestamp"] = api::format_time(loop_.wall_ms());
  if (plural == "workflowruns" || plural == "workflows") object["status"] = {{"observedGeneration", -1}};
  store(plural, "ADDED", std::move(object));
}

void TestCluster::patch(const std::string& plural, const std::string& key, const Json& merge_patch) {
  Json object = *find(plural, key);
  object.merge_patch(merge_patch);
  if (merge_patch.contains("spec")) object["metadata"]["generation"] = object["metadata"]["generation"].get<int>() + 1;
  store(plural, "MODIFIED", std::move(object));
}

void TestCluster::remove(const std::string& plural, const std::string& key) {
  const auto it = objects_[plural].find(key);
  if (it == objects_[plural].end()) return;
  Json object = std::move(it->second);
  objects_[plural].erase(it);
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  const std::string uid = object["metadata"]["uid"];
  history_.push_back({version_, plural, "DELETED", std::move(object)});
  collect_owned(uid);
  std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
  for (const auto& stream : streams_) (*stream.lock())->wake();
}

void TestCluster::collect_owned(const std::string& uid) {
  std::vector<std::pair<std::string, std::string>> owned;
  for (const auto& [plural, objects] : objects_) {
    for (const auto& [key, object] : objects) {
      for (const Json& owner : object.at("metadata").value("ownerReferences", Json::array())) {
        if (owner.value("uid", "") == uid) owned.emplace_back(plural, key);
      }
    }
  }
  for (const auto& [plural, key] : owned) remove(plural, key);
}

void TestCluster::store(const std::string& plural, const std::string& type, Json object) {
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  history_.push_back({version_, plural, type, object});
  const std::string key = key_of(object);
  objects_[plural][key] = std::move(object);
  std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
  for (const auto& stream : streams_) (*stream.lock())->wake();
}

bool TestCluster::run_jobs() {
  std::vector<std::string> due;
  for (const auto& [key, job] : objects_["jobs"]) {
    const Json status = job.value("status", Json::object());
    if (!job.at("spec").value("suspend", false) && !status.contains("conditions")) due.push_back(key);
  }
  for (const std::string& key : due) run_job(key);
  return !due.empty();
}

void TestCluster::run_job(const std::string& key) {
  const Json job = objects_["jobs"].at(key);
  const bool indexed = job.at("spec").value("completionMode", "") == "Indexed";
  const int count = job.at("spec").value("completions", 1);
  Json status = job.value("status", Json::object());
  const auto seeded = api::IndexSet::parse(status.value("completedIndexes", "")).value();
  auto done = seeded;
  api::IndexSet failed;
  for (int index = 0; index < count; ++index) {
    if (seeded.contains(index)) continue;
    const PodEnd end = pod_end ? pod_end(job, index) : PodEnd{};
    (end.exit_code == 0 ? done : failed).insert(index);
    Json labels = job.at("metadata").at("labels");
    labels["batch.kubernetes.io/job-name"] = job.at("metadata").at("name");
    ++pods_started_[job.at("metadata").at("name")];
    Json pod = {{"metadata",
                 {{"name", job.at("metadata").at("name").get<std::string>() + "-" + std::to_string(index)},
                  {"namespace", job.at("metadata").at("namespace")},
                  {"labels", std::move(labels)},
                  {"ownerReferences", {{{"uid", job.at("metadata").at("uid")}, {"controller", true}}}}}},
                {"spec", job.at("spec").at("template").at("spec")},
                {"status",
                 {{"phase", end.exit_code == 0 ? "Succeeded" : "Failed"},
                  {"containerStatuses",
                   {{{"name", "main"},
                     {"state", {{"terminated", {{"exitCode", end.exit_code}, {"message", end.output}}}}}}}}}}};
    if (indexed) pod["metadata"]["annotations"] = {{"batch.kubernetes.io/job-completion-index", std::to_string(index)}};
    create("pods", std::move(pod));
  }
  status["completedIndexes"] = indexed ? done.format() : "";
  status["failedIndexes"] = indexed ? failed.format() : "";
  status["conditions"] = {{{"type", failed.empty() ? "Complete" : "Failed"},
                           {"status", "True"},
                           {"reason", failed.empty() ? "CompletionsReached"
                                      : indexed      ? "FailedIndexes"
                                                     : "BackoffLimitExceeded"}}};
  Json ended = objects_["jobs"].at(key);
  ended["status"] = std::move(status);
  store("jobs", "MODIFIED", std::move(ended));
}

void TestCluster::settle() {
  const runtime::Instant end = loop_.now() + runtime::Duration{600'000};
  while (loop_.now() < end) {
    loop_.run_until_idle();
    if (run_jobs()) continue;
    const auto due = loop_.next_due();
    // Idle time-outs of the watches are all that is left: nothing will happen by itself.
    if (!due || *due - loop_.now() > std::chrono::seconds(60)) return;
    loop_.advance_to_next();
  }
}

const Json* TestCluster::find(const std::string& plural, const std::string& key) const {
  const auto kind = objects_.find(plural);
  if (kind == objects_.end()) return nullptr;
  const auto it = kind->second.find(key);
  return it == kind->second.end() ? nullptr : &it->second;
}

std::string TestCluster::phase(const std::string& run_key) const {
  const Json* run = find("workflowruns", run_key);
  return run == nullptr ? "" : run->at("status").value("phase", "");
}

std::string TestCluster::reason(const std::string& run_key) const {
  const Json* run = find("workflowruns", run_key);
  if (run == nullptr || !run->at("status").contains("conditions")) return "";
  return run->at("status").at("conditions").at(0).value("reason", "");
}

std::size_t TestCluster::count(const std::string& plural) const {
  const auto kind = objects_.find(plural);
  return kind == objects_.end() ? 0 : kind->second.size();
}

std::size_t TestCluster::requests(kube::Method method, std::string_view path_part) const {
  std::size_t n = 0;
  for (const auto& [sent, path] : log_) n += sent == method && path.find(path_part) != std::string::npos ? 1 : 0;
  return n;
}

void Connection::call(kube::Request request, kube::ResponseHandler handler) {
  if (!alive_) return;
  cluster_.call(std::move(request), [alive = std::weak_ptr(alive_), handler = std::move(handler)](auto answer) {
    if (!alive.expired()) handler(std::move(answer));
  });
}

std::unique_ptr<kube::Stream> Connection::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  kube::StreamHandlers gated = handlers;
  gated.on_data = [alive = std::weak_ptr(alive_), on_data = handlers.on_data](std::string_view bytes) {
    if (!alive.expired()) on_data(bytes);
  };
  return cluster_.open_stream(std::move(request), std::move(gated));
}

}  // namespace ork::reconcile::testing
