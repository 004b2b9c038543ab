#include "operator/embedded/node/agent/container_table.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "operator/embedded/node/agent/limits.hpp"
#include "operator/embedded/node/agent/process_groups.hpp"
#include "operator/embedded/node/agent/spawn.hpp"

namespace ork::embedded {
namespace {

// What container runtimes report for one that could not be started.
constexpr int exit_not_started = 128;

ContainerEnded not_started(const std::string& id, std::string why, std::int64_t now_ms) {
  return {.id = id, .end_ms = now_ms, .exit_code = exit_not_started, .error = std::move(why)};
}

std::int64_t own_resident_bytes() {
  const auto facts = facts_of(::getpid());
  return facts ? facts->resident_bytes : 0;
}

}  // namespace

ContainerTable::ContainerTable(std::string folder, std::unique_ptr<Cgroups> cgroups)
    : folder_(std::move(folder)), cgroups_(std::move(cgroups)) {
  kill_left_groups();
  load_ended();
  null_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  groups_ = ::open(file("agent.groups").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
}

ContainerTable::~ContainerTable() {
  ::close(null_);
  ::close(groups_);
}

Notice ContainerTable::start(const StartContainer& request, std::int64_t now_ms) {
  if (const auto ended = ended_.find(request.id); ended != ended_.end()) return ended->second;
  if (const auto pid = pids_.find(request.id); pid != pids_.end()) {
    return ContainerStarted{request.id, pid->second, running_.at(pid->second).start_ms};
  }
  const int log = ::open(request.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (log < 0) {
    const std::string why = "the log " + request.log + " can't be opened: " + std::strerror(errno);
    return ended_[request.id] = not_started(request.id, why, now_ms);
  }
  std::string cgroup;
  std::string cgroup_procs;
  if (cgroups_ != nullptr && (request.memory_bytes > 0 || request.cpu_millis > 0)) {
    cgroup = std::to_string(++cgroups_made_);
    cgroup_procs = cgroups_->make(cgroup, request.memory_bytes, request.cpu_millis);
  }
  const auto spawned = spawn({.argv = request.argv,
                              .env = request.env,
                              .cwd = request.cwd,
                              .input = null_,
                              .output = log,
                              .cgroup_procs = cgroup_procs});
  ::close(log);
  const bool limited = spawned && spawned->in_cgroup;
  if (!cgroup_procs.empty() && !limited) cgroups_->end(cgroup);
  if (!spawned) return ended_[request.id] = not_started(request.id, spawned.error(), now_ms);
  Running container{.id = request.id, .start_ms = now_ms};
  if (limited) {
    container.cgroup = cgroup;
  } else if (request.memory_bytes > 0) {
    container.memory_bytes = request.memory_bytes;
    container.inherited_bytes = own_resident_bytes();
    ++watched_;
  }
  running_.emplace(spawned->pid, std::move(container));
  pids_.emplace(request.id, spawned->pid);
  note_group(spawned->pid);
  return ContainerStarted{request.id, spawned->pid, now_ms};
}

void ContainerTable::signal(const std::string& id, int signal) {
  if (const auto pid = pids_.find(id); pid != pids_.end()) ::kill(-pid->second, signal);
}

void ContainerTable::signal_all(int signal) {
  for (const auto& [pid, container] : running_) ::kill(-pid, signal);
}

std::vector<ContainerEnded> ContainerTable::reap(std::int64_t now_ms) {
  std::vector<ContainerEnded> out;
  for (;;) {
    // Looked at before it is reaped: until then nobody else can get its number, nor that of its group.
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return out;
    const auto found = running_.find(info.si_pid);
    if (found == running_.end()) {
      ::waitpid(info.si_pid, nullptr, 0);
      continue;
    }
    ::kill(-found->first, SIGKILL);
    out.push_back(end(found->first, found->second, now_ms));
    watched_ -= found->second.memory_bytes > 0 ? 1 : 0;
    pids_.erase(found->second.id);
    running_.erase(found);
    ended_[out.back().id] = out.back();
  }
}

ContainerEnded ContainerTable::end(pid_t pid, const Running& container, std::int64_t now_ms) {
  int status = 0;
  struct rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  ContainerEnded ended{.id = container.id, .start_ms = container.start_ms, .end_ms = now_ms};
  ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  ended.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended.out_of_memory = container.out_of_memory && ended.signal == SIGKILL;
  if (!container.cgroup.empty()) {
    // One that outlived the end of a child of its own has not failed by it.
    ended.out_of_memory = ended.exit_code != 0 && cgroups_->out_of_memory(container.cgroup);
    cgroups_->end(container.cgroup);
  }
  ended.peak_memory_bytes = static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
  // One that was quicker than our looks would have been killed all the same where the kernel watches.
  if (container.memory_bytes > 0 &&
      ended.peak_memory_bytes > std::max(container.memory_bytes, container.inherited_bytes)) {
    ended.out_of_memory = true;
    ended.signal = SIGKILL;
    ended.exit_code = 128 + SIGKILL;
  }
  return ended;
}

void ContainerTable::forget(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) ended_.erase(id);
}

void ContainerTable::check_memory() {
  const std::map<pid_t, std::int64_t> resident = resident_bytes_by_group();
  for (auto& [pid, container] : running_) {
    if (container.memory_bytes == 0) continue;
    const auto used = resident.find(pid);
    if (used == resident.end() || used->second <= container.memory_bytes) continue;
    container.out_of_memory = true;
    ::kill(-pid, SIGKILL);
  }
}

std::vector<Notice> ContainerTable::known() const {
  std::vector<Notice> out;
  out.reserve(running_.size() + ended_.size());
  for (const auto& [pid, container] : running_) {
    out.push_back(ContainerStarted{container.id, pid, container.start_ms});
  }
  for (const auto& [id, ended] : ended_) out.push_back(ended);
  return out;
}

// "PID START", one a line: enough to know a process again, and its group with it.
void ContainerTable::note_group(pid_t pid) {
  const auto facts = facts_of(pid);
  if (!facts) return;
  const std::string line = std::to_string(pid) + " " + std::to_string(facts->start_ticks) + "\n";
  // A line that is not written is a group that a killed agent leaves behind: not worth failing for.
  if (::write(groups_, line.data(), line.size()) > 0) groups_bytes_ += line.size();
  if (groups_bytes_ > limits::groups_file_bytes) rewrite_groups();
}

void ContainerTable::rewrite_groups() {
  groups_bytes_ = 0;
  if (::ftruncate(groups_, 0) != 0) return;
  for (const auto& [pid, container] : running_) note_group(pid);
}

void ContainerTable::kill_left_groups() {
  std::ifstream in(file("agent.groups"));
  pid_t pid = 0;
  std::uint64_t start = 0;
  while (in >> pid >> start) {
    if (pid <= 1) continue;
    // The leader died with its agent, or is still the one we knew. Another leader's group is not ours.
    const auto leader = facts_of(pid);
    if (!leader || leader->start_ticks == start) ::kill(-pid, SIGKILL);
  }
}

void ContainerTable::save_ended() const {
  if (ended_.empty()) return;
  const std::string path = file("agent.ended");
  {
    std::ofstream out(path + ".new", std::ios::trunc);
    for (const auto& [id, ended] : ended_) out << encode(Notice(ended));
  }
  ::rename((path + ".new").c_str(), path.c_str());
}

void ContainerTable::load_ended() {
  const std::string path = file("agent.ended");
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto notice = decode_notice(line);
    const auto* ended = notice ? std::get_if<ContainerEnded>(&*notice) : nullptr;
    if (ended != nullptr) ended_[ended->id] = *ended;
  }
  ::unlink(path.c_str());
}

}  // namespace ork::embedded
