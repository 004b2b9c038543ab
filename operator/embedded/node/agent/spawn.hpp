#pragma once

// Starts one program as the leader of a new process group, as cheaply as Linux allows: vfork and
// exec, so that nothing of the caller's memory is copied.

#include <sys/types.h>

#include <string>
#include <vector>

#include "controllers/result/result.hpp"

namespace ork::embedded {

struct SpawnRequest {
  const std::vector<std::string>& argv;  // at least one
  const std::vector<std::string>& env;   // "NAME=value"
  const std::string& cwd;
  int input = -1;            // becomes 0
  int output = -1;           // becomes 1 and 2
  std::string cgroup_procs;  // a cgroup's cgroup.procs to join; empty: none
};

struct Spawned {
  pid_t pid = 0;
  bool in_cgroup = false;  // false also where the kernel refused: the program runs all the same
};

// Where in PATH of `env` the program is; folders that are not absolute are left out. A name with a '/'
// is returned as it is. Empty: nowhere.
std::string find_program(const std::string& name, const std::vector<std::string>& env);

// The child dies when the calling thread does (SIGKILL); it has no file but 0, 1 and 2 and no signal
// blocked, ignored or handled. The error is a sentence, in the words of container runtimes.
Result<Spawned, std::string> spawn(const SpawnRequest& request);

}  // namespace ork::embedded
