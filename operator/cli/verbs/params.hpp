#pragma once

// The params of a run as they are given on a command line: by text, to be read as the Workflow declares them.

#include <span>
#include <string>

#include "controllers/workflow/definition.hpp"
#include "operator/cli/verbs/verbs.hpp"

namespace ork::cli {

// "day=2026-01-01" as a value: a string where the param is one (or is not declared), else JSON; text that is none
// stays text, so that the check of its type can say what it is.
struct GivenParam {
  std::string name;
  Json value;
};
Result<GivenParam, Failure> read_param(const std::string& text, std::span<const workflow::CompiledParam> declared);

// `params` of a run with what the flags give, the file first; later ones win. Then all of them are checked against
// `declared`: the failure names every problem.
Result<Json, Failure> params_of(const RunStartFlags& flags, Json params,
                                std::span<const workflow::CompiledParam> declared);

}  // namespace ork::cli
