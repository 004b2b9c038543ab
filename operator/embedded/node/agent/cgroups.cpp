#include "operator/embedded/node/agent/cgroups.hpp"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>

namespace ork::embedded {
namespace {

bool write_to(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  out << text << std::flush;
  return out.good();
}

bool lists(const std::string& path, const std::string& word) {
  std::ifstream in(path);
  for (std::string one; in >> one;) {
    if (one == word) return true;
  }
  return false;
}

// The nearest folder, from our own upwards, below which limits are already shared out and which is ours
// to make folders in and to move processes within.
std::string find_parent(const CgroupPlaces& places) {
  for (std::string below = places.own;; below.erase(below.rfind('/'))) {
    const std::string folder = places.root + below;
    const bool ours = ::access(folder.c_str(), W_OK) == 0 && ::access((folder + "/cgroup.procs").c_str(), W_OK) == 0;
    if (ours && lists(folder + "/cgroup.subtree_control", "memory")) return folder;
    if (below.empty() || below == "/") return {};
  }
}

void remove_tree(const std::string& folder) {
  write_to(folder + "/cgroup.kill", "1");
  if (DIR* entries = ::opendir(folder.c_str())) {
    while (const dirent* entry = ::readdir(entries)) {
      if (entry->d_type == DT_DIR && entry->d_name[0] != '.') ::rmdir((folder + "/" + entry->d_name).c_str());
    }
    ::closedir(entries);
  }
  ::rmdir(folder.c_str());
}

// Folders of agents that were killed.
void remove_left_folders(const std::string& parent, const std::string& prefix) {
  DIR* entries = ::opendir(parent.c_str());
  if (entries == nullptr) return;
  std::vector<std::string> left;
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    if (!name.starts_with(prefix)) continue;
    int pid = 0;
    const std::string_view digits = name.substr(prefix.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), pid);
    const bool ours = error == std::errc() && end == digits.data() + digits.size() && pid > 0;
    if (ours && ::kill(pid, 0) != 0 && errno == ESRCH) left.push_back(parent + "/" + std::string(name));
  }
  ::closedir(entries);
  for (const std::string& folder : left) remove_tree(folder);
}

}  // namespace

CgroupPlaces find_cgroups() {
  CgroupPlaces places;
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    // "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 ...": the mount point is the fifth word.
    if (line.find(" - cgroup2 ") == std::string::npos) continue;
    std::istringstream words(line);
    for (int i = 0; i < 5; ++i) words >> places.root;
  }
  std::ifstream own("/proc/self/cgroup");
  for (std::string line; std::getline(own, line);) {
    if (line.starts_with("0::/")) places.own = line.substr(3);
  }
  return places;
}

std::unique_ptr<Cgroups> Cgroups::open(const CgroupPlaces& places, const std::string& prefix, int pid) {
  if (places.own.empty()) return nullptr;
  const std::string parent = find_parent(places);
  if (parent.empty()) return nullptr;
  remove_left_folders(parent, prefix);
  const std::string folder = parent + "/" + prefix + std::to_string(pid);
  if (::mkdir(folder.c_str(), 0755) != 0 || !write_to(folder + "/cgroup.subtree_control", "+memory")) {
    ::rmdir(folder.c_str());
    return nullptr;
  }
  const bool cpu =
      lists(parent + "/cgroup.subtree_control", "cpu") && write_to(folder + "/cgroup.subtree_control", "+cpu");
  return std::unique_ptr<Cgroups>(new Cgroups(folder, cpu));
}

Cgroups::~Cgroups() {
  remove_ended();
  ::rmdir(folder_.c_str());
}

std::string Cgroups::make(const std::string& name, std::int64_t memory_bytes, std::int64_t cpu_millis) {
  remove_ended();
  const std::string folder = folder_ + "/" + name;
  if (::mkdir(folder.c_str(), 0755) != 0) return {};
  bool good = true;
  if (memory_bytes > 0) {
    good = write_to(folder + "/memory.max", std::to_string(memory_bytes));
    // All of the container dies together, and swap does not stretch the limit; older kernels lack these.
    write_to(folder + "/memory.oom.group", "1");
    write_to(folder + "/memory.swap.max", "0");
  }
  if (cpu_millis > 0 && limits_cpu_) {
    constexpr std::int64_t period_us = 100'000;
    const std::int64_t quota_us = std::max<std::int64_t>(1'000, cpu_millis * (period_us / 1000));
    good = good && write_to(folder + "/cpu.max", std::to_string(quota_us) + " " + std::to_string(period_us));
  }
  if (good) return folder + "/cgroup.procs";
  ::rmdir(folder.c_str());
  return {};
}

bool Cgroups::out_of_memory(const std::string& name) const {
  std::ifstream in(folder_ + "/" + name + "/memory.events");
  std::string event;
  for (std::int64_t count = 0; in >> event >> count;) {
    if (event == "oom_kill") return count > 0;
  }
  return false;
}

void Cgroups::end(const std::string& name) {
  write_to(folder_ + "/" + name + "/cgroup.kill", "1");
  ended_.push_back(folder_ + "/" + name);
  remove_ended();
}

// A folder goes only when the last process in it is gone, which takes a moment.
void Cgroups::remove_ended() {
  std::erase_if(ended_, [](const std::string& folder) { return ::rmdir(folder.c_str()) == 0 || errno == ENOENT; });
}

}  // namespace ork::embedded
