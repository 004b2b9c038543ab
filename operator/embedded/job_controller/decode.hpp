#pragma once

// From the JSON of lists and watches to job.hpp. Both throw simdjson::simdjson_error where the JSON
// is not what the API promises; the watcher quarantines such an object.

#include <simdjson.h>

#include "operator/embedded/job_controller/job.hpp"

namespace ork::embedded {

Job read_job(simdjson::ondemand::object& json);
JobPod read_job_pod(simdjson::ondemand::object& json);

}  // namespace ork::embedded
