// Shapes of Workflows whose runs a schedule makes. Somebody suspends it at last, so that there is an end.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

Json every_minute(Json more = Json::object()) { return {{"schedule", both({{"cron", "* * * * *"}}, more)}}; }

Wish schedule_is_suspended(std::int64_t at_ms) {
  return wish(at_ms, Wish::Kind::EditWorkflow, {{"spec", {{"schedule", {{"suspend", true}}}}}});
}

}  // namespace

// How many runs there are by then depends on the clocks and the weather.
std::vector<Shape> scheduled_shapes() {
  const Json two_tasks = {task("a"), task("b", {"a"}, {{"inputs", {{"time", "string(run.scheduledTime)"}}}})};
  std::vector<Shape> shapes;
  shapes.push_back({.name = "scheduled",
                    .objects = {workflow_of(two_tasks, every_minute())},
                    .wishes = {schedule_is_suspended(150'000)},
                    .steady = false});
  shapes.push_back({.name = "scheduled-and-never-two",
                    .objects = {workflow_of({task("a")}, every_minute({{"concurrencyPolicy", "Forbid"}}))},
                    .programs = {{.task = "a", .program = runs_for(70'000)}},
                    .wishes = {schedule_is_suspended(290'000)},
                    .steady = false});
  shapes.push_back({.name = "scheduled-and-replaced",
                    .objects = {workflow_of({task("a")}, every_minute({{"concurrencyPolicy", "Replace"}}))},
                    .programs = {{.task = "a", .program = runs_for(100'000)}},
                    .wishes = {schedule_is_suspended(250'000)},
                    .ends = {"Succeeded", "Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "scheduled-side-by-side",
                    .objects = {workflow_of({task("a")}, every_minute())},
                    .programs = {{.task = "a", .program = runs_for(100'000)}},
                    .wishes = {schedule_is_suspended(200'000)},
                    .steady = false});
  shapes.push_back(
      {.name = "scheduled-and-edited",
       .objects = {workflow_of(two_tasks, every_minute())},
       .wishes = {wish(100'000, Wish::Kind::EditWorkflow, {{"spec", {{"schedule", {{"cron", "*/2 * * * *"}}}}}}),
                  schedule_is_suspended(300'000)},
       .steady = false});
  return shapes;
}

}  // namespace ork::sim
