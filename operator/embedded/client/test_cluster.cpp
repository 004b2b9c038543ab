#include "operator/embedded/client/test_cluster.hpp"

#include <algorithm>
#include <memory>

#include "operator/embedded/client/object_meta.hpp"

namespace ork::embedded::testing {
namespace {

std::string decoded(std::string_view text) {
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

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string key_of(const Json& object) {
  const Json& meta = object.at("metadata");
  return meta.value("namespace", "") + "/" + meta.value("name", "");
}

kube::Error error(kube::Errc code, int status, std::string reason) {
  return {.code = code, .status = status, .reason = reason, .message = reason + " (test cluster)"};
}

kube::Error timeout() { return error(kube::Errc::Timeout, 0, "Timeout"); }

bool has_finalizers(const Json& object) {
  return !object.at("metadata").value("finalizers", Json::array()).empty() ||
         !object.value("spec", Json::object()).value("finalizers", Json::array()).empty();
}

// How long the Pod may still run; 0: it goes at once.
int grace_of(const std::string& plural, const Json& object, const Json& options) {
  if (plural != "pods") return 0;
  const Json spec = object.value("spec", Json::object());
  const std::string phase = object.value("status", Json::object()).value("phase", "");
  if (spec.value("nodeName", "").empty() || phase == "Succeeded" || phase == "Failed") return 0;
  return options.value("gracePeriodSeconds", spec.value("terminationGracePeriodSeconds", 30));
}

}  // namespace

// Reads the history from where it stands, in turns of the loop.
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
      const Event event = cluster_.history_[next_++];
      if (event.plural != path_.plural) continue;
      const bool was = !event.before.is_null() && selected(event.before, path_);
      const bool is = !event.after.is_null() && selected(event.after, path_);
      if (!was && !is) continue;
      Json object = shown(is ? event.after : event.before, path_);
      object["metadata"]["resourceVersion"] = std::to_string(event.version);
      const char* type = was && is ? "MODIFIED" : is ? "ADDED" : "DELETED";
      handlers->on_data(Json{{"type", type}, {"object", std::move(object)}}.dump() + "\n");
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
  const Fault what = request.method != kube::Method::Get && fault ? fault(request) : Fault::None;
  auto refused = refuse ? refuse(request) : std::nullopt;
  auto answer = std::make_shared<Answer>(Err(timeout()));
  if (what != Fault::DropRequest) *answer = refused ? Answer(Err(*refused)) : serve(request);
  if (what == Fault::LoseAnswer) *answer = Err(timeout());
  loop_.post([answer, handler = std::move(handler)] { handler(std::move(*answer)); });
}

std::unique_ptr<kube::Stream> TestCluster::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  auto stream = std::make_unique<OpenStream>(*this, parse(request), std::move(handlers));
  streams_.push_back(stream->self());
  stream->wake();
  return stream;
}

TestCluster::Path TestCluster::parse(const kube::Request& request) {
  Path out;
  const std::size_t question = std::min(request.path.find('?'), request.path.size());
  std::vector<std::string> parts = split(request.path.substr(0, question), '/');
  for (std::string& part : parts) part = decoded(part);
  std::size_t i = parts.at(0) == "api" ? 2 : 3;  // api/v1 or apis/group/version
  if (parts.at(i) == "namespaces" && parts.size() > i + 2 && parts[i + 2] != "finalize") {
    out.ns = parts[i + 1];
    i += 2;
  }
  out.plural = parts.at(i);
  if (parts.size() > i + 1) out.name = parts[i + 1];
  if (parts.size() > i + 2) out.subresource = parts[i + 2];
  if (question < request.path.size()) {
    for (const std::string& pair : split(request.path.substr(question + 1), '&')) {
      out.query[pair.substr(0, pair.find('='))] = decoded(pair.substr(pair.find('=') + 1));
    }
  }
  out.metadata_only = request.accept.find("PartialObjectMetadata") != std::string::npos;
  return out;
}

