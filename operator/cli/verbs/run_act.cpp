// run retry, clear, kill, mark-succeeded, mark-failed, approve and reject: add to the run's spec.actions, and tell what
// came of it. run suspend and resume: spec.suspend.

#include <algorithm>
#include <cctype>
#include <memory>

#include "controllers/run/waiting.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/cluster/run_follower.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/objects.hpp"

namespace ork::cli {
namespace {

// How often the run may have changed between reading and writing it.
constexpr int max_tries = 10;

class Asker {
 public:
  Asker(const RunActFlags& flags, Context& context) : flags_(flags), context_(context) {}

  ExitCode run() {
    auto action = new_action();
    if (!action) return fail(context_.console, action.error());
    auto found = append(*std::move(action));
    if (!found) return fail(context_.console, found.error());
    name_ = print::name_of(found->object);
    if (flags_.no_wait) {
      context_.console.out(name_ + " is asked to do " + std::string(api::to_string(flags_.act)) + " of " + task_ +
                           " (" + id_ + ")\n");
      return ExitCode::Ok;
    }
    return wait(found->run);
  }

 private:
  Result<Json, Failure> new_action() {
    const std::string act(api::to_string(flags_.act));
    id_ = act + "-" + std::to_string(context_.session.loop().wall_ms());
    id_[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(id_[0])));
    Json action = {{"id", id_}, {"do", act}};
    const std::string by = flags_.by.empty() ? user_name() : flags_.by;
    if (!by.empty()) action["by"] = by;
    if (!flags_.comment.empty()) action["comment"] = flags_.comment;
    if (!flags_.output) return action;
    Json output = Json::parse(*flags_.output, nullptr, false);
    if (output.is_discarded()) return Err(Failure{ExitCode::Invalid, "--output is no JSON: " + *flags_.output});
    action["output"] = std::move(output);
    return action;
  }

  // Empty where the API server does not tell.
  std::string user_name() {
    const Json review = {{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "SelfSubjectReview"}};
    kube::Request request = kube::create_request(self_subject_reviews, "", review.dump());
    request.accept = "application/json";  // it is nothing but its status
    const auto answer = ask(context_.session, std::move(request));
    if (!answer) return "";
    const Json::json_pointer place("/status/userInfo/username");
    return answer->object.contains(place) && answer->object[place].is_string()
               ? answer->object[place].get<std::string>()
               : "";
  }

  // The one that is named, or the only one that asks.
  Result<std::string, Failure> task_of(const api::WorkflowRun& run) const {
    if (!flags_.task.empty()) return flags_.task;
    std::vector<std::string> asking;
    for (const api::TaskStatusPtr& task : run.status.tasks) {
      if (task->phase == api::Phase::Running && task->reason == run::reason_asking) asking.push_back(task->name);
    }
    if (asking.size() == 1) return asking.front();
    if (asking.empty()) return Err(Failure{ExitCode::Error, "no task of run " + flags_.run + " waits for an answer"});
    std::string names;
    for (const std::string& name : asking) names += (names.empty() ? "" : ", ") + name;
    return Err(Failure{ExitCode::Error, std::to_string(asking.size()) + " tasks of run " + flags_.run +
                                            " wait for an answer: say which, by --task (" + names + ")"});
  }

  Result<FoundRun, Failure> append(Json action) {
    for (int tries = 1;; ++tries) {
      auto found = get_run(context_, flags_.run);
      if (!found) return found;
      if (api::is_final(found->run.status.phase)) {
        return Err(Failure{ExitCode::Error, "run " + flags_.run + " has ended already (" +
                                                std::string(api::to_string(found->run.status.phase)) +
                                                "): only a run that goes on can be acted on"});
      }
      auto task = task_of(found->run);
      if (!task) return Err(task.error());
      task_ = *std::move(task);
      action["task"] = task_;
      const auto answer =
          patch_object(context_, workflow_runs, flags_.run, kube::PatchType::Json, patch_of(*found, action).dump());
      if (answer) return found;
      if (answer.error().code != ExitCode::Conflict || tries == max_tries) return Err(answer.error());
    }
  }

