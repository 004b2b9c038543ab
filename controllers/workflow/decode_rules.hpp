#pragma once

// The spec as structs, and what is of the wrong type in it, in words that say how to write it.

#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

struct Decoded {
  api::WorkflowSpec spec;  // what could not be read is as if not set
  // The objects in which something could not be read: what rules say of them may only follow from that.
  std::vector<std::string> broken;
};

// `spec` is an object. What the table of fields has said already is not said again.
Decoded decode(const api::Json& spec, std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
