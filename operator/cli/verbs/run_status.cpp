// run status: one run, all there is to know, or live until it has ended.

#include "operator/cli/print/objects.hpp"
#include "operator/cli/show/ending.hpp"
#include "operator/cli/show/limits.hpp"
#include "operator/cli/show/tree.hpp"
#include "operator/cli/verbs/follow.hpp"

namespace ork::cli {
namespace {

void tell(Context& context, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) context.console.out(line + "\n");
}

std::string facts_of(const api::WorkflowRun& run) {
  std::string out;
  const auto fact = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    out += show::Line(name).pad_to(11).add(value).render({}) + "\n";
  };
  fact("Namespace", run.meta.ns);
  fact("Workflow", run.status.workflow.empty() ? run.spec.workflow_ref : run.status.workflow);
  fact("Revision", run.status.revision);
  if (!run.spec.params.empty()) {
    fact("Params", run.spec.params.dump(-1, ' ', false, api::Json::error_handler_t::replace));
  }
  if (run.status.start_ms != 0) fact("Started", api::format_time(run.status.start_ms));
  if (run.status.completion_ms != 0) fact("Ended", api::format_time(run.status.completion_ms));
  fact("Reason", std::string(show::reason_of(run)));
  if (run.status.output) fact("Output", run.status.output->dump(-1, ' ', false, api::Json::error_handler_t::replace));
  fact("Message", show::first_line(run.status.message, show::limits::message_columns, /*unicode=*/true));
  return out;
}

void tell_actions(const api::WorkflowRun& run, Context& context) {
  for (const api::ActionStatus& action : run.status.actions) {
    const std::string by = action.by.empty() ? "" : " by " + action.by;
    context.console.out(api::format_time(action.time_ms) + "  " + std::string(api::to_string(action.act)) + " of " +
                        action.task + by + (action.done ? ": " : " was refused: ") + action.message + "\n");
  }
}

void show_whole(const FoundRun& found, Context& context) {
  const DefinitionPtr definition = get_definition(context, found.run);
  const show::RunView view{found.run, definition.get(), context.session.loop().wall_ms()};
  const show::Screen screen = context.console.screen(Channel::Out);
  // Printed once: a terminal breaks long lines by itself, and a pipe wants them whole.
  const show::Screen whole{.colour = screen.colour, .unicode = screen.unicode};
  context.console.out(facts_of(found.run));
  tell(context, show::full_tree(view, whole));
  tell_actions(found.run, context);
  if (found.run.status.phase != api::Phase::Failed) return;
  tell(context, show::ending(view, {.flags = context.flags}, whole));
}

ExitCode watch(const RunStatusFlags& flags, const FoundRun& found, Context& context) {
  FollowOptions options{.style = FollowStyle::Tree, .channel = Channel::Out, .timeout = flags.timeout};
  if (print::is_object_format(flags.output)) {
    options.style = FollowStyle::Quiet;
    options.channel = Channel::Err;
    options.on_change = [&](const Json& object) { context.console.out(print::object(object, flags.output)); };
  }
  return follow_run(context, found, options).code;
}

}  // namespace

ExitCode run_status(const RunStatusFlags& flags, Context& context) {
  auto found = get_run(context, flags.run);
  if (!found) return fail(context.console, found.error());
  if (flags.watch) return watch(flags, *found, context);
  if (print::is_object_format(flags.output)) {
    context.console.out(print::object(found->object, flags.output));
  } else {
    show_whole(*found, context);
  }
  return ExitCode::Ok;
}

}  // namespace ork::cli
