// Shapes with tasks that are Workflows, run by child runs, or that wait for other runs, or for objects of other kinds.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// The Workflow "w": two tasks, of which the second gives out what the run does.
Json callee(const Json& more = Json::object()) {
  return workflow_of(
      {task("x"), task("y", {"x"})},
      both({{"params", {{{"name", "n"}, {"type", "integer"}, {"default", 0}}}}, {"output", "tasks.y.output"}}, more));
}

std::vector<ProgramRule> callee_writes() { return {{.task = "y", .program = writes("7")}}; }

std::vector<Shape> calls() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "call",
                    .objects = {callee(), run_of({task("a"), call("sub", {"a"}, Json::object(), {{"n", "1 + 1"}}),
                                                  task("b", {"sub"}, {{"inputs", {{"x", "tasks.sub.output"}}}})},
                                                 {{"output", "tasks.sub.output"}})},
                    .programs = callee_writes()});
  shapes.push_back({.name = "call-alone", .objects = {callee(), run_of({call("sub")})}, .programs = callee_writes()});
  shapes.push_back({.name = "call-fails",
                    .objects = {callee(), run_of({call("sub"), task("b", {"sub"}),
                                                  task("alarm", {"sub"}, {{"trigger", "anyFailed"}})})},
                    .programs = {{.task = "y", .up_to_attempt = 9, .program = fails()}},
                    .ends = {"Failed"}});
  // Each attempt's run is new, so its y fails again.
  shapes.push_back({.name = "call-retried",
                    .objects = {callee(), run_of({call("sub", {}, retry(2))})},
                    .programs = {{.task = "y", .up_to_attempt = 9, .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "call-fan-out",
                    .objects = {callee(), run_of({call("sub", {}, {{"forEach", {1, 2, 3, 4, 5}}, {"parallelism", 2}},
                                                       {{"n", "item + index"}}),
                                                  task("b", {"sub"}, {{"inputs", {{"x", "tasks.sub.output"}}}})})},
                    .programs = callee_writes()});
  shapes.push_back({.name = "call-of-what-is-not-there", .objects = {run_of({call("sub")})}, .ends = {"Failed"}});
  Json again = workflow_of({call("sub")});
  shapes.push_back({.name = "call-of-itself", .objects = {again, run_by_name()}, .ends = {"Failed"}});
  return shapes;
}

std::vector<Shape> stopped_calls() {
  std::vector<Shape> shapes;
  const std::vector<ProgramRule> slow = {{.task = "x", .program = runs_for(hour_of_ms)}};
  shapes.push_back({.name = "call-cancelled",
                    .objects = {callee(), run_of({call("sub"), task("b", {"sub"})})},
                    .programs = slow,
                    .wishes = {wish(5'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "call-deleted",
                    .objects = {callee(), run_of({call("sub", {}, {{"count", 3}})})},
                    .programs = slow,
                    .wishes = {wish(6'000, Wish::Kind::DeleteRun)},
                    .gone = 1,
                    .steady = false});
  shapes.push_back({.name = "call-timeout",
                    .objects = {callee(), run_of({call("sub", {}, both(retry(1), {{"timeout", "8s"}})),
                                                  task("alarm", {"sub"}, {{"trigger", "anyFailed"}})})},
                    .programs = slow,
                    .ends = {"Failed", "Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "call-suspended",
                    .objects = {callee(), run_of({call("sub"), task("b", {"sub"})})},
                    .programs = callee_writes(),
                    .wishes = {wish(1'000, Wish::Kind::Suspend), wish(20'000, Wish::Kind::Resume)}});
  shapes.push_back({.name = "call-kept-for-its-parent",
                    .objects = {callee({{"ttlSecondsAfterFinished", 0}, {"successfulRunsHistoryLimit", 0}}),
                                run_of({call("sub"), task("b", {"sub"})})},
                    .programs = callee_writes()});
  shapes.push_back({.name = "call-acted-on",
                    .objects = {callee(), run_of({call("sub"), task("b", {"sub"})})},
                    .programs = {{.task = "x", .program = runs_for(20'000)}},
                    .wishes = {act(5'000, "Retry", "sub"), act(9'000, "Kill", "sub"), act(200'000, "Retry", "sub"),
                               act(700'000, "MarkSucceeded", "sub")},
                    .ends = {"Succeeded", "Failed", "Cancelled"},
                    .steady = false});
  return shapes;
}

std::vector<Shape> waits_for_runs() {
  std::vector<Shape> shapes;
  const auto wait_for_run = [](const char* name) -> Json { return {{"wait", {{"run", {{"name", name}}}}}}; };
  shapes.push_back({.name = "wait-for-a-run",
                    .objects = {named(run_of({task("hold", {}, wait_for_run("'other'")),
                                              task("b", {"hold"}, {{"inputs", {{"x", "tasks.hold.output"}}}})}),
                                      "r"),
                                named(run_of({task("y")}, {{"output", "tasks.y.output"}}), "other")},
                    .programs = callee_writes()});
  shapes.push_back({.name = "wait-for-a-run-that-comes-late",
                    .objects = {run_of({task("hold", {}, wait_for_run("'other'")), task("b", {"hold"})})},
                    .wishes = {wish(30'000, Wish::Kind::Make, named(run_of({task("y")}), "other"))}});
  shapes.push_back({.name = "wait-for-a-run-that-fails",
                    .objects = {run_of({task("hold", {}, wait_for_run("'other'")), task("b", {"hold"})}),
                                named(run_of({task("y")}), "other")},
                    .programs = {{.task = "y", .up_to_attempt = 9, .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "wait-for-a-run-that-never-comes",
                    .objects = {run_of({task("hold", {}, both(wait_for_run("'other'"), {{"timeout", "20s"}}))})},
                    .ends = {"Failed"}});
  return shapes;
}

std::vector<Shape> waits_for_objects() {
  std::vector<Shape> shapes;
  const auto wait_for_switch = [](const Json& more) -> Json {
    return {{"wait", {{"object", both({{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", "'switch'"}}, more)}}}};
  };
  const Json says_yes = {{"until", "object.data.go == 'yes'"}};
  shapes.push_back({.name = "wait-for-an-object",
                    .objects = {switch_that_says("yes"),
                                run_of({task("hold", {}, wait_for_switch(says_yes)), task("b", {"hold"})})}});
  shapes.push_back({.name = "wait-for-an-object-that-comes-late",
                    .objects = {run_of({task("hold", {}, wait_for_switch(Json::object())), task("b", {"hold"})})},
                    .wishes = {wish(30'000, Wish::Kind::Make, switch_that_says("no"))}});
  shapes.push_back({.name = "wait-for-an-object-that-never-says-so",
                    .objects = {switch_that_says("no"),
                                run_of({task("hold", {}, both(wait_for_switch(says_yes), {{"timeout", "20s"}})),
                                        task("b", {"hold"}), task("alarm", {"hold"}, {{"trigger", "anyFailed"}})})},
                    .ends = {"Failed"}});
  return shapes;
}

}  // namespace

std::vector<Shape> calling_shapes() {
  std::vector<Shape> shapes = calls();
  for (Shape& shape : stopped_calls()) shapes.push_back(std::move(shape));
  for (Shape& shape : waits_for_runs()) shapes.push_back(std::move(shape));
  for (Shape& shape : waits_for_objects()) shapes.push_back(std::move(shape));
  return shapes;
}

}  // namespace ork::sim
