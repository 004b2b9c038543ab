#pragma once

// A process has no mounts of its own, so a path inside the container stands for one on this machine:
// a volume's mountPath for its folder, the termination message's path for a private file. Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ork::embedded {

class PathMap {
 public:
  // `inside` is absolute; "/" and what is not absolute are not taken. The first of two equal ones holds.
  void add(std::string inside, std::string outside);

  // The path on this machine where `path` is a mapped one or lies below it; else `path` itself.
  std::string path(std::string_view path) const;

  // `text` with each mapped path in it replaced, wherever it stands as a path of its own: "cat /in/a"
  // for one mounted at /in, but neither "/bin/in/a" nor "/inner". A real path that a shell would not
  // take as one word replaces only a text that is a path as a whole.
  std::string text(std::string_view text) const;

  bool empty() const { return entries_.empty(); }
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  const std::pair<std::string, std::string>* match(std::string_view text) const;

  std::vector<std::pair<std::string, std::string>> entries_;  // inside, outside; longest inside first
};

}  // namespace ork::embedded
