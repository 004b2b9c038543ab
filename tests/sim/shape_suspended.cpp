// Shapes of Workflows that let no run start for a while.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// Whatever has struck by then is over.
constexpr std::int64_t after_all_ms = 900'000;

Wish resume(std::int64_t at_ms) {
  return wish(at_ms, Wish::Kind::EditWorkflow,
              {{"metadata", {{"annotations", {{"ork.dev/resumed-at", std::to_string(at_ms)}}}}}});
}

Json breaker(int failures) { return {{"circuitBreaker", {{"failures", failures}}}}; }

}  // namespace

std::vector<Shape> suspended_shapes() {
  std::vector<Shape> shapes;
  const std::vector<ProgramRule> failing = {{.task = "a", .program = fails()}};
  shapes.push_back({.name = "workflow-suspended",
                    .objects = {workflow_of({task("a"), task("b", {"a"})}, {{"suspend", true}}), run_by_name()},
                    .wishes = {wish(30'000, Wish::Kind::EditWorkflow, {{"spec", {{"suspend", false}}}})}});
  shapes.push_back({.name = "circuit-opens",
                    .objects = {workflow_of({task("a")}, breaker(2)), run_by_name("r1"), run_by_name("r2")},
                    .programs = failing,
                    .wishes = {wish(600'000, Wish::Kind::Make, run_by_name("r3")), resume(after_all_ms)},
                    .ends = {"Failed"}});
  shapes.push_back(
      {.name = "circuit-and-an-edit",
       .objects = {workflow_of({task("a")}, breaker(1)), run_by_name("r1")},
       .programs = failing,
       .wishes = {wish(600'000, Wish::Kind::Make, run_by_name("r2")),
                  wish(after_all_ms, Wish::Kind::EditWorkflow, edit_to({task("a", {}, {{"image", "busybox:1.37"}})}))},
       .ends = {"Failed"}});
  shapes.push_back(
      {.name = "circuit-cancelled-while-open",
       .objects = {workflow_of({task("a")}, breaker(1)), run_by_name("r1")},
       .programs = failing,
       .wishes = {wish(600'000, Wish::Kind::Make, run_by_name("r2")), wish(after_all_ms, Wish::Kind::Cancel)},
       .ends = {"Failed", "Cancelled"}});
  shapes.push_back({.name = "circuit-stays-closed",
                    .objects = {workflow_of({task("a")}, breaker(3)), run_by_name("r1"), run_by_name("r2")},
                    .programs = failing,
                    .wishes = {wish(60'000, Wish::Kind::Make, run_by_name("other"))},
                    .ends = {"Failed"},
                    .steady = false});
  // A run by a param of 0 has no input to give.
  const Json divides = task("a", {}, {{"inputs", {{"x", "1 / params.p"}}}});
  const auto run_with = [](const char* name, int p) { return run_by_name(name, {{"params", {{"p", p}}}}); };
  shapes.push_back(
      {.name = "circuit-closed-by-a-success",
       .objects = {workflow_of({divides}, both(breaker(2), {{"params", {{{"name", "p"}}}}})), run_with("r1", 0)},
       .wishes = {wish(600'000, Wish::Kind::Make, run_with("r2", 1)),
                  wish(700'000, Wish::Kind::Make, run_with("r3", 0)),
                  wish(800'000, Wish::Kind::Make, run_with("r4", 1))},
       .ends = {"Failed", "Succeeded"}});
  return shapes;
}

}  // namespace ork::sim
