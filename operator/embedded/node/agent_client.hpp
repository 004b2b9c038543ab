#pragma once

// Speaks with the agent of a folder; starts one where there is none, and again when it is gone.

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <string>
#include <vector>

#include "operator/embedded/node/container_runner.hpp"
#include "operator/runtime/backoff.hpp"
#include "operator/runtime/line_buffer.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

struct AgentClientOptions {
  std::string dir;  // exists
  // Runs run_node_agent; "--listener 3" is appended, and file 3 is the listening socket.
  std::vector<std::string> command;
};

class AgentClient final : public ContainerRunner {
 public:
  AgentClient(runtime::Loop& loop, boost::asio::io_context& io, AgentClientOptions options);
  ~AgentClient() override;
  AgentClient(const AgentClient&) = delete;
  AgentClient& operator=(const AgentClient&) = delete;

  void open(RunnerHandlers handlers) override;
  void start(const StartContainer& container) override { send(container); }
  void signal(const std::string& id, int signal) override { send(SignalContainer{id, signal}); }
  void forget(const std::string& id) override;
  void stop_all(std::int64_t grace_ms, std::function<void()> on_stopped) override;

 private:
  void connect();
  int connect_or_spawn();
  bool spawn_agent(int listener);
  void read();
  void take_lines();
  void take(const Notice& notice);
  void send(const Request& request);
  void write();
  void lost(const std::string& why);

  runtime::Loop& loop_;
  boost::asio::io_context& io_;
  AgentClientOptions options_;
  RunnerHandlers handlers_;
  boost::asio::local::stream_protocol::socket socket_;
  runtime::LineBuffer lines_;
  std::vector<char> received_;
  std::string to_send_;
  std::string sending_;
  std::vector<std::string> forgotten_;  // to be told of in one message
  RunnerListing listing_;
  bool listed_ = false;
  std::function<void()> on_stopped_;  // set: the agent has been told to go
  std::string instance_;              // of the agent spoken with last
  bool spawned_ = false;              // by this connect()
  pid_t agent_ = -1;                  // our child, where it is
  runtime::Backoff backoff_;
  std::unique_ptr<runtime::Timer> retry_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded
