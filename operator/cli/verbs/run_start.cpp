// run start: a run of a Workflow, or of what a file holds; and its end, where somebody waits for it.

#include <algorithm>
#include <utility>

#include "controllers/workflow/compile.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/deployer.hpp"
#include "operator/cli/verbs/manifests.hpp"
#include "operator/cli/verbs/params.hpp"
#include "operator/cli/verbs/started.hpp"

namespace ork::cli {
namespace {

using manifest::Manifest;

const Json& field(const Json& object, const char* name) {
  static const Json none;
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it == object.end() ? none : *it;
}

Json run_of(const std::string& workflow) {
  return {{"apiVersion", api::api_version},
          {"kind", "WorkflowRun"},
          {"metadata", {{"generateName", workflow + "-"}}},
          {"spec", {{"workflowRef", {{"name", workflow}}}}}};
}

Result<std::vector<workflow::CompiledParam>, Failure> declared_by(const Json& spec, const std::string& whose) {
  auto compiled = workflow::compile(spec);
  if (compiled) return std::move(compiled->params);
  return Err(Failure{ExitCode::Invalid, whose + " is invalid: " + workflow::describe(compiled.error())});
}

class Starter {
 public:
  Starter(const RunStartFlags& flags, Context& context) : flags_(flags), context_(context) {}

  ExitCode run() {
    const auto prepared = flags_.file.empty() ? prepare_named() : prepare_file();
    if (!prepared) return fail(context_.console, prepared.error());
    const auto created = create_run(context_, run_);
    if (!created) return fail(context_.console, created.error());
    return tell_created(context_, *created, {flags_.follow, flags_.timeout, flags_.output});
  }

 private:
  Status<Failure> prepare_named() {
    run_ = run_of(flags_.workflow);
    return complete(nullptr);
  }

  Status<Failure> prepare_file() {
    const std::vector<std::string> paths = {flags_.file};
    auto manifests = read_manifests(context_.console, paths, /*recursive=*/false);
    if (!manifests) return Err(manifests.error());
    const Manifest* chosen_run = nullptr;
    const Manifest* workflow = nullptr;
    std::size_t runs = 0, workflows = 0;
    for (const Manifest& each : *manifests) {
      if (manifest::is_workflow_run(each.value) && ++runs == 1) chosen_run = &each;
      if (manifest::is_workflow(each.value) && ++workflows == 1) workflow = &each;
    }
    if (runs > 1 || (runs == 0 && workflows != 1)) {
      return Err(Failure{ExitCode::Usage, flags_.file + " holds " + std::to_string(runs) + " runs and " +
                                              std::to_string(workflows) +
                                              " Workflows, so it does not say which one to start"});
    }
    run_ = chosen_run != nullptr ? chosen_run->value : run_of(std::string(manifest::name_of(workflow->value)));
    auto ns = namespace_for(chosen_run != nullptr ? run_ : workflow->value, flags_.cluster, context_.ns);
    if (!ns) return Err(ns.error());
    context_.ns = *std::move(ns);
    if (auto done = complete(&*manifests); !done) return done;
    return deploy_others(*manifests);
  }

  // Name and params.
  Status<Failure> complete(const std::vector<Manifest>* manifests) {
    if (!flags_.name.empty()) {
      run_["metadata"].erase("generateName");
      run_["metadata"]["name"] = flags_.name;
    }
    auto declared = declared_params(manifests);
    if (!declared) return Err(declared.error());
    auto params = params_of(flags_, field(run_["spec"], "params"), *declared);
    if (!params) return Err(params.error());
    if (!params->empty()) run_["spec"]["params"] = *std::move(params);
    return Done{};
  }

  Result<std::vector<workflow::CompiledParam>, Failure> declared_params(const std::vector<Manifest>* manifests) {
    const Json& inline_workflow = field(run_["spec"], "workflow");
    if (!inline_workflow.is_null()) return declared_by(inline_workflow, "the workflow of the run");
    const std::string name = field(field(run_["spec"], "workflowRef"), "name").get<std::string>();
    if (manifests != nullptr) {
      for (const Manifest& each : *manifests) {
        if (manifest::is_workflow(each.value) && manifest::name_of(each.value) == name) {
          return declared_by(field(each.value, "spec"), "Workflow " + name);
        }
      }
    }
    auto stored = get_object(context_, workflows, name);
    if (!stored) return Err(stored.error());
    return declared_by(field(*stored, "spec"), "Workflow " + name);
  }

  // A run may need what stands beside it in its file: its Workflow, ConfigMaps, Secrets.
  Status<Failure> deploy_others(const std::vector<Manifest>& manifests) {
    Deployer deployer(context_.session, /*dry_run=*/false, /*force_conflicts=*/false);
    for (const Manifest& each : manifests) {
      if (manifest::is_workflow_run(each.value)) continue;
      const auto ns = namespace_for(each.value, flags_.cluster, context_.ns);
      if (!ns) return Err(ns.error());
      auto deployed = deployer.apply(each.value, *ns);
      if (!deployed) return Err(deployed.error());
      context_.console.err_line(print::name_of(each.value) + " " + deployed->verb);
    }
    return Done{};
  }

  const RunStartFlags& flags_;
  Context& context_;
  Json run_;
};

}  // namespace

ExitCode run_start(const RunStartFlags& flags, Context& context) { return Starter(flags, context).run(); }

}  // namespace ork::cli
