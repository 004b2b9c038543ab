#pragma once

// The containers of a Pod.

#include <set>
#include <string>
#include <vector>

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

// A text that must be there and be one of `supported`.
void append_choice(Problems& out, const Place& text, const std::vector<std::string>& supported);

}  // namespace ork::embedded
