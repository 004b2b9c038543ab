// Shapes in which a task starts, or is left out, by a condition or by how others end.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

Json when(const char* condition) { return {{"when", condition}}; }
Json trigger(const char* name) { return {{"trigger", name}}; }

std::vector<Shape> conditions() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "when-branch",
                    .objects = {run_of({task("measure"), task("keep", {}, when("tasks.measure.output < 90")),
                                        task("clean", {}, both(retry(2), when("tasks.measure.output >= 90"))),
                                        task("end", {"keep", "clean"}, trigger("noneFailed"))})},
                    .programs = {{.task = "measure", .program = writes("93")},
                                 {.task = "clean", .up_to_attempt = 1, .program = fails()}}});
  shapes.push_back({.name = "when-false-far",
                    .objects = {run_of({task("a", {}, when("params.go")), task("b", {"a"}), task("c", {"b"}),
                                        task("d", {"c"}, trigger("allDone")), task("e")},
                                       {{"params", {{{"name", "go"}, {"type", "boolean"}, {"default", false}}}}})}});
  shapes.push_back({.name = "when-without-a-value",
                    .objects = {run_of({task("a"), task("b", {}, when("tasks.a.output.go")), task("c", {"b"})})},
                    .programs = {{.task = "a", .program = writes(R"({"stop":true})")}},
                    .ends = {"Failed"}});
  shapes.push_back(
      {.name = "when-after-a-failure",
       .objects = {run_of({task("a", {}, {{"onFailure", "run"}}), task("mend", {}, when("tasks.a.exitCode == 7")),
                           task("other", {}, when("tasks.a.exitCode != 7"))})},
       .programs = {{.task = "a", .program = fails(7)}}});
  return shapes;
}

