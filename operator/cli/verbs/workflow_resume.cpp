// workflow resume: closes a circuit breaker, by an annotation that says when.

#include "controllers/api/condition.hpp"
#include "controllers/api/workflow.hpp"
#include "controllers/workflow/circuit.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/objects.hpp"

namespace ork::cli {
namespace {

ExitCode resume_one(const std::string& name, Context& context) {
  const auto object = get_object(context, workflows, name);
  if (!object) return fail(context.console, object.error());
  const auto workflow = api::decode_workflow(*object);
  if (!workflow)
    return fail(context.console,
                {ExitCode::Error, "Workflow " + name + " can't be read: " + workflow.error().sentence()});
  const std::string shown = print::name_of(*object);
  const api::Condition* suspended = api::find_condition(workflow->status.conditions, "Suspended");
  if (suspended != nullptr && suspended->reason == workflow::reason_suspended) {
    return fail(context.console, {ExitCode::Error, shown + " is suspended by its own spec.suspend: set that to false, "
                                                           "where the Workflow is written"});
  }
  if (suspended == nullptr) {
    context.console.out(shown + " is not suspended\n");
    return ExitCode::Ok;
  }
  const std::string now = api::format_time(context.session.loop().wall_ms());
  const Json patch = {{"metadata", {{"annotations", {{api::annotation_resumed, now}}}}}};
  const auto answer = patch_object(context, workflows, name, kube::PatchType::Merge, patch.dump());
  if (!answer) return fail(context.console, answer.error());
  context.console.out(shown + " resumed\n");
  return ExitCode::Ok;
}

}  // namespace

ExitCode workflow_resume(const WorkflowResumeFlags& flags, Context& context) {
  ExitCode worst = ExitCode::Ok;
  for (const std::string& name : flags.workflows) {
    const ExitCode one = resume_one(name, context);
    if (one != ExitCode::Ok) worst = one;
  }
  return worst;
}

}  // namespace ork::cli
