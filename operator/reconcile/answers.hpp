#pragma once

// What the API server answers to our writes, read as far as we need it.

#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/job.hpp"

namespace ork::reconcile {

// The resourceVersion of the object in a write's answer; nullopt where there is none to be read.
std::optional<std::string> written_version(std::string_view body);
// A Job in full, as a GET answers it.
std::optional<api::Job> read_job_answer(std::string_view body);
// A Job's metadata, as a create that asked for metadata only is answered.
std::optional<api::Job> created_job(std::string_view body);

}  // namespace ork::reconcile
