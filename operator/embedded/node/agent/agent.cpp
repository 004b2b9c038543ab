#include "operator/embedded/node/agent/agent.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>

#include "operator/embedded/node/agent/container_table.hpp"
#include "operator/embedded/node/agent/limits.hpp"
#include "operator/embedded/node/agent/socket_path.hpp"

namespace ork::embedded {
namespace {

using std::chrono::milliseconds;

std::int64_t wall_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(since).count();
}

int complain(const std::string& what) {
  std::fprintf(stderr, "node agent: %s: %s\n", what.c_str(), std::strerror(errno));
  return 1;
}

// A one-shot timer as a file; epoll tells when it is due.
class TimerFile {
 public:
  TimerFile() : file_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}
  ~TimerFile() { ::close(file_); }
  TimerFile(const TimerFile&) = delete;
  TimerFile& operator=(const TimerFile&) = delete;
  int file() const { return file_; }

  // Zero: never. A timer that runs already keeps its time unless `anew`.
  void set(milliseconds wait, bool anew = false) {
    if ((wait.count() > 0) == armed_ && !anew) return;
    armed_ = wait.count() > 0;
    itimerspec spec{};
    spec.it_value.tv_sec = wait.count() / 1000;
    spec.it_value.tv_nsec = wait.count() % 1000 * 1'000'000;
    ::timerfd_settime(file_, 0, &spec, nullptr);
  }
  void take() {
    std::uint64_t count = 0;
    if (::read(file_, &count, sizeof count) > 0) armed_ = false;
  }

 private:
  int file_;
  bool armed_ = false;
};

