#pragma once

// A cluster in a few hundred lines, for the tests of this folder: an API server with the kinds that
// the operator uses, and a Job controller and a node that act when the test says so. Requests can be
// dropped, and answers lost, so that a crash at any write can be tried.
//
//   ManualLoop loop;
//   TestCluster cluster(loop);
//   cluster.create("workflowruns", run_json);
//   Operator op(cluster, loop, {}, {});
//   op.start();
//   cluster.settle();                       // until nothing more happens by itself
//   EXPECT_EQ(cluster.phase("a/run"), "Succeeded");

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::reconcile::testing {

using Json = nlohmann::json;

enum class Fault {
  None,
  DropRequest,  // the server never sees it, the caller never hears of it
  LoseAnswer,   // carried out, but the caller never hears of it
  HalfAnswer,   // carried out, and the answer's body is cut in the middle
};

// How a Pod ends: exit code 0 with `output`, or another one with it.
struct PodEnd {
  int exit_code = 0;
  std::string output;
};

class TestCluster final : public kube::Transport {
 public:
  explicit TestCluster(runtime::ManualLoop& loop) : loop_(loop) {}

  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

  // --- what users and controllers do ---
  void create(const std::string& plural, Json object);
  void patch(const std::string& plural, const std::string& key, const Json& merge_patch);
  void remove(const std::string& plural, const std::string& key);
  // Lets every Job that has no Pod run to its end, and tells of it by Pod and Job. True: there was one.
  bool run_jobs();
  // Operator and node in turns, time going on where only a timer is left, for at most ten minutes.
  void settle();

  // --- what the test looks at ---
  const Json* find(const std::string& plural, const std::string& key) const;
  std::string phase(const std::string& run_key) const;
  std::string reason(const std::string& run_key) const;
  std::size_t count(const std::string& plural) const;
  std::size_t requests(kube::Method method, std::string_view path_part) const;
  void forget_requests() { log_.clear(); }
  // How often a Pod was started for each Job.
  const std::map<std::string, int>& pods_started() const { return pods_started_; }

  // --- faults ---
  // Of which the answer comes before what watches show of that write; else it comes after it.
  std::function<bool(const kube::Request&)> answered_first;
  // Asked for each write, numbered from 1.
  std::function<Fault(const kube::Request&, int)> fault;
  // Answers the request in the server's place where it returns an error.
  std::function<std::optional<kube::Error>(const kube::Request&)> refuse;
  // How a Pod of this Job and index ends; success without output unless set.
  std::function<PodEnd(const Json& job, int index)> pod_end;
  int writes() const { return writes_; }

 private:
  using Answer = Result<kube::Response, kube::Error>;
  struct Event {
    std::uint64_t version = 0;
    std::string plural;
    std::string type;
    Json object;
  };
  struct Path {
    std::string plural;
    std::string ns;
    std::string name;
    std::string subresource;
    std::map<std::string, std::string> query;
  };
  class OpenStream;

  static Path parse(const std::string& path);
  static bool matches(const Json& object, const Path& path);
  Answer serve(const kube::Request& request);
  Answer list(const Path& path) const;
  Answer created(const Path& path, const std::string& body);
  Answer patched(const Path& path, const kube::Request& request);
  Answer deleted(const Path& path, const std::string& body);
  void store(const std::string& plural, const std::string& type, Json object);
  void collect_owned(const std::string& uid);
  void run_job(const std::string& key);

  runtime::ManualLoop& loop_;
  std::uint64_t version_ = 100;
  int uids_ = 0;
  int writes_ = 0;
  std::map<std::string, std::map<std::string, Json>> objects_;  // plural -> "ns/name"
  std::vector<Event> history_;
  std::vector<std::pair<kube::Method, std::string>> log_;
  std::vector<std::weak_ptr<OpenStream*>> streams_;
  std::map<std::string, int> pods_started_;
};

// A process' connection to the cluster: once it is cut or destroyed, nothing that the process sends
// arrives and it hears of nothing any more. What a crash looks like from outside.
class Connection final : public kube::Transport {
 public:
  explicit Connection(TestCluster& cluster) : cluster_(cluster) {}
  void cut() { alive_.reset(); }
  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

 private:
  TestCluster& cluster_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::reconcile::testing
