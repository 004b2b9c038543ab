#pragma once

// Fields of a Pod that Kubernetes 1.34 knows and, with its feature gates as they come, drops.

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

void drop_disabled_fields(Json& pod_spec);

}  // namespace ork::embedded
