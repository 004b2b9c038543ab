#pragma once

// Where a node keeps what belongs to a Pod, below one folder of its own (mode 0700):
//
//   pods/NS_POD_UID/volumes/NAME      its volumes
//   pods/NS_POD_UID/NAME.termination  what a container says when it ends
//   pods/NS_POD_UID/NAME.log          what a container has written
//
// One folder a Pod and two files a container: to a file system, making and removing these is most of
// what a short container costs.
//
// Names come from the API server, which lets no '/' into them; what has one all the same gets no path.

#include <filesystem>
#include <string>
#include <unordered_set>
#include <vector>

#include "controllers/api/meta.hpp"
#include "controllers/result/result.hpp"

namespace ork::embedded {

class PodFolders {
 public:
  explicit PodFolders(std::string root) : root_(std::move(root)) {}

  // Makes the root and its first level.
  Status<std::string> prepare() const;
  const std::string& root() const { return root_; }

  std::string pod_folder(const api::ObjectMeta& pod) const;
  std::string volumes(const api::ObjectMeta& pod) const { return pod_folder(pod) + "/volumes"; }
  std::string termination(const api::ObjectMeta& pod, const std::string& container) const;
  std::string log(const api::ObjectMeta& pod, const std::string& container) const;

  // The error names what no file can be called.
  Status<std::string> check(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  // What its containers' processes need: the folder, and a termination file each. What is there stays.
  Status<std::string> make(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  Status<std::string> empty_termination(const api::ObjectMeta& pod, const std::string& container) const;
  // More is there than its logs: they were made, and remove_run() was not called yet.
  bool begun(const api::ObjectMeta& pod) const;
  // All but the logs; or everything.
  void remove_run(const api::ObjectMeta& pod) const;
  // The same for one that has no volumes.
  void remove_terminations(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  void remove_all(const api::ObjectMeta& pod) const;
  // Everything of Pods that are none of these.
  void remove_all_but(const std::unordered_set<std::string>& uids) const;

 private:
  std::vector<std::filesystem::path> all_but_logs(const api::ObjectMeta& pod) const;

  std::string root_;
};

// The last `bytes` of a regular file, and of these the last `lines`; empty where there is none.
std::string tail_of(const std::string& path, std::size_t bytes, std::size_t lines = SIZE_MAX);

}  // namespace ork::embedded
