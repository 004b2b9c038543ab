#pragma once

// From the elements of a forEach to the ConfigMap that hands them out: a key an index, which the Job's Pods mount as
// the file of their own index (docs/design/0012).

#include <span>
#include <string>
#include <string_view>

#include "controllers/api/workflow_run.hpp"

namespace ork::jobs {

// As JSON text: the same items give the same bytes. It is immutable: the items stay the same for every attempt, and no
// node has to watch it.
std::string build_items(const api::ObjectMeta& run, std::string_view workflow, std::string_view task,
                        std::span<const std::string> items);

}  // namespace ork::jobs
