#pragma once

// A node made of processes: runs the Pods that are bound to it, binds those that no node has yet, and
// gives out their logs. Containers are run by an agent process, which outlives this one.
//
// Pods wait their turn, first come first served, while there is no room; nothing is written about a
// Pod that waits. When a node comes back it finds its containers with its agent; a Pod whose
// containers nobody knows any more is Failed as a disruption (reason NodeLost).

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "operator/embedded/api/pod_logs.hpp"
#include "operator/embedded/client/selecting_transport.hpp"
#include "operator/embedded/node/log_streams.hpp"
#include "operator/embedded/node/node_context.hpp"
#include "operator/embedded/node/pod_worker.hpp"
#include "operator/embedded/node/room.hpp"
#include "operator/runtime/watcher.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::embedded {

struct NodeOptions {
  std::string name = "local";
  std::string dir;                       // the node's own folder; made where its parent exists
  std::string project_folder;            // where containers run
  std::vector<std::string> environment;  // this process' own, "NAME=value"
  std::vector<std::string> pass_env;     // names that containers get of it beside the usual ones
  std::string engine;                    // "docker" or "podman": run images by it; empty: commands as processes
  std::int64_t max_pods = 0;             // 0: the larger of least_pods and pods_per_processor each
  std::int64_t cpu_millis = 0;           // 0: the machine's
  std::int64_t memory_bytes = 0;         // 0: the machine's
  // Runs run_node_agent({.dir = <dir>, .listener = 3}); "--listener 3" is appended.
  std::vector<std::string> agent_command;
};

struct NodeHooks {
  std::function<void()> on_ready;                      // knows all its Pods and containers
  std::function<void(const std::string&)> on_trouble;  // a sentence for the log
};

class Node final : public PodLogs {
 public:
  // All references must outlive the node. The first runs an agent; the second runs containers by
  // `runner`, and hears of a log that grows only where there is an `io`.
  Node(kube::Transport& transport, runtime::Loop& loop, boost::asio::io_context& io, NodeOptions options,
       NodeHooks hooks = {});
  Node(kube::Transport& transport, runtime::Loop& loop, std::unique_ptr<ContainerRunner> runner,
       boost::asio::io_context* io, NodeOptions options, NodeHooks hooks = {});
  ~Node() override;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // The error says which folder can't be made, or why the engine can't be used.
  Status<std::string> start();
  // Nothing is sent any more, and nothing listened to. Containers go on.
  void stop();
  // Ends all containers, and stores that it was the node that ended them, so that nobody takes it for
  // their own failure. `on_done` is called from the loop when the last status is stored.
  void shut_down(std::int64_t grace_seconds, std::function<void()> on_done);

  Result<std::unique_ptr<kube::Stream>, std::string> open(const LogRequest& request,
                                                          kube::StreamHandlers handlers) override;

  bool ready() const { return ready_; }
  const NodeStats& stats() const { return stats_; }
  std::size_t pods_running() const { return static_cast<std::size_t>(room_.pods()); }
  std::size_t pods_waiting() const { return queue_.size(); }

 private:
  class PodSink;
  struct Entry {
    std::unique_ptr<PodWorker> worker;
    bool has_room = false;
    bool gone = false;
    std::optional<std::int64_t> grace;  // of its deletion
  };
  // What an event says of a Pod before it is read whole.
  struct Seen {
    api::ObjectMeta meta;
    std::int64_t grace = 0;
    std::string phase;
    bool terminal() const { return phase == "Succeeded" || phase == "Failed"; }
  };

  runtime::WatchHooks watch_hooks();
  void open_runner();
  PodWorker* worker_of(const std::string& container_id);

  static Seen peek(simdjson::ondemand::object& object);
  Result<api::ObjectMeta, runtime::DecodeError> pod_seen(simdjson::ondemand::object& object, bool bound);
  void new_pod(PodSpec pod, const Seen& seen);
  void known_pod(Entry& entry, const Seen& seen);
  // `containers`: of a Pod that is not held any more.
  void bound_gone(const api::ObjectMeta& meta, const std::vector<std::string>& containers);
  void listed_bound(std::unordered_set<std::string> uids);

  void listed_containers(const RunnerListing& listing);
  static std::unordered_map<std::string, KnownContainers> sort_out(const RunnerListing& listing);
  void begin_if_ready();
  void take_up(Entry& entry, const std::unordered_map<std::string, KnownContainers>& known);
  void kill_strays(const RunnerListing& listing);

  void enqueue(Entry& entry);
  void admit();
  void ended(const std::string& uid);
  void done(const std::string& uid);
  void end_shut_down();

  void unbound_pod(PodSpec pod);
  void bind(const std::string& uid);
  void unbound_gone(const std::string& uid);
  void listed_unbound(const std::unordered_set<std::string>& uids);
  void say_unschedulable(const PodSpec& pod, const std::string& why);
  void delete_finished(const api::ObjectMeta& meta);
  void call(kube::Request request, kube::ResponseHandler handler);

  NodeOptions options_;
  NodeHooks hooks_;
  std::unique_ptr<ContainerRunner> runner_;
  PodFiles files_;
  EventRecorder events_;
  Room room_;
  NodeContext context_;
  NodeStats stats_;
  LogStreams logs_;
  SelectingTransport bound_transport_;
  SelectingTransport unbound_transport_;
  std::unique_ptr<runtime::Sink> bound_sink_;
  std::unique_ptr<runtime::Sink> unbound_sink_;
  std::unique_ptr<runtime::Watcher> bound_watcher_;
  std::unique_ptr<runtime::Watcher> unbound_watcher_;

  bool pods_listed_ = false;
  std::optional<RunnerListing> first_listing_;
  bool ready_ = false;
  std::unordered_map<std::string, Entry> entries_;            // by uid
  std::deque<std::string> queue_;                             // uids, in their turn
  std::unordered_set<std::string> finished_;                  // uids whose last status is stored
  std::unordered_set<std::string> unschedulable_;             // uids; it has been said
  std::unordered_map<std::string, api::ObjectMeta> unbound_;  // by uid; a binding was asked for
  std::unordered_set<std::string> first_listed_;              // uids of all Pods of the first list
  bool shutting_down_ = false;
  std::function<void()> on_shut_down_;
  std::unordered_map<std::string, std::unique_ptr<runtime::Timer>> bind_timers_;  // by uid
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded
