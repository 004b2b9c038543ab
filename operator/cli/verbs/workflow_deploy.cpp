// workflow deploy: files to the cluster by server-side apply, or only checked.

#include <utility>

#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/deployer.hpp"
#include "operator/cli/verbs/manifests.hpp"

namespace ork::cli {
namespace {

using manifest::Manifest;

// A deploy that started runs would start them again with every deploy.
bool is_left_out(const Manifest& manifest, Console& console) {
  if (!manifest::is_workflow_run(manifest.value)) return false;
  console.err_line("ork: " + manifest.source->name + ": " + print::name_of(manifest.value) +
                   " is a run and is left out; start it with ork run start -f " + manifest.source->name);
  return true;
}

// Lines as kubectl apply prints them, or the objects themselves once all are through.
class Report {
 public:
  Report(Console& console, Format format, std::string suffix)
      : console_(console), format_(format), suffix_(std::move(suffix)) {}

  void add(const Json& object, const std::string& verb) {
    if (print::is_object_format(format_)) {
      objects_.push_back(object);
    } else {
      console_.out(print::name_of(object) + " " + verb + suffix_ + "\n");
    }
  }
  void finish() {
    if (!print::is_object_format(format_)) return;
    console_.out(objects_.size() == 1 ? print::object(objects_.front(), format_)
                                      : print::list(std::move(objects_), format_));
  }

 private:
  Console& console_;
  Format format_;
  std::string suffix_;
  std::vector<Json> objects_;
};

}  // namespace

ExitCode workflow_check(const WorkflowDeployFlags& flags, Console& console) {
  auto manifests = read_manifests(console, flags.paths, flags.recursive);
  if (!manifests) return fail(console, manifests.error());
  Report report(console, flags.output, " (dry run)");
  for (const Manifest& manifest : *manifests) {
    if (!is_left_out(manifest, console)) report.add(manifest.value, "valid");
  }
  report.finish();
  return ExitCode::Ok;
}

ExitCode workflow_deploy(const WorkflowDeployFlags& flags, Context& context) {
  auto manifests = read_manifests(context.console, flags.paths, flags.recursive);
  if (!manifests) return fail(context.console, manifests.error());
  const bool dry_run = flags.dry_run == DryRun::Server;
  Deployer deployer(context.session, dry_run, flags.force_conflicts);
  Report report(context.console, flags.output, dry_run ? " (server dry run)" : "");
  ExitCode code = ExitCode::Ok;
  for (const Manifest& manifest : *manifests) {
    if (is_left_out(manifest, context.console)) continue;
    const auto ns = namespace_for(manifest.value, flags.cluster, context.ns);
    auto deployed = ns ? deployer.apply(manifest.value, *ns) : Result<Deployed, Failure>(Err(ns.error()));
    if (deployed) {
      report.add(deployed->object, deployed->verb);
      continue;
    }
    // One that is refused keeps none of the others back.
    Failure failure = deployed.error();
    failure.message = manifest.source->name + ": " + failure.message;
    if (failure.code == ExitCode::Conflict) failure.message += " (--force-conflicts takes the fields over)";
    const ExitCode failed = fail(context.console, failure);
    if (code == ExitCode::Ok) code = failed;
  }
  report.finish();
  return code;
}

}  // namespace ork::cli
