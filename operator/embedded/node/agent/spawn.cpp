#include "operator/embedded/node/agent/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace ork::embedded {
namespace {

constexpr std::string_view default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool is_program(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

enum class Stage { Before, Folder, Exec };

// What the child reads and writes: it shares our memory until it execs.
struct Child {
  const char* program;
  char* const* argv;
  char* const* env;
  const char* cwd;
  const char* cgroup_procs;  // nullptr: none
  int input;
  int output;
  pid_t parent;
  volatile Stage stage = Stage::Before;
  volatile int error = 0;
  volatile bool in_cgroup = false;
};

bool reset_signals() {
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

bool join_cgroup(const char* procs) {
  const int file = ::open(procs, O_WRONLY | O_CLOEXEC);
  return file >= 0 && ::write(file, "0", 1) == 1;
}

// Calls nothing but system calls: it runs on the parent's stack.
[[noreturn]] void run_child(Child& child) {
  const auto fail = [&child] {
    child.error = errno;
    ::_exit(127);
  };
  if (::setpgid(0, 0) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail();
  // The parent may have died before the line above.
  if (::getppid() != child.parent) ::_exit(127);
  child.in_cgroup = child.cgroup_procs != nullptr && join_cgroup(child.cgroup_procs);
  if (!reset_signals()) fail();
  if (::dup2(child.input, 0) < 0 || ::dup2(child.output, 1) < 0 || ::dup2(child.output, 2) < 0) fail();
  if (::close_range(3, ~0U, 0) != 0) fail();
  child.stage = Stage::Folder;
  if (::chdir(child.cwd) != 0) fail();
  child.stage = Stage::Exec;
  ::execve(child.program, child.argv, child.env);
  fail();
  __builtin_unreachable();
}

// A function of its own, with nothing on its stack that the child could change.
__attribute__((noinline)) pid_t start(Child& child) {
  const pid_t pid = ::vfork();
  if (pid == 0) run_child(child);
  return pid;
}

std::string sentence(const Child& child, const SpawnRequest& request) {
  const std::string why = std::strerror(child.error);
  switch (child.stage) {
    case Stage::Folder: return "chdir to cwd (\"" + request.cwd + "\") failed: " + why;
    case Stage::Exec: return "exec: \"" + request.argv.front() + "\": " + why;
    case Stage::Before: break;
  }
  return "the process could not be set up: " + why;
}

}  // namespace

std::string find_program(const std::string& name, const std::vector<std::string>& env) {
  if (name.find('/') != std::string::npos) return name;
  if (name.empty()) return {};
  std::string_view path = default_path;
  for (const std::string& variable : env) {
    if (variable.starts_with("PATH=")) path = std::string_view(variable).substr(5);
  }
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    std::string candidate = std::string(path.substr(begin, end - begin)) + "/" + name;
    if (candidate.front() == '/' && is_program(candidate)) return candidate;
    begin = end + 1;
  }
  return {};
}

Result<Spawned, std::string> spawn(const SpawnRequest& request) {
  const std::string program = find_program(request.argv.front(), request.env);
  if (program.empty()) {
    return Err("exec: \"" + request.argv.front() + "\": executable file not found in $PATH");
  }
  const std::vector<char*> argv = pointers_to(request.argv);
  const std::vector<char*> env = pointers_to(request.env);
  Child child{.program = program.c_str(),
              .argv = argv.data(),
              .env = env.data(),
              .cwd = request.cwd.c_str(),
              .cgroup_procs = request.cgroup_procs.empty() ? nullptr : request.cgroup_procs.c_str(),
              .input = request.input,
              .output = request.output,
              .parent = ::getpid()};
  const pid_t pid = start(child);
  if (pid < 0) return Err(std::string("no process could be made: ") + std::strerror(errno));
  if (child.error == 0) return Spawned{pid, child.in_cgroup};
  ::waitpid(pid, nullptr, 0);
  return Err(sentence(child, request));
}

}  // namespace ork::embedded
