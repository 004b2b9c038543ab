#pragma once

// What marks an object as one of a run: the labels by which it is found, and its owner.

#include <string>
#include <string_view>

#include "controllers/api/workflow_run.hpp"

namespace ork::jobs {

// Of what belongs to `task`. `workflow`: the Workflow's name; empty for an inline one.
api::Json labels_of(const api::ObjectMeta& run, std::string_view workflow, std::string_view task);

// name, namespace, labels and the run as the owner that controls it and takes it along when it goes.
api::Json metadata_of(const api::ObjectMeta& run, std::string_view name, api::Json labels);

// Strings come from the API server as valid UTF-8; what is not is replaced, so that no input can make this throw.
std::string body_of(const api::Json& object);

}  // namespace ork::jobs
