#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "operator/embedded/kinds/object_meta.hpp"

namespace ork::embedded {

// Of seconds, and of the ids of users and groups: what fits 32 bits.
constexpr std::int64_t most_whole_number = std::numeric_limits<std::int32_t>::max();

Problems pod_problems(const Json& pod, const Json* old);
Problems pod_status_problems(const Json& pod, const Json* old);

// Of the metadata and spec of the Pods that a Job makes.
Problems pod_template_problems(const Place& pod_template);

// What an update of a Pod may not do.
Problems pod_update_problems(const Json& pod, const Json& old);
Problems toleration_problems(const Place& tolerations);

std::vector<std::string> pod_warnings(const Json& pod);

}  // namespace ork::embedded
