#include "operator/cli/verbs/started.hpp"

#include <utility>

#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/deployer.hpp"
#include "operator/cli/verbs/follow.hpp"

namespace ork::cli {

Result<FoundRun, Failure> create_run(Context& context, const Json& run) {
  kube::Request request =
      kube::create_request(workflow_runs, context.ns, run.dump(-1, ' ', false, Json::error_handler_t::replace));
  request.accept = "application/json";
  kube::add_query(request, "fieldManager", field_manager);
  kube::add_query(request, "fieldValidation", "Strict");
  auto answer = ask(context.session, std::move(request));
  if (!answer) return Err(answer.error());
  auto created = api::decode_workflow_run(answer->object);
  if (!created)
    return Err(Failure{ExitCode::Error, "the run was created, and can't be read: " + created.error().sentence()});
  return FoundRun{std::move(answer->object), *std::move(created)};
}

ExitCode tell_created(Context& context, const FoundRun& created, const Afterwards& wanted) {
  const bool objects = print::is_object_format(wanted.output);
  // Objects are printed once, as they are in the end.
  if (!objects) context.console.out(print::name_of(created.object) + " created\n");
  if (wanted.follow == Follow::No) {
    if (objects) context.console.out(print::object(created.object, wanted.output));
    return ExitCode::Ok;
  }
  FollowOptions options{.timeout = wanted.timeout};
  if (wanted.follow == Follow::Watch) options.style = FollowStyle::Tree;
  if (wanted.follow == Follow::Logs) options.style = FollowStyle::Logs;
  const Followed followed = follow_run(context, created, options);
  if (objects) context.console.out(print::object(followed.last, wanted.output));
  return followed.code;
}

}  // namespace ork::cli
