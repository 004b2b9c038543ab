#include "operator/cli/verbs/objects.hpp"

#include <utility>

#include "controllers/api/revision.hpp"
#include "controllers/dag/nearest.hpp"
#include "controllers/workflow/compile.hpp"
#include "operator/cli/cluster/lists.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/verbs/deployer.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

// The name probably meant, as a question; nothing where there is none, or where nobody may list.
std::string suggestion(Context& context, const kube::Resource& resource, const std::string& name) {
  auto listed = list_objects(context.session, resource, {.ns = context.ns, .labels = {}, .fields = {}});
  if (!listed) return {};
  std::vector<std::string_view> names;
  for (const Json& item : listed->items) names.push_back(manifest::name_of(item));
  const std::string_view nearest = dag::nearest(name, names);
  return nearest.empty() ? std::string() : "; did you mean " + std::string(nearest) + "?";
}

DefinitionPtr compiled(const api::Json& spec) {
  auto definition = workflow::compile(spec);
  if (!definition) return nullptr;
  return std::make_shared<const workflow::Definition>(*std::move(definition));
}

}  // namespace

Result<Json, Failure> get_object(Context& context, const kube::Resource& resource, const std::string& name) {
  auto answer = ask(context.session, kube::get_request(resource, context.ns, name));
  if (answer) return std::move(answer->object);
  Failure failure = answer.error();
  if (failure.code == ExitCode::NotFound) {
    failure.message += " in namespace " + context.ns + suggestion(context, resource, name);
  }
  return Err(std::move(failure));
}

Result<FoundRun, Failure> get_run(Context& context, const std::string& name) {
  auto object = get_object(context, workflow_runs, name);
  if (!object) return Err(object.error());
  auto run = api::decode_workflow_run(*object);
  if (!run) return Err(Failure{ExitCode::Error, "run " + name + " can't be read: " + run.error().sentence()});
  return FoundRun{*std::move(object), *std::move(run)};
}

Result<Answered, Failure> patch_object(Context& context, const kube::Resource& resource, const std::string& name,
                                       kube::PatchType type, std::string body) {
  kube::Request request = kube::patch_request(resource, context.ns, name, "", type, std::move(body));
  kube::add_query(request, "fieldManager", field_manager);
  return ask(context.session, std::move(request));
}

Result<std::vector<api::WorkflowRun>, Failure> runs_of_workflow(Context& context, const std::string& workflow) {
  auto listed = list_objects(context.session, workflow_runs,
                             {.ns = context.ns, .labels = {}, .fields = "status.workflow=" + workflow});
  if (!listed) return Err(listed.error());
  std::vector<api::WorkflowRun> runs;
  for (const Json& item : listed->items) {
    if (auto run = api::decode_workflow_run(item)) runs.push_back(*std::move(run));
  }
  return runs;
}

DefinitionPtr inline_definition(const api::WorkflowRun& run) {
  return run.spec.workflow == nullptr ? nullptr : compiled(*run.spec.workflow);
}

DefinitionPtr definition_of_revision(const Json& revision) {
  auto decoded = api::decode_revision(revision);
  return decoded && decoded->spec != nullptr ? compiled(*decoded->spec) : nullptr;
}

DefinitionPtr get_definition(Context& context, const api::WorkflowRun& run) {
  if (run.spec.workflow != nullptr) return inline_definition(run);
  if (run.status.revision.empty()) return nullptr;
  auto answer = ask(context.session, kube::get_request(controller_revisions, context.ns, run.status.revision));
  return answer ? definition_of_revision(answer->object) : nullptr;
}

}  // namespace ork::cli
