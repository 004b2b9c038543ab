#include "operator/replicas/test_group.hpp"

namespace ork::replicas::testing {

using kube::Method;
using runtime::testing::FakeStream;
using runtime::testing::status_error;

void LeaseServer::serve(Connection& connection) {
  FakeTransport& api = connection.api;
  api.set_latency(Duration{5});
  api.on(Method::Get, leases_path, [this](const auto&) { return list(); });
  api.on(Method::Post, leases_path, [this](const auto& request) { return created(request); });
  api.on(Method::Patch, leases_path, [this](const auto& request) { return patched(request); });
  api.on(Method::Delete, leases_path, [this](const auto& request) { return deleted(request); });
  api.on_stream(leases_path, [this, &connection](FakeStream& stream) {
    const std::string& path = stream.request().path;
    const int from = std::stoi(path.substr(path.find("resourceVersion=") + 16));
    std::size_t shown = 0;
    while (shown < history_.size() && history_[shown].version <= from) ++shown;
    watches_.push_back(std::make_shared<Watch>(Watch{&connection, connection.api.streams().back(), shown}));
    show_soon(watches_.back());
  });
}

void LeaseServer::set_cut(Connection& connection, bool cut) {
  connection.is_cut = cut;
  connection.api.set_cut(cut);
  for (const auto& watch : watches_) {
    if (watch->connection == &connection) show_soon(watch);
  }
}

void LeaseServer::show_soon(const std::shared_ptr<Watch>& watch) {
  watch->connection->loop.post([this, watch] {
    while (!watch->connection->is_cut && watch->stream->is_open() && watch->shown < history_.size()) {
      const Event& event = history_[watch->shown++];
      watch->stream->line(json({{"type", event.type}, {"object", event.object}}).dump());
    }
  });
}

void LeaseServer::store(const std::string& type, json object) {
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  const std::string name = object["metadata"]["name"];
  if (type == "DELETED") {
    leases_.erase(name);
  } else {
    leases_[name] = object;
  }
  history_.push_back({version_, type, std::move(object)});
  std::erase_if(watches_, [](const auto& watch) { return !watch->stream->is_open(); });
  for (const auto& watch : watches_) show_soon(watch);
}

const json* LeaseServer::find(const std::string& name) const {
  const auto it = leases_.find(name);
  return it == leases_.end() ? nullptr : &it->second;
}

void LeaseServer::patch(const std::string& name, const json& merge_patch) {
  json lease = leases_.at(name);
  lease.merge_patch(merge_patch);
  store("MODIFIED", std::move(lease));
}

void LeaseServer::remove(const std::string& name) {
  if (const json* lease = find(name)) store("DELETED", *lease);
}

shard::Holders LeaseServer::holders() const {
  const json* lease = find("ork");
  return lease == nullptr
             ? shard::Holders()
             : read_holders(lease->at("metadata").at("annotations").at("ork.dev/buckets").get<std::string>());
}

std::string LeaseServer::name_of(const kube::Request& request) {
  return request.path.substr(std::min(request.path.size(), leases_path.size() + 1));
}

FakeTransport::Answer LeaseServer::list() const {
  json items = json::array();
  for (const auto& [name, lease] : leases_) items.push_back(lease);
  return kube::Response{200,
                        json({{"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"items", items}}).dump()};
}

FakeTransport::Answer LeaseServer::created(const kube::Request& request) {
  json lease = json::parse(request.body);
  const std::string name = lease["metadata"]["name"];
  if (find(name) != nullptr) return Err(status_error(409, "AlreadyExists"));
  lease["metadata"]["uid"] = "uid-" + std::to_string(version_);
  store("ADDED", std::move(lease));
  return kube::Response{201, find(name)->dump()};
}

FakeTransport::Answer LeaseServer::patched(const kube::Request& request) {
  const std::string name = name_of(request);
  const json* lease = find(name);
  if (lease == nullptr) return Err(status_error(404));
  const json merge_patch = json::parse(request.body);
  const std::string version = merge_patch.value("/metadata/resourceVersion"_json_pointer, "");
  if (!version.empty() && version != lease->at("metadata").at("resourceVersion")) return Err(status_error(409));
  patch(name, merge_patch);
  return kube::Response{200, find(name)->dump()};
}

FakeTransport::Answer LeaseServer::deleted(const kube::Request& request) {
  const std::string name = name_of(request);
  const json* lease = find(name);
  if (lease == nullptr) return Err(status_error(404));
  const json wanted = json::parse(request.body).value("preconditions", json::object());
  for (const char* field : {"uid", "resourceVersion"}) {
    if (wanted.contains(field) && wanted[field] != lease->at("metadata").at(field)) return Err(status_error(409));
  }
  remove(name);
  return kube::Response{200, "{}"};
}

Replica::Replica(LeaseServer& server, const std::string& identity, std::uint64_t seed) : loop(seed) {
  server.serve(connection);
  SharesHooks hooks;
  hooks.on_gained = [this](const Buckets& buckets) { gained += static_cast<int>(buckets.count()); };
  hooks.on_left = [this](const Buckets& buckets) { left += static_cast<int>(buckets.count()); };
  hooks.when_quiet = [this](std::function<void()> then) {
    if (quiet_after) return quiet_after(std::move(then));
    loop.post(std::move(then));
  };
  hooks.on_lost = [this](const std::string& why) { lost = why; };
  hooks.on_trouble = [this](const std::string& what) { troubles.push_back(what); };
  shares = std::make_unique<Shares>(connection.api, loop, SharesOptions{"ork-system", "ork", identity, {}}, hooks);
}

bool Replica::works_on_any() const {
  for (shard::Bucket bucket = 0; bucket < shard::bucket_count; ++bucket) {
    if (shares->holds(bucket)) return true;
  }
  return false;
}

}  // namespace ork::replicas::testing
