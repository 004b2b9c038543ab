#pragma once

// Getting one object by its name, and what it is to a verb.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"
#include "operator/cli/verbs/verbs.hpp"

namespace ork::cli {

// The object; where there is none, the failure names the one that was probably meant.
Result<Json, Failure> get_object(Context& context, const kube::Resource& resource, const std::string& name);

// A run with the JSON it came from.
struct FoundRun {
  Json object;
  api::WorkflowRun run;
};
Result<FoundRun, Failure> get_run(Context& context, const std::string& name);

// Changes an object, as the field manager that all verbs are.
Result<Answered, Failure> patch_object(Context& context, const kube::Resource& resource, const std::string& name,
                                       kube::PatchType type, std::string body);

// The runs of a Workflow, in any order; what can't be read is left out.
Result<std::vector<api::WorkflowRun>, Failure> runs_of_workflow(Context& context, const std::string& workflow);

using DefinitionPtr = std::shared_ptr<const workflow::Definition>;

// What the run runs, where the run itself says it; else null.
DefinitionPtr inline_definition(const api::WorkflowRun& run);
// The revision that a run pins; null where it does not compile.
DefinitionPtr definition_of_revision(const Json& revision);
// Asks for the revision where need be; null where it can't be had: then less can be shown of the run.
DefinitionPtr get_definition(Context& context, const api::WorkflowRun& run);

}  // namespace ork::cli
