// run cancel: says that a run shall stop, and waits until it has.

#include <algorithm>
#include <utility>

#include "operator/cli/cluster/lists.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/follow.hpp"
#include "operator/cli/verbs/objects.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

class Canceller {
 public:
  Canceller(const RunCancelFlags& flags, Context& context) : flags_(flags), context_(context) {}

  ExitCode run() {
    auto names = names_of_runs();
    if (!names) return fail(context_.console, names.error());
    // All are told before the first is waited for.
    for (const std::string& name : *names) note(cancel(name));
    if (!flags_.no_wait) {
      for (const FoundRun& run : cancelled_) {
        const ExitCode code = wait(run);
        note(code);
        if (code == ExitCode::Interrupted) break;
      }
    }
    return code_;
  }

 private:
  // The first thing that went wrong is the verb's exit code; the other runs are cancelled all the same.
  void note(ExitCode code) {
    if (code_ == ExitCode::Ok) code_ = code;
  }

  Result<std::vector<std::string>, Failure> names_of_runs() {
    if (flags_.labels.empty()) return flags_.runs;
    auto listed =
        list_objects(context_.session, workflow_runs, {.ns = context_.ns, .labels = flags_.labels, .fields = {}});
    if (!listed) return Err(listed.error());
    std::vector<std::string> names;
    for (const Json& run : listed->items) names.emplace_back(manifest::name_of(run));
    if (names.empty()) context_.console.err_line("No resources found");
    return names;
  }

  ExitCode cancel(const std::string& name) {
    auto found = get_run(context_, name);
    if (!found) return fail(context_.console, found.error());
    if (api::is_final(found->run.status.phase)) {
      say(*found, "has ended already (" + std::string(api::to_string(found->run.status.phase)) + ")");
      return ExitCode::Ok;
    }
    const auto answer =
        patch_object(context_, workflow_runs, name, kube::PatchType::Merge, R"({"spec":{"cancel":true}})");
    if (!answer) return fail(context_.console, answer.error());
    if (flags_.no_wait) say(*found, "is being cancelled");
    cancelled_.push_back(*std::move(found));
    return ExitCode::Ok;
  }

  ExitCode wait(const FoundRun& found) {
    const Followed followed = follow_run(context_, found, {.timeout = flags_.timeout, .tell_ending = false});
    switch (followed.code) {
      case ExitCode::Ok:
      case ExitCode::RunFailed:
      case ExitCode::RunTimedOut: say(found, "ended before it could be cancelled"); return ExitCode::Ok;
      case ExitCode::RunCancelled: say(found, "cancelled"); return ExitCode::Ok;
      default: return followed.code;
    }
  }

  void say(const FoundRun& found, const std::string& what) {
    context_.console.out(print::name_of(found.object) + " " + what + "\n");
  }

  const RunCancelFlags& flags_;
  Context& context_;
  std::vector<FoundRun> cancelled_;
  ExitCode code_ = ExitCode::Ok;
};

}  // namespace

ExitCode run_cancel(const RunCancelFlags& flags, Context& context) { return Canceller(flags, context).run(); }

}  // namespace ork::cli