std::vector<Shape> triggers() {
  std::vector<Shape> shapes;
  // The alarm is given while the others still run.
  shapes.push_back(
      {.name = "trigger-any-failed",
       .objects = {run_of({task("fast"), task("slow"), task("alarm", {"fast", "slow"}, trigger("anyFailed")),
                           task("calm", {"slow"}, trigger("anyFailed"))})},
       .programs = {{.task = "fast", .program = fails()}, {.task = "slow", .program = runs_for(9'000)}},
       .ends = {"Failed"}});
  shapes.push_back({.name = "trigger-any-succeeded",
                    .objects = {run_of({task("bad", {}, {{"onFailure", "run"}}), task("fast"), task("slow"),
                                        task("first", {"bad", "fast", "slow"}, trigger("anySucceeded")),
                                        task("none", {"bad"}, trigger("anySucceeded"))})},
                    .programs = {{.task = "bad", .program = fails()}, {.task = "slow", .program = runs_for(9'000)}}});
  shapes.push_back(
      {.name = "trigger-all-done",
       .objects = {run_of({task("bad"), task("after", {"bad"}), task("fan", {}, both(retry(1), {{"count", 3}})),
                           task("report", {"after", "fan"}, trigger("allDone")),
                           task("alarm", {"after"}, trigger("anyFailed"))})},
       .programs = {{.task = "bad", .program = fails()},
                    {.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()}},
       .ends = {"Failed"}});
  // Whatever its trigger, a task waits for what it reads.
  shapes.push_back(
      {.name = "trigger-and-input",
       .objects = {run_of(
           {task("fast"), task("slow"),
            task("use", {"fast"}, both(trigger("anySucceeded"), {{"inputs", {{"n", "tasks.slow.output"}}}}))})},
       .programs = {{.task = "slow", .program = {.runs = runtime::Duration{9'000}, .output = "3"}}}});
  return shapes;
}

std::vector<Shape> counts() {
  std::vector<Shape> shapes;
  shapes.push_back(
      {.name = "count-by-output",
       .objects = {run_of({task("list"),
                           task("load", {}, both(retry(1), {{"count", "size(tasks.list.output)"}, {"parallelism", 2}})),
                           task("report", {}, {{"inputs", {{"all", "tasks.load.output"}}}})})},
       .programs = {{.task = "list", .program = writes(R"(["a","b","c"])")},
                    {.task = "load", .up_to_attempt = 1, .index = 1, .program = fails()},
                    {.task = "load", .program = writes("7")}}});
  shapes.push_back({.name = "count-of-nothing",
                    .objects = {run_of({task("list"), task("load", {}, {{"count", "size(tasks.list.output)"}}),
                                        task("report", {"load"})})},
                    .programs = {{.task = "list", .program = writes("[]")}}});
  shapes.push_back({.name = "count-of-a-text",
                    .objects = {run_of(
                        {task("list"), task("load", {}, {{"count", "tasks.list.output"}}), task("report", {"load"})})},
                    .programs = {{.task = "list", .program = writes(R"("three")")}},
                    .ends = {"Failed"}});
  return shapes;
}

std::vector<Shape> elements() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "for-each",
                    .objects = {run_of(
                        {task("list"),
                         task("load", {}, both(retry(1), {{"forEach", "tasks.list.output.files"}, {"parallelism", 2}})),
                         task("report", {}, {{"inputs", {{"all", "tasks.load.output"}}}})})},
                    .programs = {{.task = "list", .program = writes(R"({"files":["a b","c",{"n":1}]})")},
                                 {.task = "load", .up_to_attempt = 1, .index = 1, .program = fails()},
                                 {.task = "load", .program = writes("7")}}});
  shapes.push_back({.name = "for-each-of-a-map",
                    .objects = {run_of({task("load", {}, {{"forEach", {{"us", 1}, {"eu", {{"zones", 3}}}}}}),
                                        task("end", {"load"})})}});
  shapes.push_back({.name = "for-each-of-nothing",
                    .objects = {run_of({task("list"), task("load", {}, {{"forEach", "tasks.list.output"}}),
                                        task("report", {"load"})})},
                    .programs = {{.task = "list", .program = writes("[]")}}});
  shapes.push_back({.name = "for-each-of-a-text",
                    .objects = {run_of({task("list"), task("load", {}, {{"forEach", "tasks.list.output"}}),
                                        task("report", {"load"})})},
                    .programs = {{.task = "list", .program = writes(R"("a,b")")}},
                    .ends = {"Failed"}});
  return shapes;
}

// Indexes with inputs of their own, and those of a matrix.
std::vector<Shape> combinations() {
  std::vector<Shape> shapes;
  const Json lists = {{"os", {"linux", "mac"}},
                      {"version", "tasks.list.output"},
                      {"exclude", {{{"os", "mac"}, {"version", 3}}}},
                      {"include", {{{"os", "linux"}, {"slow", true}}, {{"os", "bsd"}}}}};
  shapes.push_back(
      {.name = "matrix",
       .objects = {run_of({task("list"), task("build", {}, both(retry(1), {{"matrix", lists}, {"parallelism", 2}})),
                           task("report", {}, {{"inputs", {{"all", "tasks.build.output"}}}})})},
       .programs = {{.task = "list", .program = writes("[3, 4]")},
                    {.task = "build", .up_to_attempt = 1, .index = 2, .program = fails()},
                    {.task = "build", .program = writes("7")}}});
  shapes.push_back(
      {.name = "matrix-of-nothing",
       .objects = {run_of({task("list"), task("build", {}, {{"matrix", {{"a", "tasks.list.output"}, {"b", {1, 2}}}}}),
                           task("report", {"build"})})},
       .programs = {{.task = "list", .program = writes("[]")}}});
  shapes.push_back(
      {.name = "inputs-of-an-index",
       .objects = {run_of(
           {task("list"),
            task("load", {},
                 both(retry(1),
                      {{"forEach", "tasks.list.output"},
                       {"inputs", {{"name", "item.name + string(index)"}, {"of", "size(tasks.list.output)"}}}})),
            task("page", {}, {{"count", 3}, {"inputs", {{"from", "index * 100"}}}})})},
       .programs = {{.task = "list", .program = writes(R"([{"name":"a"},{"name":"b"}])")},
                    {.task = "load", .up_to_attempt = 1, .index = 1, .program = fails()}}});
  shapes.push_back(
      {.name = "inputs-of-an-index-without-a-value",
       .objects = {run_of(
           {task("list"), task("load", {}, {{"forEach", "tasks.list.output"}, {"inputs", {{"name", "item.name"}}}})})},
       .programs = {{.task = "list", .program = writes(R"([{"name":"a"},{"nme":"b"}])")}},
       .ends = {"Failed"}});
  return shapes;
}

}  // namespace

std::vector<Shape> flow_shapes() {
  std::vector<Shape> all = conditions();
  for (Shape& shape : triggers()) all.push_back(std::move(shape));
  for (Shape& shape : counts()) all.push_back(std::move(shape));
  for (Shape& shape : elements()) all.push_back(std::move(shape));
  for (Shape& shape : combinations()) all.push_back(std::move(shape));
  return all;
}

}  // namespace ork::sim
