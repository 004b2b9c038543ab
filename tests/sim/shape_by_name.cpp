// Shapes of Workflows that are objects of their own: edited, mended, deleted; and of several runs.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// Another image: what a Job runs tells which revision it comes from.
Json edited(Json task_json) {
  task_json["image"] = "busybox:1.37";
  return task_json;
}

std::vector<Shape> of_one_workflow() {
  const Json workflow = workflow_of({task("a"), task("b", {"a"})});
  std::vector<Shape> shapes;
  shapes.push_back({.name = "by-name", .objects = {workflow, run_by_name()}});
  shapes.push_back({.name = "two-runs", .objects = {workflow, run_by_name("r1"), run_by_name("r2")}});
  shapes.push_back({.name = "by-name-params",
                    .objects = {workflow_of({task("a", {}, {{"inputs", {{"day", "params.day"}}}})},
                                            {{"params", {{{"name", "day"}}}}}),
                                run_by_name("r", {{"params", {{"day", "monday"}}}}),
                                run_by_name("s", {{"params", {{"night", "tuesday"}}}})},
                    .ends = {"Succeeded", "Failed"}});
  shapes.push_back({.name = "run-before-its-workflow",
                    .objects = {run_by_name()},
                    .wishes = {wish(5'000, Wish::Kind::Make, workflow)}});
  shapes.push_back({.name = "workflow-missing", .objects = {run_by_name()}, .ends = {"Failed"}});
  shapes.push_back({.name = "workflow-invalid",
                    .objects = {workflow_of({task("a", {"nobody"})}), run_by_name()},
                    .ends = {"Failed"}});
  // In time only if the news of it is.
  shapes.push_back({.name = "workflow-mended",
                    .objects = {workflow_of({task("a", {"nobody"})}), run_by_name()},
                    .wishes = {wish(500, Wish::Kind::EditWorkflow, edit_to({task("a"), task("b", {"a"})}))},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  shapes.push_back({.name = "history",
                    .objects = {workflow_of({task("a")}, {{"successfulRunsHistoryLimit", 1}}), run_by_name("r1"),
                                run_by_name("r2"), run_by_name("r3")},
                    .wishes = {wish(15'000, Wish::Kind::Make, run_by_name("r4"))},
                    .gone = 3,
                    .steady = false});
  shapes.push_back(
      {.name = "history-of-failures",
       .objects = {workflow_of({task("a")}, {{"failedRunsHistoryLimit", 0}}), run_by_name("r1"), run_by_name("r2")},
       .programs = {{.task = "a", .program = fails()}},
       .ends = {"Failed"},
       .gone = 2,
       .steady = false});
  return shapes;
}

std::vector<Shape> edited_workflows() {
  const Json workflow = workflow_of({task("a"), task("b", {"a"}), task("c", {"b"})});
  const Json other = edit_to({edited(task("a")), edited(task("c", {"a"})), edited(task("d", {"c"}))});
  std::vector<Shape> shapes;
  // What has begun goes on as it began; but which of both it begins with depends on the weather.
  shapes.push_back({.name = "edited-while-it-runs",
                    .objects = {workflow, run_by_name()},
                    .wishes = {wish(3'000, Wish::Kind::EditWorkflow, other)},
                    .steady = false});
  shapes.push_back({.name = "edited-at-once",
                    .objects = {workflow, run_by_name()},
                    .wishes = {wish(1, Wish::Kind::EditWorkflow, other)},
                    .steady = false});
  shapes.push_back(
      {.name = "edited-and-run-again",
       .objects = {workflow, run_by_name("r1")},
       .wishes = {wish(2'000, Wish::Kind::EditWorkflow, other), wish(2'500, Wish::Kind::Make, run_by_name("r2"))},
       .steady = false});
  shapes.push_back(
      {.name = "edited-and-back",
       .objects = {workflow, run_by_name()},
       .wishes = {wish(1'000, Wish::Kind::EditWorkflow, other),
                  wish(2'000, Wish::Kind::EditWorkflow, edit_to({task("a"), task("b", {"a"}), task("c", {"b"})}))},
       .steady = false});
  shapes.push_back({.name = "edited-to-nonsense",
                    .objects = {workflow, run_by_name()},
                    .programs = {{.task = "a", .program = runs_for(5'000)}},
                    .wishes = {wish(3'000, Wish::Kind::EditWorkflow, edit_to({task("a", {"nobody"})}))},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  // A run that has not pinned a revision by then waits for a Workflow, in vain.
  shapes.push_back({.name = "workflow-deleted",
                    .objects = {workflow, run_by_name()},
                    .wishes = {wish(3'000, Wish::Kind::DeleteWorkflows)},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  shapes.push_back({.name = "workflow-made-again",
                    .objects = {workflow, run_by_name("r1")},
                    .wishes = {wish(3'000, Wish::Kind::DeleteWorkflows),
                               wish(3'000, Wish::Kind::Make, workflow_of({edited(task("a")), task("d", {"a"})})),
                               wish(3'200, Wish::Kind::Make, run_by_name("r2"))},
                    .steady = false});
  return shapes;
}

std::vector<Shape> several_runs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "three-runs",
                    .objects = {named(run_of({task("a"), task("b", {"a"})}), "r1"),
                                named(run_of({task("fan", {}, {{"count", 3}})}), "r2"),
                                named(run_of({task("bad", {}, retry(1)), task("after", {"bad"})}), "r3")},
                    .programs = {{.task = "bad", .program = fails()}},
                    .ends = {"Succeeded", "Failed"}});
  // Job names of the one could be taken for the other's: a-b-1 is of both.
  shapes.push_back({.name = "names-that-run-together",
                    .objects = {named(run_of({task("b-c"), task("d", {"b-c"})}), "a"),
                                named(run_of({task("c"), task("c-d", {"c"})}), "a-b")}});
  shapes.push_back({.name = "one-of-two-cancelled",
                    .objects = {named(run_of({task("a"), task("b", {"a"})}), "r1")},
                    .wishes = {wish(6'000, Wish::Kind::Cancel),
                               wish(8'000, Wish::Kind::Make, named(run_of({task("a"), task("b", {"a"})}), "r2"))},
                    .ends = {"Succeeded", "Cancelled"},
                    .steady = false});
  return shapes;
}

}  // namespace

std::vector<Shape> by_name_shapes() {
  std::vector<Shape> all;
  for (std::vector<Shape> (*some)() : {of_one_workflow, edited_workflows, several_runs}) {
    for (Shape& shape : some()) all.push_back(std::move(shape));
  }
  return all;
}

}  // namespace ork::sim
