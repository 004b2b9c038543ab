// Shapes in which a program, a node or a value fails, and nothing is tried again by the user's will.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// Of a fan-out, which may fail in part.
std::vector<Shape> tolerated_failures() {
  const auto fan = [](std::int64_t count, const Json& failures, const Json& more = Json::object()) {
    return task("fan", {}, both({{"count", count}, {"tolerate", {{"failures", failures}}}}, more));
  };
  const Json end = task("end", {}, {{"inputs", {{"all", "tasks.fan.output"}}}});
  std::vector<Shape> shapes;
  shapes.push_back(
      {.name = "fan-out-tolerated",
       .objects = {run_of({fan(4, 1), end})},
       .programs = {{.task = "fan", .index = 2, .program = fails()}, {.task = "fan", .program = writes("4")}}});
  shapes.push_back({.name = "fan-out-tolerated-part",
                    .objects = {run_of({fan(5, "50%", {{"parallelism", 2}}), task("b", {"fan"}),
                                        task("c", {"fan"}, {{"trigger", "anyFailed"}})})},
                    .programs = {{.task = "fan", .index = 0, .program = fails()},
                                 {.task = "fan", .index = 3, .program = out_of_memory()}}});
  shapes.push_back({.name = "fan-out-tolerated-after-retries",
                    .objects = {run_of({fan(3, 1, retry(1)), task("b", {"fan"})})},
                    .programs = {{.task = "fan", .index = 1, .program = fails()},
                                 {.task = "fan", .up_to_attempt = 1, .index = 2, .program = fails()}}});
  shapes.push_back(
      {.name = "fan-out-too-much-to-tolerate",
       .objects = {run_of({fan(4, "25%"), task("b", {"fan"})})},
       .programs = {{.task = "fan", .index = 1, .program = fails()}, {.task = "fan", .index = 2, .program = fails()}},
       .ends = {"Failed"}});
  return shapes;
}

std::vector<Shape> failing_programs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "upstream-failed",
                    .objects = {run_of({task("bad"), task("good"), task("after", {"bad", "good"})})},
                    .programs = {{.task = "bad", .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back(
      {.name = "upstream-failed-far",
       .objects = {run_of({task("bad"), task("b", {"bad"}), task("c", {"b"}), task("good"), task("d", {"c", "good"})})},
       .programs = {{.task = "bad", .program = fails()}},
       .ends = {"Failed"}});
  shapes.push_back({.name = "on-failure-run",
                    .objects = {run_of({task("probe", {}, {{"onFailure", "run"}}), task("load", {"probe"})})},
                    .programs = {{.task = "probe", .program = fails()}}});
  shapes.push_back({.name = "on-failure-mixed",
                    .objects = {run_of({task("may", {}, {{"onFailure", "run"}}), task("must"), task("good"),
                                        task("b", {"may", "good"}), task("c", {"may", "must"}), task("d", {"b"})})},
                    .programs = {{.task = "may", .program = fails()}, {.task = "must", .program = fails(2)}},
                    .ends = {"Failed"}});
  // Of what was skipped nothing follows, whatever it may do itself.
  shapes.push_back(
      {.name = "on-failure-run-after-a-failure",
       .objects = {run_of({task("bad"), task("may", {"bad"}, {{"onFailure", "run"}}), task("c", {"may"})})},
       .programs = {{.task = "bad", .program = fails()}},
       .ends = {"Failed"}});
  shapes.push_back({.name = "fan-out-partial",
                    .objects = {run_of({task("fan", {}, {{"count", 4}}), task("end", {"fan"})})},
                    .programs = {{.task = "fan", .index = 2, .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "fan-out-partial-run",
                    .objects = {run_of({task("fan", {}, {{"count", 3}, {"parallelism", 1}, {"onFailure", "run"}}),
                                        task("end", {"fan"})})},
                    .programs = {{.task = "fan", .index = 0, .program = fails(9)}}});
  for (Shape& shape : tolerated_failures()) shapes.push_back(std::move(shape));
  shapes.push_back(
      {.name = "parallelism-with-failures",
       .objects = {run_of({task("a"), task("b", {}, retry(1)), task("c"), task("d", {"a"}), task("e")},
                          {{"parallelism", 2}})},
       .programs = {{.task = "a", .program = fails()}, {.task = "b", .up_to_attempt = 1, .program = fails()}},
       .ends = {"Failed"}});
  shapes.push_back({.name = "out-of-memory-without-retry",
                    .objects = {run_of({task("big"), task("after", {"big"})})},
                    .programs = {{.task = "big", .program = out_of_memory()}},
                    .ends = {"Failed"}});
  return shapes;
}

std::vector<Shape> failing_values() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "output-no-json",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = writes("{ not json")}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "output-too-large",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = writes(std::string("\"").append(4095, 'x'))}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "fan-out-output-no-json",
                    .objects = {run_of({task("fan", {}, both(retry(2), {{"count", 3}})), task("b", {"fan"})})},
                    .programs = {{.task = "fan", .index = 1, .program = writes("oops")}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "fan-out-outputs-too-large",
                    .objects = {run_of({task("fan", {}, {{"count", 4}}), task("b", {"fan"})})},
                    .programs = {{.task = "fan", .program = writes(Json(std::string(1'500, 'x')).dump())}}});
  shapes.push_back({.name = "input-missing",
                    .objects = {run_of({task("list"), task("use", {}, {{"inputs", {{"n", "tasks.list.output.n"}}}}),
                                        task("after", {"use"})})},
                    .programs = {{.task = "list", .program = writes(R"({"m":7})")}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "params-invalid",
                    .objects = {run_of({task("a")}, {{"params", {{{"name", "copies"}, {"type", "integer"}}}}},
                                       {{"params", {{"copies", "many"}}}})},
                    .ends = {"Failed"}});
  shapes.push_back(
      {.name = "inline-invalid", .objects = {run_of({task("a", {"nobody"}), task("b")})}, .ends = {"Failed"}});
  return shapes;
}

// Of a task that is not what it declares, and of a run that can't be put together.
std::vector<Shape> failing_outputs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "output-not-as-declared",
                    .objects = {run_of({task("a", {}, {{"output", {{"type", "integer"}}}}), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = writes("\"3\"")}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "run-output-missing",
                    .objects = {run_of({task("a"), task("b", {"a"})}, {{"output", "tasks.a.output.n"}})},
                    .programs = {{.task = "a", .program = writes(R"({"m":7})")}},
                    .ends = {"Failed"}});
  return shapes;
}

}  // namespace

std::vector<Shape> failing_shapes() {
  std::vector<Shape> all = failing_programs();
  for (Shape& shape : failing_values()) all.push_back(std::move(shape));
  for (Shape& shape : failing_outputs()) all.push_back(std::move(shape));
  return all;
}

}  // namespace ork::sim
