#pragma once

// Where a node keeps what belongs to a Pod, below one folder of its own (mode 0700):
//
//   pods/UID/volumes/NAME          its volumes
//   pods/UID/termination/NAME      what a container says when it ends
//   logs/NS_POD_UID/NAME.log       what a container has written
//
// Names come from the API server, which lets no '/' into them; what has one all the same gets no path.

#include <string>
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

  std::string volumes(const api::ObjectMeta& pod) const { return pod_folder(pod.uid) + "/volumes"; }
  std::string termination(const api::ObjectMeta& pod, const std::string& container) const;
  std::string log(const api::ObjectMeta& pod, const std::string& container) const;

  // The folders that its containers' processes need, and a termination file each; what is there stays.
  Status<std::string> make(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  Status<std::string> empty_termination(const api::ObjectMeta& pod, const std::string& container) const;
  bool exists(const api::ObjectMeta& pod) const;
  // All but the logs; or everything.
  void remove_run(const api::ObjectMeta& pod) const;
  void remove_all(const api::ObjectMeta& pod) const;
  // Uids of Pods that something is kept of.
  std::vector<std::string> kept_uids() const;
  void remove_uid(const std::string& uid) const;

 private:
  std::string pod_folder(const std::string& uid) const { return root_ + "/pods/" + uid; }
  std::string log_folder(const api::ObjectMeta& pod) const;

  std::string root_;
};

// The last `bytes` of a regular file, and of these the last `lines`; empty where there is none.
std::string tail_of(const std::string& path, std::size_t bytes, std::size_t lines = SIZE_MAX);

}  // namespace ork::embedded
