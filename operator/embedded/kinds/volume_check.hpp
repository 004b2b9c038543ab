#pragma once

// The volumes of a Pod.

#include <set>
#include <string>

#include "operator/embedded/kinds/object_meta.hpp"

namespace ork::embedded {

struct CheckedVolumes {
  std::set<std::string> names;  // of those with which nothing is wrong: mounts may name them
  Problems problems;
};

CheckedVolumes check_volumes(const Place& volumes);

// "a/../b" and the like, of paths within a volume.
Problems descending_path_problems(const Place& path, const std::string& field);
// A field of the Pod that its containers are given.
Problems field_selector_problems(const Place& selector, const std::set<std::string>& known);
Problems resource_selector_problems(const Place& selector, bool in_volume);

}  // namespace ork::embedded
