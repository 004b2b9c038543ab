#pragma once

// Where a node keeps what belongs to a Pod, below one folder of its own (mode 0700):
//
//   pods/POD_UID.NAME.log          what a container has written
//   pods/POD_UID.NAME.termination  what a container says when it ends; it makes the file itself
//   pods/POD_UID/                  its volumes, where it has some
//
// For a short container that is one file made and one removed. More would show: a file system does not give out anew
// what was removed within the last minutes, and each new file or folder searches past all of that.
//
// Names come from the API server, which lets no '/' into them; what has one all the same gets no path.

#include <filesystem>
#include <string>
#include <unordered_set>
#include <vector>

#include "controllers/api/meta.hpp"
#include "controllers/result/result.hpp"

namespace ork::embedded {

class PodFiles {
 public:
  explicit PodFiles(std::string root) : root_(std::move(root)) {}

  // Makes the root and its first level.
  Status<std::string> prepare() const;
  const std::string& root() const { return root_; }

  // The error names what no file can be called.
  Status<std::string> check(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  std::string volumes(const api::ObjectMeta& pod) const;
  std::string termination(const api::ObjectMeta& pod, const std::string& container) const;
  std::string log(const api::ObjectMeta& pod, const std::string& container) const;

  // An empty file, for an engine to mount.
  Status<std::string> make_termination(const api::ObjectMeta& pod, const std::string& container) const;
  void remove_termination(const api::ObjectMeta& pod, const std::string& container) const;
  // A container of it may have been started.
  bool begun(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  // All but the logs; or everything.
  void remove_run(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  void remove_all(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const;
  // Everything of Pods that are none of these.
  void remove_all_but(const std::unordered_set<std::string>& uids) const;

 private:
  std::string path_of(const api::ObjectMeta& pod) const;
  std::string root_;
};

// The last `bytes` of a regular file, and of these the last `lines`; empty where there is none.
std::string tail_of(const std::string& path, std::size_t bytes, std::size_t lines = SIZE_MAX);

}  // namespace ork::embedded
