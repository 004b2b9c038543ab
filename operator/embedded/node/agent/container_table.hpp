#pragma once

// The containers of an agent: what runs, and what has ended and nobody has acknowledged. Each is a
// process group whose leader is our child; when the leader ends, what is left of its group is killed,
// as all of a container dies with its first process.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "operator/embedded/node/agent/cgroups.hpp"
#include "operator/embedded/node/agent/messages.hpp"

namespace ork::embedded {

class ContainerTable {
 public:
  // `folder` keeps agent.groups and agent.ended. Process groups that an earlier agent left behind when
  // it was killed are killed now; what had ended unacknowledged when it went is taken over.
  // `cgroups` may be null: then memory is looked at now and then.
  ContainerTable(std::string folder, std::unique_ptr<Cgroups> cgroups);
  ~ContainerTable();
  ContainerTable(const ContainerTable&) = delete;
  ContainerTable& operator=(const ContainerTable&) = delete;

  // ContainerStarted; or ContainerEnded where it could not be started. An id that is known already is
  // answered with what is known of it.
  Notice start(const StartContainer& request, std::int64_t now_ms);
  // Nothing happens where it does not run.
  void signal(const std::string& id, int signal);
  void signal_all(int signal);
  // All that have ended since the last call. To be called after SIGCHLD.
  std::vector<ContainerEnded> reap(std::int64_t now_ms);
  void forget(const std::vector<std::string>& ids);

  // Kills those that use more memory than they may and that no cgroup watches.
  void check_memory();
  bool watches_memory() const { return watched_ > 0; }
  // By the kernel.
  bool limits_memory() const { return cgroups_ != nullptr; }
  bool limits_cpu() const { return cgroups_ != nullptr && cgroups_->limits_cpu(); }

  std::size_t running() const { return running_.size(); }
  std::vector<Notice> known() const;
  // Stores what nobody has acknowledged for the next agent.
  void save_ended() const;

 private:
  struct Running {
    std::string id;
    std::int64_t start_ms = 0;
    std::int64_t memory_bytes = 0;  // 0: nothing to watch
    // What a new process is said to have used already: it is born with our memory.
    std::int64_t inherited_bytes = 0;
    bool out_of_memory = false;
    std::string cgroup;  // its name; empty: it is in none
  };

  std::string file(const char* name) const { return folder_ + "/" + name; }
  void note_group(pid_t pid);
  void rewrite_groups();
  void kill_left_groups();
  void load_ended();
  ContainerEnded end(pid_t pid, const Running& container, std::int64_t now_ms);

  std::string folder_;
  std::unique_ptr<Cgroups> cgroups_;
  std::uint64_t cgroups_made_ = 0;
  int null_ = -1;
  int groups_ = -1;
  std::size_t groups_bytes_ = 0;
  std::map<pid_t, Running> running_;
  std::unordered_map<std::string, pid_t> pids_;  // of running_, by id
  std::unordered_map<std::string, ContainerEnded> ended_;
  std::size_t watched_ = 0;
};

}  // namespace ork::embedded
