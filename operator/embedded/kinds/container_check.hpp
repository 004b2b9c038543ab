#pragma once

// The containers of a Pod.

#include <set>
#include <string>

#include "operator/embedded/kinds/object_meta.hpp"

namespace ork::embedded {

// What containers are checked against.
struct PodContext {
  std::set<std::string> volumes;
  std::int64_t grace_seconds = 0;
};

// Of spec.containers and spec.initContainers.
Problems container_problems(const Place& spec, const PodContext& context);

// Limits and requests, wherever they stand.
Problems resource_problems(const Place& resources);

}  // namespace ork::embedded
