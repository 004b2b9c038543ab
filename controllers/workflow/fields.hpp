#pragma once

// Rules about single fields, read off one table: which there are, which must be there, how large a
// number and how long a list may be. What is of the wrong type is left to the decoder.

#include <string_view>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// `spec` is an object.
void check_fields(const api::Json& spec, std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
