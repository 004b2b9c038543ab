#pragma once

// For tests: the Leases of a namespace as an API server keeps them, and replicas that share work by them, each with a
// clock and a connection of its own.

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "operator/replicas/shares.hpp"
#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::replicas::testing {

using nlohmann::json;
using runtime::Duration;
using runtime::ManualLoop;
using runtime::testing::FakeTransport;

inline const std::string leases_path = "/apis/coordination.k8s.io/v1/namespaces/ork-system/leases";

// A process' way to the server. While it is cut, nothing gets through, and what was to be shown is shown later.
struct Connection {
  explicit Connection(ManualLoop& its_loop) : loop(its_loop), api(its_loop) {}
  ManualLoop& loop;
  FakeTransport api;
  bool is_cut = false;
};

class LeaseServer {
 public:
  // Both must outlive the server's last use.
  void serve(Connection& connection);
  void set_cut(Connection& connection, bool cut);

  const json* find(const std::string& name) const;
  // By hand, past all connections.
  void patch(const std::string& name, const json& merge_patch);
  void remove(const std::string& name);
  shard::Holders holders() const;
  int writes() const { return version_ - 100; }
  FakeTransport::Answer created(const kube::Request& request);

 private:
  struct Event {
    int version;
    std::string type;
    json object;
  };
  FakeTransport::Answer list() const;
  FakeTransport::Answer patched(const kube::Request& request);
  FakeTransport::Answer deleted(const kube::Request& request);
  void store(const std::string& type, json object);
  struct Watch {
    Connection* connection;
    std::shared_ptr<runtime::testing::FakeStream> stream;
    std::size_t shown;  // of the history
  };
  void show_soon(const std::shared_ptr<Watch>& watch);
  static std::string name_of(const kube::Request& request);

  int version_ = 100;
  std::map<std::string, json> leases_;
  std::vector<Event> history_;
  std::vector<std::shared_ptr<Watch>> watches_;
};

// One process that works on what it holds.
struct Replica {
  Replica(LeaseServer& server, const std::string& identity, std::uint64_t seed = 1);
  bool works_on_any() const;

  ManualLoop loop;
  Connection connection{loop};
  std::function<void(std::function<void()>)> quiet_after;  // empty: at the loop's next turn
  int gained = 0, left = 0;
  std::string lost;
  std::vector<std::string> troubles;
  std::unique_ptr<Shares> shares;
};

}  // namespace ork::replicas::testing
