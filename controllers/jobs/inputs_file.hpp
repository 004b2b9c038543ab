#pragma once

// The inputs of one index, as the file that it finds them in (docs/design/0012).

#include <string>

#include "controllers/workflow/definition.hpp"

namespace ork::jobs {

// `inputs`: all of this index, by name. For a script, lines of shell that export those that are the index's own, and
// ORK_INPUTS; else the JSON of all. Secret ones are left out.
std::string inputs_file(const workflow::CompiledTask& task, const api::Json& inputs);

// ORK_INPUTS: the JSON of all that are not secret.
std::string text_of_inputs(const workflow::CompiledTask& task, api::Json inputs);

}  // namespace ork::jobs
