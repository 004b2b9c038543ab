// Shapes of runs that inherit from earlier ones.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

Json rerun_of(const std::string& name, const char* from) { return {{"rerunOf", {{"name", name}, {"from", from}}}}; }

// b fails once, and is tried again only where `retries` says so; what it makes of a, the fan-out and the branch does
// not depend on that.
Json tasks_with(int retries) {
  return {task("a"),
          task("fan", {"a"}, {{"count", 3}}),
          task("rare", {}, {{"when", "tasks.a.output > 9"}}),
          task("hold", {"a"}, {{"wait", {{"for", "2s"}}}}),
          task("b", {"fan", "rare", "hold"},
               both(retry(retries), {{"trigger", "noneFailed"}, {"inputs", {{"x", "tasks.a.output"}}}})),
          task("c", {"b"}),
          task("beside")};
}

std::vector<ProgramRule> rerun_programs() {
  return {{.task = "a", .program = writes("7")},
          {.task = "fan", .program = writes("1")},
          {.task = "b", .up_to_attempt = 1, .program = fails()}};
}

std::vector<Shape> of_failed_runs() {
  std::vector<Shape> shapes;
  const Json again = named(run_of(tasks_with(1), Json::object(), rerun_of("r", "Failed")), "again");
  const Json once_more = named(run_of(tasks_with(1), Json::object(), rerun_of("again", "c")), "once-more");
  shapes.push_back({.name = "rerun-from-failed",
                    .objects = {run_of(tasks_with(0))},
                    .programs = rerun_programs(),
                    .wishes = {wish(late_ms, Wish::Kind::Make, again)},
                    .ends = {"Failed", "Succeeded"}});
  shapes.push_back(
      {.name = "rerun-of-a-rerun",
       .objects = {run_of(tasks_with(0))},
       .programs = rerun_programs(),
       .wishes = {wish(late_ms, Wish::Kind::Make, again), wish(late_ms + 60'000, Wish::Kind::Make, once_more)},
       .ends = {"Failed", "Succeeded"}});
  // In the middle of the weather; and it may be asked for before there is anything to inherit.
  for (const auto& [name, at_ms] : {std::pair{"rerun-soon", 25'000}, {"rerun-too-soon", 3'000}}) {
    shapes.push_back({.name = name,
                      .objects = {run_of(tasks_with(0))},
                      .programs = rerun_programs(),
                      .wishes = {wish(at_ms, Wish::Kind::Make, again)},
                      .ends = {"Failed", "Succeeded"},
                      .steady = false});
  }
  shapes.push_back({.name = "rerun-acted-on",
                    .objects = {run_of(tasks_with(0))},
                    .programs = rerun_programs(),
                    .wishes = {wish(25'000, Wish::Kind::Make, again), act(26'000, "Clear", "fan"),
                               act(27'000, "MarkFailed", "beside"), act(28'000, "Retry", "hold")},
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  shapes.push_back({.name = "rerun-cancelled",
                    .objects = {run_of(tasks_with(0))},
                    .programs = rerun_programs(),
                    .wishes = {wish(25'000, Wish::Kind::Make, again), wish(26'500, Wish::Kind::Cancel)},
                    .ends = {"Failed", "Succeeded", "Cancelled"},
                    .steady = false});
  return shapes;
}

std::vector<Shape> by_name() {
  const Json workflow = workflow_of({task("a"), task("b", {"a"}), task("c", {"b"}), task("d")});
  const Json again = run_by_name("again", rerun_of("r", "b"));
  std::vector<Shape> shapes;
  shapes.push_back({.name = "rerun-from-a-task",
                    .objects = {workflow, run_by_name()},
                    .wishes = {wish(late_ms, Wish::Kind::Make, again)}});
  shapes.push_back(
      {.name = "rerun-after-an-edit",
       .objects = {workflow, run_by_name()},
       .wishes = {wish(late_ms, Wish::Kind::EditWorkflow,
                       edit_to({task("a"), task("b", {"a"}), task("d", {}, {{"image", "busybox:1.37"}})})),
                  wish(late_ms + 60'000, Wish::Kind::Make, run_by_name("again", rerun_of("r", "Failed")))}});
  shapes.push_back({.name = "rerun-from-a-task-soon",
                    .objects = {workflow, run_by_name()},
                    .wishes = {wish(20'000, Wish::Kind::Make, again)},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  shapes.push_back({.name = "rerun-of-nothing",
                    .objects = {workflow, run_by_name("again", rerun_of("nobody", "Failed")),
                                run_by_name("other", rerun_of("other", "b"))},
                    .ends = {"Failed"}});
  return shapes;
}

}  // namespace

std::vector<Shape> reuse_shapes() {
  std::vector<Shape> shapes = of_failed_runs();
  for (Shape& shape : by_name()) shapes.push_back(std::move(shape));
  return shapes;
}

}  // namespace ork::sim
