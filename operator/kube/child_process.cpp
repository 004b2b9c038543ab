#include "operator/kube/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace ork::kube {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t stderr_kept = 2'000;

// The strings and the argv-like array that points into them.
struct Strings {
  std::vector<std::string> texts;
  std::vector<char*> pointers() {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
  }
};

Strings arguments_of(const ChildProcess::Command& command) {
  Strings out;
  out.texts.push_back(command.program);
  out.texts.insert(out.texts.end(), command.args.begin(), command.args.end());
  return out;
}

Strings environment_of(const ChildProcess::Command& command) {
  Strings out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : command.env) replaced = replaced || key == name;
    if (!replaced) out.texts.emplace_back(text);
  }
  for (const auto& [key, value] : command.env) out.texts.push_back(key + "=" + value);
  return out;
}

// A process group of its own (so that all of it can be killed), default signals, no input.
int spawn(const ChildProcess::Command& command, int out, int err, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t pipe_signal;
  sigemptyset(&none);
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  Strings arguments = arguments_of(command);
  Strings environment = environment_of(command);
  const int error = posix_spawnp(&pid, command.program.c_str(), &actions, &attributes, arguments.pointers().data(),
                                 environment.pointers().data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

struct ChildProcess::Run : std::enable_shared_from_this<Run> {
  Run(asio::io_context& context, Handler on_end)
      : io(context), handler(std::move(on_end)), out(context), err(context), exit(context), timer(context) {}

  asio::io_context& io;
  Handler handler;
  asio::posix::stream_descriptor out;
  asio::posix::stream_descriptor err;
  asio::posix::stream_descriptor exit;  // a pidfd: readable once the process has ended
  asio::steady_timer timer;
  pid_t pid = 0;
  bool running = false;
  bool out_open = false;
  bool err_open = false;
  int wait_status = 0;
  std::string text;
  std::string errors;
  std::size_t output_bytes = 0;
  std::array<char, 8192> out_buffer{};
  std::array<char, 2048> err_buffer{};

  void start(const Command& command);
  void read_out();
  void read_err();
  void wait_exit();
  void kill_all();
  void end_when_complete();
  void end(Result<std::string, Failure> result);
  void end_later(Failure failure);
};

void ChildProcess::Run::start(const Command& command) {
  output_bytes = command.output_bytes;
  std::array<int, 2> out_pipe{};
  std::array<int, 2> err_pipe{};
  if (pipe2(out_pipe.data(), O_CLOEXEC) != 0) return end_later({"could not be started: no pipe"});
  if (pipe2(err_pipe.data(), O_CLOEXEC) != 0) {
    close(out_pipe[0]);
    close(out_pipe[1]);
    return end_later({"could not be started: no pipe"});
  }
  out.assign(out_pipe[0]);
  err.assign(err_pipe[0]);
  const int error = spawn(command, out_pipe[1], err_pipe[1], pid);
  close(out_pipe[1]);
  close(err_pipe[1]);
  if (error != 0) {
    return end_later({std::string("could not be started: ") + std::strerror(error), error == ENOENT});
  }
  running = out_open = err_open = true;
  // Not glibc's wrapper: 2.36 declares it without C linkage.
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    kill_all();
    return end_later({std::string("cannot be waited for: ") + std::strerror(errno)});
  }
  exit.assign(pidfd);
  timer.expires_after(command.timeout);
  timer.async_wait([self = shared_from_this(), ms = command.timeout.count()](error_code error_or_none) {
    if (!error_or_none) self->end(Err(Failure{"did not end within " + std::to_string(ms) + " ms"}));
  });
  read_out();
  read_err();
  wait_exit();
}

void ChildProcess::Run::read_out() {
  out.async_read_some(asio::buffer(out_buffer), [self = shared_from_this()](error_code error, std::size_t size) {
    if (!self->handler) return;
    self->text.append(self->out_buffer.data(), size);
    if (self->text.size() > self->output_bytes) {
      return self->end(Err(Failure{"wrote more than " + std::to_string(self->output_bytes) + " bytes"}));
    }
    if (!error) return self->read_out();
    self->out_open = false;
    self->end_when_complete();
  });
}

void ChildProcess::Run::read_err() {
  err.async_read_some(asio::buffer(err_buffer), [self = shared_from_this()](error_code error, std::size_t size) {
    if (!self->handler) return;
    self->errors.append(self->err_buffer.data(), size);
    if (self->errors.size() > stderr_kept) self->errors.erase(0, self->errors.size() - stderr_kept);
    if (!error) return self->read_err();
    self->err_open = false;
    self->end_when_complete();
  });
}

void ChildProcess::Run::wait_exit() {
  exit.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](error_code error) {
    if (!self->handler || error) return;
    waitpid(self->pid, &self->wait_status, 0);
    self->running = false;
    self->end_when_complete();
  });
}

void ChildProcess::Run::kill_all() {
  if (!running) return;
  running = false;
  ::kill(-pid, SIGKILL);
  waitpid(pid, nullptr, 0);  // returns at once: nothing survives SIGKILL for long
}

void ChildProcess::Run::end_when_complete() {
  if (running || out_open || err_open) return;
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return end(std::move(text));
  std::string message = WIFEXITED(wait_status) ? "ended with status " + std::to_string(WEXITSTATUS(wait_status))
                                               : "was ended by signal " + std::to_string(WTERMSIG(wait_status));
  if (!errors.empty()) message += ": " + errors;
  end(Err(Failure{std::move(message)}));
}

void ChildProcess::Run::end(Result<std::string, Failure> result) {
  kill_all();
  error_code ignored;
  out.close(ignored);
  err.close(ignored);
  exit.close(ignored);
  timer.cancel();
  const Handler last = std::move(handler);
  handler = nullptr;
  if (last) last(std::move(result));
}

void ChildProcess::Run::end_later(Failure failure) {
  asio::post(io, [self = shared_from_this(), failure = std::move(failure)] { self->end(Err(failure)); });
}

ChildProcess::ChildProcess(asio::io_context& io, const Command& command, Handler handler)
    : run_(std::make_shared<Run>(io, std::move(handler))) {
  run_->start(command);
}

ChildProcess::~ChildProcess() {
  run_->handler = nullptr;
  run_->end(Err(Failure{}));
}

}  // namespace ork::kube
