#pragma once

// An API server in a few hundred lines, for the tests of this cluster's own controllers and node: what
// they use of it and nothing more. Any kind by its plural, no schemas, no defaults but those named
// below. It has no controllers: what is tested brings them.
//
//   ManualLoop loop;                          // or an AsioLoop
//   TestCluster cluster(loop);
//   cluster.create("jobs", job_json);
//   JobController controller(cluster, loop, {});
//   controller.start();
//   loop.run_until_idle();
//   EXPECT_EQ(cluster.count("pods"), 1);

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded::testing {

using Json = nlohmann::json;

enum class Fault {
  None,
  DropRequest,  // the server never sees it, and the caller hears of a time-out
  LoseAnswer,   // carried out, but the caller hears of a time-out
};

class TestCluster final : public kube::Transport {
 public:
  explicit TestCluster(runtime::Loop& loop) : loop_(loop) {}

  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

  // --- what users do; keys are "namespace/name" ---
  void create(const std::string& plural, Json object);
  void patch(const std::string& plural, const std::string& key, const Json& merge_patch);
  // As `kubectl delete`; `grace` and `policy` as in DeleteOptions.
  void remove(const std::string& plural, const std::string& key, std::optional<int> grace = std::nullopt,
              const std::string& policy = "Background");

  // --- what a test looks at ---
  const Json* find(const std::string& plural, const std::string& key) const;
  // The object's value at a JSON pointer, or null.
  Json at(const std::string& plural, const std::string& key, const std::string& pointer) const;
  std::vector<std::string> keys(const std::string& plural) const;
  std::size_t count(const std::string& plural) const { return keys(plural).size(); }
  // Requests answered so far whose path, less the query, ends so.
  std::size_t requests(kube::Method method, std::string_view path_end) const;
  const std::vector<std::pair<kube::Method, std::string>>& log() const { return log_; }
  void forget_requests() { log_.clear(); }
  // Called after each change of an object, from the loop.
  std::function<void(const std::string& plural, const Json& object)> on_change;

  // --- faults ---
  std::function<Fault(const kube::Request&)> fault;                        // asked for each write
  std::function<std::optional<kube::Error>(const kube::Request&)> refuse;  // answers in the server's place

 private:
  using Answer = Result<kube::Response, kube::Error>;
  struct Path {
    std::string plural, ns, name, subresource;
    std::map<std::string, std::string> query;
    bool metadata_only = false;
    std::string key() const { return ns + "/" + name; }
  };
  struct Event {
    std::uint64_t version = 0;
    std::string plural;
    Json before;  // null: was not there
    Json after;   // null: is no more
  };
  class OpenStream;

  static Path parse(const kube::Request& request);
  static bool selected(const Json& object, const Path& path);
  static Json shown(const Json& object, const Path& path);
  Answer serve(const kube::Request& request);
  Answer list(const Path& path) const;
  Answer created(const Path& path, const std::string& body);
  Answer bound(const Path& path, const std::string& body);
  Answer written(const Path& path, const kube::Request& request);
  Answer deleted(const Path& path, const std::string& body);
  void store(const std::string& plural, Json object);
  void erase(const std::string& plural, const std::string& key);
  void tell(Event event);

  runtime::Loop& loop_;
  std::uint64_t version_ = 100;
  int uids_ = 0;
  std::map<std::string, std::map<std::string, Json>> objects_;  // plural -> key
  std::vector<Event> history_;
  std::vector<std::pair<kube::Method, std::string>> log_;
  std::vector<std::weak_ptr<OpenStream*>> streams_;
};

// A process' connection to the cluster. Once it is cut, nothing that the process sends arrives and it
// hears of nothing any more: what a crash looks like from outside.
class Connection final : public kube::Transport {
 public:
  explicit Connection(kube::Transport& cluster) : cluster_(cluster) {}
  void cut() { alive_.reset(); }
  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

 private:
  kube::Transport& cluster_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded::testing
