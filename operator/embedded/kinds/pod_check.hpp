#pragma once

#include <string>
#include <vector>

#include "operator/embedded/kinds/object_meta.hpp"

namespace ork::embedded {

Problems pod_problems(const Json& pod, const Json* old);
Problems pod_status_problems(const Json& pod, const Json* old);

// Of the metadata and spec of the Pods that a Job makes.
Problems pod_template_problems(const Place& pod_template);

// What an update of a Pod may not do.
Problems pod_update_problems(const Json& pod, const Json& old);
Problems toleration_problems(const Place& tolerations);

std::vector<std::string> pod_warnings(const Json& pod);

}  // namespace ork::embedded
