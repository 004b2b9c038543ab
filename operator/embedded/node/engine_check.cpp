#include "operator/embedded/node/engine_check.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "operator/embedded/node/agent/spawn.hpp"
#include "operator/embedded/node/limits.hpp"

namespace ork::embedded {
namespace {

using Clock = std::chrono::steady_clock;

// What it says until it ends; of much the beginning. False: it does not end in time.
bool read_all(int file, Clock::time_point until, std::string& out) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting{file, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) return false;
    std::array<char, 4096> piece{};
    const ssize_t size = ::read(file, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return true;
    if (out.size() < piece.size()) out.append(piece.data(), static_cast<std::size_t>(size));
  }
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

Status<std::string> check_engine(const std::string& program, const std::vector<std::string>& environment) {
  static constexpr const char* instead = "; or run commands as processes: --runtime process";
  if (find_program(program, environment).empty()) {
    return Err("there is no " + program + " in PATH: install it" + instead);
  }
  std::array<int, 2> pipe{-1, -1};
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::pipe2(pipe.data(), O_CLOEXEC) != 0) return Err(std::string("no pipe can be made"));
  // Of the commands of both the one that needs all that running a container needs, and changes nothing.
  const std::vector<std::string> argv = {program, "ps", "--quiet"};
  const auto spawned =
      spawn({.argv = argv, .env = environment, .cwd = "/", .input = nothing, .output = pipe[1], .cgroup_procs = {}});
  ::close(nothing);
  ::close(pipe[1]);
  std::string said;
  const bool answered = spawned && read_all(pipe[0], Clock::now() + limits::engine_patience, said);
  ::close(pipe[0]);
  if (!spawned) return Err(program + " can't be run: " + spawned.error());
  if (!answered) ::kill(-spawned->pid, SIGKILL);
  int status = 0;
  ::waitpid(spawned->pid, &status, 0);
  if (!answered) {
    return Err(program + " does not answer within " + std::to_string(limits::engine_patience.count()) +
               " s: look at `" + program + " ps`" + instead);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return Done{};
  return Err(program + " is not ready: " + last_line(std::move(said)) + instead);
}

}  // namespace ork::embedded
