#pragma once

// From what the indexes of a task have of their own to the ConfigMap that hands it out: their items, their inputs. Each
// is a key, which the Job's Pods mount as the file of their own index (docs/design/0012).

#include <string>
#include <string_view>

#include "controllers/api/workflow_run.hpp"

namespace ork::jobs {

// As JSON text: the same data give the same bytes. It is immutable: they stay the same for every attempt, and no node
// has to watch it. `data`: texts by key (workflow/items.hpp).
std::string build_items(const api::ObjectMeta& run, std::string_view workflow, std::string_view task,
                        const api::Json& data);

}  // namespace ork::jobs
