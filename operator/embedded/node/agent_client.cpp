#include "operator/embedded/node/agent_client.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <utility>

#include "operator/embedded/node/agent/limits.hpp"
#include "operator/embedded/node/agent/socket_path.hpp"
#include "operator/embedded/node/limits.hpp"

extern char** environ;

namespace ork::embedded {
namespace {

namespace asio = boost::asio;

constexpr int listener_in_agent = 3;

struct SpawnActions {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  SpawnActions() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnActions() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
};

}  // namespace

AgentClient::AgentClient(runtime::Loop& loop, asio::io_context& io, AgentClientOptions options)
    : loop_(loop),
      io_(io),
      options_(std::move(options)),
      socket_(io),
      lines_(limits::agent_message_bytes),
      received_(65536),
      backoff_(limits::agent_backoff, limits::agent_healthy_after) {}

AgentClient::~AgentClient() {
  alive_.reset();
  if (agent_ > 0) ::waitpid(agent_, nullptr, WNOHANG);
}

void AgentClient::open(RunnerHandlers handlers) {
  handlers_ = std::move(handlers);
  connect();
}

void AgentClient::connect() {
  retry_.reset();
  spawned_ = false;
  const int file = connect_or_spawn();
  if (file < 0) return lost(std::string("it can't be reached or started: ") + std::strerror(errno));
  boost::system::error_code error;
  socket_.assign(asio::local::stream_protocol(), file, error);
  if (error) return lost(error.message());
  listed_ = false;
  listing_ = {};
  lines_.clear();
  read();
  send(ListContainers{});
}

// The socket is made here and inherited, so that it can be connected to before the agent has begun.
int AgentClient::connect_or_spawn() {
  if (agent_ > 0 && ::waitpid(agent_, nullptr, WNOHANG) != 0) agent_ = -1;
  const int there = connect_in(options_.dir);
  if (there >= 0) return there;
  const int listener = listen_in(options_.dir);
  if (listener < 0) return -1;
  spawned_ = spawn_agent(listener);
  const int error = errno;
  ::close(listener);
  errno = error;
  return spawned_ ? connect_in(options_.dir) : -1;
}

bool AgentClient::spawn_agent(int listener) {
  SpawnActions with;
  const std::string log = options_.dir + "/agent.log";
  ::posix_spawn_file_actions_addopen(&with.files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&with.files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&with.files, 1, 2);
  ::posix_spawn_file_actions_adddup2(&with.files, listener, listener_in_agent);
  ::posix_spawn_file_actions_addclosefrom_np(&with.files, listener_in_agent + 1);
  // A session of its own: neither Ctrl-C nor the terminal's end is meant for it.
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&with.attributes, &none);
  ::posix_spawnattr_setflags(&with.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> words = options_.command;
  words.insert(words.end(), {"--listener", std::to_string(listener_in_agent)});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  errno = ::posix_spawn(&agent_, argv[0], &with.files, &with.attributes, argv.data(), environ);
  if (errno != 0) agent_ = -1;
  return agent_ > 0;
}

void AgentClient::read() {
  socket_.async_read_some(asio::buffer(received_), [this, alive = std::weak_ptr(alive_)](
                                                       const boost::system::error_code& error, std::size_t size) {
    if (alive.expired() || error == asio::error::operation_aborted) return;
    if (error) return lost(error.message());
    if (!lines_.append({received_.data(), size})) return lost("a message is too long");
    take_lines();
    if (!alive.expired() && socket_.is_open()) read();
  });
}

void AgentClient::take_lines() {
  const std::weak_ptr<int> alive = alive_;
  while (const auto line = lines_.next()) {
    const auto notice = decode_notice(*line);
    if (!notice) return lost(notice.error());
    take(*notice);
    if (alive.expired() || !socket_.is_open()) return;
  }
}

void AgentClient::take(const Notice& notice) {
  if (const auto* hello = std::get_if<AgentHello>(&notice)) {
    listing_.fresh = spawned_ || (!instance_.empty() && instance_ != hello->instance);
    listing_.limits_memory = hello->limits_memory;
    listing_.limits_cpu = hello->limits_cpu;
    instance_ = hello->instance;
  } else if (const auto* started = std::get_if<ContainerStarted>(&notice)) {
    if (listed_) return handlers_.on_started(*started);
    listing_.running.push_back(*started);
  } else if (const auto* ended = std::get_if<ContainerEnded>(&notice)) {
    if (listed_) return handlers_.on_ended(*ended);
    listing_.ended.push_back(*ended);
  } else {
    listed_ = true;
    backoff_.reset();
    handlers_.on_listed(std::exchange(listing_, {}));
  }
}

// Gathered until the loop's next turn: a burst of starts is one write.
void AgentClient::send(const Request& request) {
  if (!socket_.is_open()) return;
  const bool first = to_send_.empty();
  to_send_ += encode(request);
  if (!first || !sending_.empty()) return;
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) write();
  });
}

void AgentClient::write() {
  if (!socket_.is_open() || !sending_.empty() || to_send_.empty()) return;
  sending_ = std::exchange(to_send_, {});
  asio::async_write(socket_, asio::buffer(sending_),
                    [this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error, std::size_t) {
                      if (alive.expired() || error == asio::error::operation_aborted) return;
                      sending_.clear();
                      if (error) return lost(error.message());
                      write();
                    });
}

void AgentClient::forget(const std::string& id) {
  forgotten_.push_back(id);
  if (forgotten_.size() > 1) return;
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) send(ForgetContainers{std::exchange(forgotten_, {})});
  });
}

void AgentClient::stop_all(std::int64_t grace_ms, std::function<void()> on_stopped) {
  on_stopped_ = std::move(on_stopped);
  retry_.reset();
  if (socket_.is_open()) return send(StopAgent{grace_ms});
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) lost("");
  });
}

void AgentClient::lost(const std::string& why) {
  boost::system::error_code ignored;
  socket_.close(ignored);
  to_send_.clear();
  sending_.clear();
  listed_ = false;
  if (on_stopped_) return std::exchange(on_stopped_, {})();
  if (handlers_.on_trouble) handlers_.on_trouble("the node's agent is lost: " + why);
  retry_ = loop_.after(backoff_.next(loop_.now(), loop_.random()), [this] { connect(); });
}

}  // namespace ork::embedded