  // Nothing that was added meanwhile is lost: it is for the run as it was read.
  static Json patch_of(const FoundRun& found, const Json& action) {
    const bool first = found.run.spec.actions.empty();
    return Json::array(
        {{{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", found.run.meta.resource_version}},
         {{"op", "add"},
          {"path", first ? "/spec/actions" : "/spec/actions/-"},
          {"value", first ? Json::array({action}) : action}}});
  }

  ExitCode wait(const api::WorkflowRun& run) {
    context_.session.on_interrupt([this] { stop(ExitCode::Interrupted, "not waited for; " + where_told()); });
    std::unique_ptr<runtime::Timer> timeout;
    if (flags_.timeout) {
      timeout = context_.session.loop().after(*flags_.timeout,
                                              [this] { stop(ExitCode::WaitTimeout, "not done yet; " + where_told()); });
    }
    RunFollower follower(context_.session, context_.ns, run.meta.name, run.meta.uid,
                         {.on_change = [this](const api::WorkflowRun& now, const Json&) { look(now); },
                          .on_gone = [this] { stop(ExitCode::NotFound, "the run was deleted"); },
                          .on_trouble = [this](const std::string& sentence) { context_.console.err_line(sentence); }});
    follower.start();
    context_.session.run();
    return code_;
  }

  void look(const api::WorkflowRun& run) {
    const auto& told = run.status.actions;
    const auto it =
        std::find_if(told.begin(), told.end(), [this](const api::ActionStatus& one) { return one.id == id_; });
    if (it == told.end() || stopped_) return;
    if (!it->done) return stop(ExitCode::Error, "error: refused: " + it->message);
    context_.console.out(name_ + ": " + it->message + "\n");
    stopped_ = true;
    context_.session.stop();
  }

  std::string where_told() const {
    return "ork run status " + flags_.run + context_.flags + " shows what comes of " + id_;
  }

  void stop(ExitCode code, const std::string& message) {
    if (stopped_) return;
    stopped_ = true;
    code_ = code;
    context_.console.err_line(message);
    context_.session.stop();
  }

  const RunActFlags& flags_;
  Context& context_;
  std::string id_;
  std::string task_;
  std::string name_;
  bool stopped_ = false;
  ExitCode code_ = ExitCode::Ok;
};

ExitCode suspend_one(const std::string& name, bool suspend, Context& context) {
  auto found = get_run(context, name);
  if (!found) return fail(context.console, found.error());
  const std::string shown = print::name_of(found->object);
  if (api::is_final(found->run.status.phase)) {
    return fail(context.console, {ExitCode::Error, shown + " has ended already (" +
                                                       std::string(api::to_string(found->run.status.phase)) + ")"});
  }
  if (found->run.spec.suspend == suspend) {
    context.console.out(shown + (suspend ? " is suspended already\n" : " is not suspended\n"));
    return ExitCode::Ok;
  }
  const auto answer = patch_object(context, workflow_runs, name, kube::PatchType::Merge,
                                   suspend ? R"({"spec":{"suspend":true}})" : R"({"spec":{"suspend":false}})");
  if (!answer) return fail(context.console, answer.error());
  context.console.out(shown + (suspend ? " suspended\n" : " resumed\n"));
  return ExitCode::Ok;
}

}  // namespace

ExitCode run_act(const RunActFlags& flags, Context& context) { return Asker(flags, context).run(); }

ExitCode run_suspend(const RunSuspendFlags& flags, Context& context) {
  ExitCode code = ExitCode::Ok;
  for (const std::string& name : flags.runs) {
    const ExitCode one = suspend_one(name, flags.suspend, context);
    if (code == ExitCode::Ok) code = one;
  }
  return code;
}

}  // namespace ork::cli