// Field selectors of the form path=value[,path=value].
bool TestCluster::selected(const Json& object, const Path& path) {
  if (!path.ns.empty() && object.at("metadata").value("namespace", "") != path.ns) return false;
  const auto selector = path.query.find("fieldSelector");
  if (selector == path.query.end()) return true;
  for (const std::string& term : split(selector->second, ',')) {
    const Json* at = &object;
    for (const std::string& part : split(term.substr(0, term.find('=')), '.')) {
      at = at->is_object() && at->contains(part) ? &at->at(part) : nullptr;
      if (at == nullptr) break;
    }
    if ((at == nullptr ? "" : at->get<std::string>()) != term.substr(term.find('=') + 1)) return false;
  }
  return true;
}

Json TestCluster::shown(const Json& object, const Path& path) {
  if (!path.metadata_only) return object;
  return {{"kind", "PartialObjectMetadata"}, {"apiVersion", "meta.k8s.io/v1"}, {"metadata", object.at("metadata")}};
}

TestCluster::Answer TestCluster::serve(const kube::Request& request) {
  const Path path = parse(request);
  if (request.method == kube::Method::Post) {
    return path.subresource == "binding" ? bound(path, request.body) : created(path, request.body);
  }
  if (path.name.empty()) return list(path);
  if (find(path.plural, path.key()) == nullptr) return Err(error(kube::Errc::NotFound, 404, "NotFound"));
  if (request.method == kube::Method::Delete) return deleted(path, request.body);
  if (request.method != kube::Method::Get) return written(path, request);
  return kube::Response{200, shown(*find(path.plural, path.key()), path).dump()};
}