class Agent {
 public:
  Agent(const AgentOptions& options, int listener)
      : listener_(listener),
        idle_limit_(options.idle),
        instance_(std::to_string(wall_ms()) + "-" + std::to_string(::getpid())),
        table_(options.dir, Cgroups::open(find_cgroups(), "ork-agent-", ::getpid())) {}
  ~Agent() { drop_client(); }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  bool prepare() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : {SIGCHLD, SIGTERM, SIGINT}) ::sigaddset(&signals, number);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);
    signals_ = ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (signals_ < 0 || epoll_ < 0) return false;
    return watch(listener_, EPOLLIN) && watch(signals_, EPOLLIN) && watch(idle_.file(), EPOLLIN) &&
           watch(memory_.file(), EPOLLIN) && watch(stop_.file(), EPOLLIN);
  }

  void run() {
    while (!ended()) {
      idle_.set(client_ < 0 && table_.running() == 0 ? idle_limit_ : milliseconds{0});
      memory_.set(table_.watches_memory() ? limits::memory_watch : milliseconds{0});
      flush();
      std::array<epoll_event, 16> events{};
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        serve(event.data.fd, event.events);
      }
    }
    flush();
    table_.save_ended();
  }

 private:
  bool ended() const { return idle_over_ || (stopping_ && table_.running() == 0); }

  bool watch(int file, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = file;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, file, &event) == 0;
  }

  void serve(int file, std::uint32_t events) {
    if (file == listener_) return accept_client();
    if (file == signals_) return take_signals();
    if (file == idle_.file()) {
      idle_.take();
      idle_over_ = client_ < 0 && table_.running() == 0;
    } else if (file == memory_.file()) {
      memory_.take();
      table_.check_memory();
    } else if (file == stop_.file()) {
      stop_.take();
      table_.signal_all(SIGKILL);
    } else if (file == client_) {
      if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read_client();
      if (client_ >= 0 && (events & EPOLLOUT) != 0) flush();
    }
  }

  void accept_client() {
    const int file = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (file < 0) return;
    drop_client();
    client_ = file;
    watch(client_, EPOLLIN);
    send(AgentHello{.instance = instance_, .limits_memory = table_.limits_memory(), .limits_cpu = table_.limits_cpu()});
  }

  void drop_client() {
    if (client_ >= 0) ::close(client_);
    client_ = -1;
    received_.clear();
    to_send_.clear();
    waits_for_room_ = false;
  }

  void take_signals() {
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) == sizeof info) {
      if (info.ssi_signo != SIGCHLD) stop(limits::agent_stop_grace);
    }
    for (const ContainerEnded& ended : table_.reap(wall_ms())) send(ended);
  }

  void stop(milliseconds grace) {
    stopping_ = true;
    table_.signal_all(grace.count() > 0 ? SIGTERM : SIGKILL);
    stop_.set(grace, true);
  }

  void read_client() {
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t size = ::recv(client_, buffer.data(), buffer.size(), 0);
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (size <= 0) return drop_client();
      received_.append(buffer.data(), static_cast<std::size_t>(size));
      if (static_cast<std::size_t>(size) < buffer.size()) break;
      if (received_.size() > limits::agent_message_bytes) break;
    }
    take_lines();
  }

  void take_lines() {
    std::size_t begin = 0;
    for (;;) {
      const std::size_t end = received_.find('\n', begin);
      if (end == std::string::npos) break;
      const auto request = decode_request(std::string_view(received_).substr(begin, end - begin));
      begin = end + 1;
      // A client that speaks another language has nothing to do here.
      if (!request) return drop_client();
      std::visit([this](const auto& r) { carry_out(r); }, *request);
      if (client_ < 0) return;
    }
    received_.erase(0, begin);
    if (received_.size() > limits::agent_message_bytes) drop_client();
  }

  void carry_out(const StartContainer& request) {
    if (stopping_) return;
    send(table_.start(request, wall_ms()));
  }
  void carry_out(const SignalContainer& request) { table_.signal(request.id, request.signal); }
  void carry_out(const ForgetContainers& request) { table_.forget(request.ids); }
  void carry_out(const StopAgent& request) { stop(milliseconds{request.grace_ms}); }
  void carry_out(const ListContainers&) {
    for (const Notice& notice : table_.known()) send(notice);
    send(ListEnd{});
  }

  void send(const Notice& notice) {
    if (client_ < 0) return;
    to_send_ += encode(notice);
    if (to_send_.size() > limits::agent_unread_bytes) drop_client();
  }

  void flush() {
    while (client_ >= 0 && !to_send_.empty()) {
      const ssize_t size = ::send(client_, to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && errno == EAGAIN) return wait_for_room(true);
      if (size < 0) return drop_client();
      to_send_.erase(0, static_cast<std::size_t>(size));
    }
    wait_for_room(false);
  }

  void wait_for_room(bool wait) {
    if (client_ < 0 || wait == waits_for_room_) return;
    waits_for_room_ = wait;
    epoll_event event{};
    event.events = wait ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.fd = client_;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, client_, &event);
  }

  int listener_;
  milliseconds idle_limit_;
  std::string instance_;
  ContainerTable table_;
  int signals_ = -1;
  int epoll_ = -1;
  TimerFile idle_;
  TimerFile memory_;
  TimerFile stop_;
  int client_ = -1;
  std::string received_;
  std::string to_send_;
  bool waits_for_room_ = false;
  bool idle_over_ = false;
  bool stopping_ = false;
};

// One that is about to go still has it for a moment.
bool take_lock(int lock, unsigned seconds) {
  if (seconds == 0) return ::flock(lock, LOCK_EX | LOCK_NB) == 0;
  struct sigaction action{};
  action.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &action, nullptr);
  ::alarm(seconds);
  const bool taken = ::flock(lock, LOCK_EX) == 0;
  ::alarm(0);
  return taken;
}

// For whoever wants to know who has the lock. A full disk is no reason not to run.
void note_pid(int lock) {
  const std::string line = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock, 0) == 0) [[maybe_unused]]
    const ssize_t written = ::write(lock, line.data(), line.size());
}

}  // namespace

int run_node_agent(const AgentOptions& options) {
  // Two agents in one folder would kill each other's process groups.
  const int lock = ::open((options.dir + "/agent.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return complain("open " + options.dir + "/agent.lock");
  if (!take_lock(lock, options.lock_seconds)) return complain("another agent runs in " + options.dir);
  note_pid(lock);
  const int listener = options.listener >= 0 ? options.listener : listen_in(options.dir);
  if (listener < 0) return complain("listen in " + options.dir);
  ::fcntl(listener, F_SETFD, FD_CLOEXEC);
  ::fcntl(listener, F_SETFL, O_NONBLOCK);
  Agent agent(options, listener);
  if (!agent.prepare()) return complain("prepare");
  agent.run();
  return 0;
}

}  // namespace ork::embedded
