// Shapes with hooks: of runs and of tasks, that do well and that don't.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// {hooks: {onExit: [...]}}
Json hooks(Json lists) { return {{"hooks", std::move(lists)}}; }

// One at each moment, called after it: "r-start", "r-success", "r-failure", "r-exit".
Json at_each_moment(const std::string& name, const Json& more = Json::object()) {
  return hooks({{"onStart", {task(name + "-start", {}, more)}},
                {"onSuccess", {task(name + "-success", {}, more)}},
                {"onFailure", {task(name + "-failure", {}, more)}},
                {"onExit", {task(name + "-exit", {}, more)}}});
}

std::vector<Shape> of_runs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "hooks-of-a-run", .objects = {run_of({task("a"), task("b", {"a"})}, at_each_moment("r"))}});
  shapes.push_back(
      {.name = "hooks-of-a-failed-run",
       .objects = {workflow_of({task("a"), task("b", {"a"})}, at_each_moment("r", retry(1))), run_by_name()},
       .programs = {{.task = "b", .program = fails()}, {.task = "r-failure", .up_to_attempt = 1, .program = fails()}},
       .ends = {"Failed"}});
  shapes.push_back({.name = "hooks-that-fail",
                    .objects = {run_of({task("a")}, at_each_moment("r"))},
                    .programs = {{.task = "r-start", .program = fails()}, {.task = "r-exit", .program = fails(3)}}});
  shapes.push_back({.name = "hook-that-fails-its-run",
                    .objects = {run_of({task("a")}, hooks({{"onSuccess", {task("check", {}, {{"failsRun", true}})}},
                                                           {"onFailure", {task("alarm")}}}))},
                    .programs = {{.task = "check", .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back(
      {.name = "hooks-that-know-the-result",
       .objects = {run_of({task("a"), task("b", {"a"})},
                          hooks({{"onExit",
                                  {task("collect", {}, {{"inputs", {{"how", "run.phase"}, {"n", "tasks.a.output"}}}}),
                                   task("send", {"collect"}, {{"trigger", "allDone"}}),
                                   task("never", {}, {{"when", "run.phase == 'Cancelled'"}}),
                                   task("moot", {}, {{"inputs", {{"x", "tasks.b.output.none"}}}})}}}))},
       .programs = {{.task = "a", .program = writes("7")}, {.task = "collect", .program = fails()}}});
  shapes.push_back({.name = "hooks-beside-no-room",
                    .objects = {run_of({task("a"), task("b"), task("fan", {"a"}, {{"count", 2}})},
                                       both(at_each_moment("r"), {{"parallelism", 1}}))}});
  return shapes;
}

std::vector<Shape> of_tasks() {
  std::vector<Shape> shapes;
  shapes.push_back(
      {.name = "hooks-of-tasks",
       .objects = {run_of({task("a", {}, at_each_moment("a")), task("b", {"a"}, both(at_each_moment("b"), retry(1))),
                           task("c", {"b"}, at_each_moment("c"))})},
       .programs = {{.task = "b", .program = fails()}},
       .ends = {"Failed"}});
  shapes.push_back(
      {.name = "hooks-of-a-fan-out",
       .objects = {run_of(
           {task("plan"),
            task("fan", {"plan"}, both(both(at_each_moment("f"), retry(1)), {{"count", 3}, {"onFailure", "run"}})),
            task("end", {"fan"})},
           at_each_moment("r"))},
       .programs = {{.task = "fan", .index = 1, .program = fails()}}});
  shapes.push_back({.name = "hooks-of-a-wait",
                    .objects = {run_of({task("hold", {}, both({{"wait", {{"for", "4s"}}}}, at_each_moment("h"))),
                                        task("no", {}, both({{"when", "run.name == 's'"}}, at_each_moment("n")))})}});
  return shapes;
}

std::vector<Shape> stopped() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "hooks-of-a-cancelled-run",
                    .objects = {run_of({task("a", {}, at_each_moment("a")), task("b", {"a"}, at_each_moment("b"))},
                                       at_each_moment("r"))},
                    .programs = {{.task = "a", .program = runs_for(hour_of_ms)}},
                    .wishes = {wish(6'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "hooks-and-a-late-cancel",
                    .objects = {run_of({task("a")}, at_each_moment("r"))},
                    .programs = {{.task = "r-exit", .program = runs_for(30'000)}},
                    .wishes = {wish(15'000, Wish::Kind::Cancel), wish(16'000, Wish::Kind::Suspend)},
                    .ends = {"Succeeded", "Cancelled"},
                    .steady = false});
  shapes.push_back(
      {.name = "hooks-after-the-runs-time",
       .objects = {run_of({task("a", {}, at_each_moment("a"))}, both(at_each_moment("r"), {{"timeout", "8s"}}))},
       .programs = {{.task = "a", .program = runs_for(hour_of_ms)}},
       .ends = {"Failed"},
       .steady = false});
  shapes.push_back({.name = "hooks-that-take-too-long",
                    .objects = {run_of({task("a")}, hooks({{"timeout", "20s"}, {"onExit", {task("slow")}}}))},
                    .programs = {{.task = "slow", .program = runs_for(hour_of_ms)}},
                    .steady = false});
  shapes.push_back(
      {.name = "hooks-acted-on",
       .objects = {run_of({task("a", {}, at_each_moment("a")), task("slow", {"a"})}, at_each_moment("r"))},
       .programs = {{.task = "slow", .program = runs_for(20'000)}, {.task = "r-exit", .program = runs_for(hour_of_ms)}},
       .wishes = {act(8'000, "Clear", "a"), act(400'000, "Retry", "a"), act(400'100, "Kill", "r-exit"),
                  act(500'000, "MarkSucceeded", "r-exit")},
       .ends = {"Succeeded", "Failed"},
       .steady = false});
  shapes.push_back({.name = "hooks-of-a-deleted-run",
                    .objects = {run_of({task("a")}, at_each_moment("r"))},
                    .programs = {{.task = "r-exit", .program = runs_for(hour_of_ms)}},
                    .wishes = {wish(400'000, Wish::Kind::DeleteRun)},
                    .gone = 1,
                    .steady = false});
  return shapes;
}

}  // namespace

std::vector<Shape> hooked_shapes() {
  std::vector<Shape> shapes = of_runs();
  for (Shape& shape : of_tasks()) shapes.push_back(std::move(shape));
  for (Shape& shape : stopped()) shapes.push_back(std::move(shape));
  return shapes;
}

}  // namespace ork::sim
