// run rerun: a new run that repeats an earlier one, and inherits from it what need not be done again.

#include <utility>

#include "controllers/workflow/compile.hpp"
#include "controllers/workflow/find_task.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/verbs/started.hpp"

namespace ork::cli {
namespace {

class Repeater {
 public:
  Repeater(const RunRerunFlags& flags, Context& context) : flags_(flags), context_(context) {}

  ExitCode run() {
    auto earlier = get_run(context_, flags_.run);
    if (!earlier) return fail(context_.console, earlier.error());
    if (!api::is_final(earlier->run.status.phase)) {
      return fail(context_.console,
                  {ExitCode::Error,
                   "run " + flags_.run + " has not ended (" + std::string(api::to_string(earlier->run.status.phase)) +
                       "): wait for its end, or cancel it: ork run cancel " + flags_.run + context_.flags});
    }
    if (auto fits = check_task(earlier->run); !fits) return fail(context_.console, fits.error());
    auto repeated = repeat(*earlier);
    if (!repeated) return fail(context_.console, repeated.error());
    const auto created = create_run(context_, *repeated);
    if (!created) return fail(context_.console, created.error());
    return tell_created(context_, *created, {flags_.follow, flags_.timeout, flags_.output});
  }

 private:
  // What the new run is going to run; null where it can't be had or told: the operator tells what is wrong with it.
  Result<DefinitionPtr, Failure> definition(const api::WorkflowRun& earlier) {
    if (flags_.same_revision || earlier.spec.workflow != nullptr) return get_definition(context_, earlier);
    auto stored = get_object(context_, workflows, earlier.spec.workflow_ref);
    if (!stored) return Err(stored.error());
    auto compiled = workflow::compile(stored->value("spec", Json()));
    if (!compiled) return DefinitionPtr();
    return std::make_shared<const workflow::Definition>(std::move(*compiled));
  }

  // The operator would tell as well, but only once the run is there.
  Status<Failure> check_task(const api::WorkflowRun& earlier) {
    if (flags_.from.empty()) return Done{};
    const auto found = definition(earlier);
    if (!found) return Err(found.error());
    if (*found == nullptr) return Done{};
    std::string problem = workflow::no_such_task(**found, flags_.from, workflow::Among::Tasks);
    if (problem.empty()) return Done{};
    return Err(Failure{ExitCode::NotFound, std::move(problem)});
  }

  Result<Json, Failure> repeat(const FoundRun& earlier) const {
    const Json& old_spec = earlier.object.at("spec");
    Json spec = Json::object();
    for (const char* field : {"workflow", "params", "scheduledTime", "ttlSecondsAfterFinished"}) {
      if (old_spec.contains(field)) spec[field] = old_spec.at(field);
    }
    const api::WorkflowRun& run = earlier.run;
    if (!run.spec.workflow_ref.empty()) spec["workflowRef"] = {{"name", run.spec.workflow_ref}};
    if (flags_.same_revision && !run.spec.workflow_ref.empty()) {
      if (run.status.revision.empty()) {
        return Err(Failure{ExitCode::Error, "run " + flags_.run +
                                                " ended before it had a revision to start from: leave out --revision"});
      }
      spec["workflowRef"]["revision"] = run.status.revision;
    }
    spec["rerunOf"] = {{"name", run.meta.name}, {"uid", run.meta.uid}};
    if (flags_.from_failed) spec["rerunOf"]["from"] = api::from_failed;
    if (!flags_.from.empty()) spec["rerunOf"]["from"] = flags_.from;
    return Json{{"apiVersion", api::api_version},
                {"kind", "WorkflowRun"},
                {"metadata", metadata(earlier)},
                {"spec", std::move(spec)}};
  }

  // Named like the earlier one, and found by the same labels.
  Json metadata(const FoundRun& earlier) const {
    const Json& old = earlier.object.at("metadata");
    Json out = Json::object();
    if (old.contains("labels")) out["labels"] = old.at("labels");
    if (!flags_.name.empty()) {
      out["name"] = flags_.name;
    } else if (old.contains("generateName")) {
      out["generateName"] = old.at("generateName");
    } else {
      const std::string& workflow = earlier.run.spec.workflow_ref;
      out["generateName"] = (workflow.empty() ? earlier.run.meta.name : workflow) + "-";
    }
    return out;
  }

  const RunRerunFlags& flags_;
  Context& context_;
};

}  // namespace

ExitCode run_rerun(const RunRerunFlags& flags, Context& context) { return Repeater(flags, context).run(); }

}  // namespace ork::cli
