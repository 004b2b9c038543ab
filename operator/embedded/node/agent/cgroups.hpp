#pragma once

// Limits by the kernel, where this process may make cgroups (version 2): a folder of our own beside the
// one we are in, and one below it for each container that has a limit. Nothing here needs root; where
// it is not allowed, open() says so by nullptr.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ork::embedded {

struct CgroupPlaces {
  std::string root = "/sys/fs/cgroup";  // where cgroup2 is mounted
  std::string own;                      // this process' own below it: "/user.slice/..."
};
// As /proc says; `own` is empty where there is no cgroup2.
CgroupPlaces find_cgroups();

class Cgroups {
 public:
  // Our folder is PREFIX and `pid`; those of agents whose pid is gone are emptied and removed.
  static std::unique_ptr<Cgroups> open(const CgroupPlaces& places, const std::string& prefix, int pid);
  ~Cgroups();
  Cgroups(const Cgroups&) = delete;
  Cgroups& operator=(const Cgroups&) = delete;

  bool limits_cpu() const { return limits_cpu_; }

  // The cgroup.procs to join; empty where it can't be made. 0: no limit.
  std::string make(const std::string& name, std::int64_t memory_bytes, std::int64_t cpu_millis);
  bool out_of_memory(const std::string& name) const;
  // Kills what is left in it; it is removed once it is empty.
  void end(const std::string& name);

 private:
  Cgroups(std::string folder, bool limits_cpu) : folder_(std::move(folder)), limits_cpu_(limits_cpu) {}
  void remove_ended();

  std::string folder_;
  bool limits_cpu_;
  std::vector<std::string> ended_;
};

}  // namespace ork::embedded
