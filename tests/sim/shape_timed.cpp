// Shapes with deadlines and times to live. What is over when depends on the weather: who looks too late may find
// that all has ended well.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

std::vector<Shape> deadlines_of_tasks() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "task-timeout",
                    .objects = {run_of({task("slow", {}, {{"timeout", "5s"}}), task("after", {"slow"})})},
                    .programs = {{.task = "slow", .program = runs_for(hour_ms)}},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back({.name = "task-timeout-retry",
                    .objects = {run_of({task("slow", {}, both(retry(2), {{"timeout", "5s"}})), task("b", {"slow"})})},
                    .programs = {{.task = "slow", .up_to_attempt = 1, .program = runs_for(hour_ms)}},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  shapes.push_back(
      {.name = "task-timeout-run",
       .objects = {run_of({task("slow", {}, {{"timeout", "4s"}, {"onFailure", "run"}}), task("after", {"slow"})})},
       .programs = {{.task = "slow", .program = runs_for(hour_ms)}},
       .steady = false});
  shapes.push_back({.name = "fan-out-timeout",
                    .objects = {run_of({task("fan", {}, {{"count", 3}, {"timeout", "6s"}})})},
                    .programs = {{.task = "fan", .index = 1, .program = runs_for(hour_ms)}},
                    .ends = {"Failed"},
                    .steady = false});
  // Some end just before their deadline, some just after, some as they are stopped for it.
  Json tasks = Json::array();
  std::vector<ProgramRule> programs;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "t" + std::to_string(i);
    tasks.push_back(task(name, {}, {{"timeout", "4s"}}));
    tasks.push_back(task("after-" + name, {name}));
    programs.push_back({.task = name, .program = runs_for(2'800 + 200 * i)});
  }
  shapes.push_back({.name = "ends-about-its-deadlines",
                    .objects = {run_of(std::move(tasks))},
                    .programs = std::move(programs),
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  // The schema knows no 0; a Job's deadline is a whole second at least.
  shapes.push_back({.name = "task-timeout-shortest",
                    .objects = {run_of({task("a", {}, {{"timeout", "1ms"}}), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = runs_for(5'000)}},
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  return shapes;
}

// Of Pods that don't start. The user's patience is shorter than ork's own, of five minutes.
std::vector<Shape> patience() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "image-stuck",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = stuck()}}});
  shapes.push_back({.name = "pending-timeout",
                    .objects = {run_of({task("a", {}, {{"pendingTimeout", "20s"}}), task("b", {"a"}),
                                        task("c", {"a"}, {{"trigger", "anyFailed"}})})},
                    .programs = {{.task = "a", .program = stuck()}},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back(
      {.name = "pending-timeout-retry",
       .objects = {run_of({task("a", {}, both(retry(2, "0s"), {{"pendingTimeout", "10s"}})), task("b", {"a"})})},
       .programs = {{.task = "a", .up_to_attempt = 1, .program = stuck()}},
       .ends = {"Succeeded", "Failed"},
       .steady = false});
  shapes.push_back({.name = "fan-out-pending-timeout",
                    .objects = {run_of({task("fan", {}, both(retry(2), {{"count", 3}, {"pendingTimeout", "10s"}})),
                                        task("b", {"fan"})})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = stuck()},
                                 {.task = "fan", .up_to_attempt = 1, .index = 2, .program = fails()}},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  return shapes;
}

std::vector<Shape> deadlines_of_runs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "run-timeout",
                    .objects = {run_of({task("first"), task("slow", {"first"})}, {{"timeout", "12s"}})},
                    .programs = {{.task = "slow", .program = runs_for(hour_ms)}},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back({.name = "run-timeout-in-backoff",
                    .objects = {run_of({task("a", {}, retry(2, "1m")), task("b", {"a"})}, {{"timeout", "20s"}})},
                    .programs = {{.task = "a", .program = fails()}},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back({.name = "run-timeout-of-a-fan-out",
                    .objects = {run_of({task("fan", {}, {{"count", 4}, {"parallelism", 1}}), task("end", {"fan"})},
                                       {{"timeout", "10s"}})},
                    .programs = {{.task = "fan", .program = runs_for(4'000)}},
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  shapes.push_back({.name = "run-timeout-shortest",
                    .objects = {run_of({task("a"), task("b", {"a"})}, {{"timeout", "1ms"}})},
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  shapes.push_back({.name = "run-timeout-suspended",
                    .objects = {run_of({task("a"), task("b", {"a"})}, {{"timeout", "15s"}})},
                    .wishes = {wish(500, Wish::Kind::Suspend)},
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  return shapes;
}

std::vector<Shape> times_to_live() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "ttl",
                    .objects = {run_of({task("a")}, Json::object(), {{"ttlSecondsAfterFinished", 20}})},
                    .gone = 1,
                    .steady = false});
  shapes.push_back(
      {.name = "ttl-of-nothing",
       .objects = {run_of({task("a"), task("b", {"a"})}, Json::object(), {{"ttlSecondsAfterFinished", 0}})},
       .gone = 1,
       .steady = false});
  shapes.push_back({.name = "ttl-of-the-workflow",
                    .objects = {workflow_of({task("a")}, {{"ttlSecondsAfterFinished", 15}}), run_by_name("r1"),
                                run_by_name("r2", {{"ttlSecondsAfterFinished", 3'600}})},
                    .gone = 1,
                    .steady = false});
  return shapes;
}

}  // namespace

std::vector<Shape> timed_shapes() {
  std::vector<Shape> all;
  for (std::vector<Shape> (*some)() : {deadlines_of_tasks, patience, deadlines_of_runs, times_to_live}) {
    for (Shape& shape : some()) all.push_back(std::move(shape));
  }
  return all;
}

}  // namespace ork::sim