TestCluster::Answer TestCluster::list(const Path& path) const {
  Json items = Json::array();
  if (const auto kind = objects_.find(path.plural); kind != objects_.end()) {
    for (const auto& [key, object] : kind->second) {
      if (selected(object, path)) items.push_back(shown(object, path));
    }
  }
  return kube::Response{
      200,
      Json{{"kind", "List"}, {"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"items", items}}.dump()};
}

TestCluster::Answer TestCluster::created(const Path& path, const std::string& body) {
  Json object = Json::parse(body);
  object["metadata"]["namespace"] = path.ns;
  const std::string key = key_of(object);
  if (find(path.plural, key) != nullptr) return Err(error(kube::Errc::AlreadyExists, 409, "AlreadyExists"));
  create(path.plural, std::move(object));
  return kube::Response{201, shown(*find(path.plural, key), path).dump()};
}

TestCluster::Answer TestCluster::bound(const Path& path, const std::string& body) {
  const Json* held = find(path.plural, path.key());
  if (held == nullptr) return Err(error(kube::Errc::NotFound, 404, "NotFound"));
  Json object = *held;
  object["spec"]["nodeName"] = Json::parse(body).at("target").at("name");
  object["status"]["conditions"] = Json::array(
      {{{"type", "PodScheduled"}, {"status", "True"}, {"lastTransitionTime", seconds_text(loop_.wall_ms())}}});
  store(path.plural, std::move(object));
  return kube::Response{201, R"({"kind":"Status"})"};
}

TestCluster::Answer TestCluster::written(const Path& path, const kube::Request& request) {
  const Json& held = *find(path.plural, path.key());
  Json next = request.method == kube::Method::Put ? Json::object() : held;
  const Json body = Json::parse(request.body);
  next.merge_patch(body);
  for (const char* field : {"resourceVersion", "uid"}) {
    const Json sent = body.value("metadata", Json::object()).value(field, Json());
    if (!sent.is_null() && sent != held.at("metadata").at(field)) {
      return Err(error(kube::Errc::Conflict, 409, "Conflict"));
    }
  }
  Json merged = path.subresource == "status" ? held : next;
  const char* part = path.subresource == "status" ? "status" : "metadata";
  merged[part] = next.value(part, Json::object());
  if (path.subresource.empty() && held.contains("status")) merged["status"] = held.at("status");
  merged["metadata"]["uid"] = held.at("metadata").at("uid");
  if (merged["metadata"].contains("deletionTimestamp") && !has_finalizers(merged) && path.plural != "pods") {
    erase(path.plural, path.key());
    return kube::Response{200, shown(merged, path).dump()};
  }
  store(path.plural, std::move(merged));
  return kube::Response{200, shown(*find(path.plural, path.key()), path).dump()};
}

TestCluster::Answer TestCluster::deleted(const Path& path, const std::string& body) {
  Json object = *find(path.plural, path.key());
  Json& meta = object["metadata"];
  const Json options = body.empty() ? Json::object() : Json::parse(body);
  const std::string uid = options.value("preconditions", Json::object()).value("uid", "");
  if (!uid.empty() && meta.at("uid") != uid) return Err(error(kube::Errc::Conflict, 409, "Conflict"));
  const std::string policy = options.value("propagationPolicy", "");
  if (policy == "Foreground") meta["finalizers"].push_back("foregroundDeletion");
  if (policy == "Orphan") meta["finalizers"].push_back("orphan");
  const int grace = grace_of(path.plural, object, options);
  if (grace == 0 && !has_finalizers(object)) {
    erase(path.plural, path.key());
    return kube::Response{200, R"({"kind":"Status"})"};
  }
  if (path.plural == "namespaces") object["status"]["phase"] = "Terminating";
  if (!meta.contains("deletionTimestamp")) {
    meta["deletionTimestamp"] = seconds_text(loop_.wall_ms() + grace * 1000);
    meta["deletionGracePeriodSeconds"] = grace;
    store(path.plural, std::move(object));
  }
  return kube::Response{200, shown(*find(path.plural, path.key()), path).dump()};
}

void TestCluster::create(const std::string& plural, Json object) {
  Json& meta = object["metadata"];
  meta["uid"] = "uid-" + std::to_string(++uids_);
  meta["generation"] = 1;
  meta["creationTimestamp"] = seconds_text(loop_.wall_ms());
  if (plural == "pods") object["status"] = {{"phase", "Pending"}};
  if (plural == "namespaces") {
    object["spec"]["finalizers"] = Json::array({"kubernetes"});
    object["status"] = {{"phase", "Active"}};
  }
  store(plural, std::move(object));
}

void TestCluster::patch(const std::string& plural, const std::string& key, const Json& merge_patch) {
  Json object = *find(plural, key);
  object.merge_patch(merge_patch);
  store(plural, std::move(object));
}

void TestCluster::remove(const std::string& plural, const std::string& key, std::optional<int> grace,
                         const std::string& policy) {
  Path path;
  path.plural = plural;
  path.ns = key.substr(0, key.find('/'));
  path.name = key.substr(key.find('/') + 1);
  Json options = {{"propagationPolicy", policy}};
  if (grace) options["gracePeriodSeconds"] = *grace;
  if (find(plural, key) != nullptr) (void)deleted(path, options.dump());
}

void TestCluster::store(const std::string& plural, Json object) {
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  Json& held = objects_[plural][key_of(object)];
  Json before = std::move(held);
  held = object;
  tell({version_, plural, std::move(before), std::move(object)});
}

void TestCluster::erase(const std::string& plural, const std::string& key) {
  const auto it = objects_[plural].find(key);
  Json before = std::move(it->second);
  objects_[plural].erase(it);
  tell({++version_, plural, std::move(before), Json()});
}

void TestCluster::tell(Event event) {
  if (on_change) {
    loop_.post([this, plural = event.plural, object = event.after.is_null() ? event.before : event.after] {
      if (on_change) on_change(plural, object);
    });
  }
  history_.push_back(std::move(event));
  std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
  for (const auto& stream : streams_) (*stream.lock())->wake();
}

const Json* TestCluster::find(const std::string& plural, const std::string& key) const {
  const auto kind = objects_.find(plural);
  if (kind == objects_.end()) return nullptr;
  const auto it = kind->second.find(key);
  return it == kind->second.end() ? nullptr : &it->second;
}

Json TestCluster::at(const std::string& plural, const std::string& key, const std::string& pointer) const {
  const Json* object = find(plural, key);
  const Json::json_pointer where(pointer);
  return object != nullptr && object->contains(where) ? object->at(where) : Json();
}

std::vector<std::string> TestCluster::keys(const std::string& plural) const {
  std::vector<std::string> out;
  const auto kind = objects_.find(plural);
  if (kind == objects_.end()) return out;
  for (const auto& [key, object] : kind->second) out.push_back(key);
  return out;
}

std::size_t TestCluster::requests(kube::Method method, std::string_view path_end) const {
  return static_cast<std::size_t>(std::count_if(log_.begin(), log_.end(), [&](const auto& sent) {
    const std::string_view path = std::string_view(sent.second).substr(0, sent.second.find('?'));
    return sent.first == method && path.ends_with(path_end);
  }));
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

}  // namespace ork::embedded::testing
