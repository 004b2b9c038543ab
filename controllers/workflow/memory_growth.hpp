#pragma once

// onOOM: how much memory the attempts of a task get, by how many before them ran out of it.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

struct MemoryGrowth {
  double factor = 2;  // more than 1
  std::string max;    // an amount as it is written, such as "8Gi"
  // What the main container is written with; one of them may be empty: it has none.
  std::string request;
  std::string limit;
};
using MemoryGrowthPtr = std::shared_ptr<const MemoryGrowth>;

// What is left of `written`, the request or the limit, once it has grown so many times: as written at first, later in
// whole Mi, and never more than the most.
std::string grown(const MemoryGrowth& growth, const std::string& written, int times);

// What a container may use once it has grown so many times: its limit, or its request where it has none.
std::string memory_of(const MemoryGrowth& growth, int times);

// Whether the next attempt would get more.
bool can_grow(const MemoryGrowth& growth, int times);

// onOOM of each task; null where there is none, or a problem with it. `path` is that of the spec.
std::vector<MemoryGrowthPtr> compile_memory_growths(const api::WorkflowSpec& spec, std::string_view path,
                                                    ProblemList& problems);

}  // namespace ork::workflow
