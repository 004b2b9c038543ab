// Shapes whose users act on tasks while the run goes on: retry, clear, kill, mark.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// Nobody waits for it, and yet it ends while there is patience: where a status was defaced, its action may be
// forgotten.
constexpr std::int64_t long_ms = 15 * 60'000;

std::vector<Shape> again() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "act-retry-what-failed",
                    .objects = {run_of({task("bad"), task("slow"), task("after", {"bad"})})},
                    .programs = {{.task = "bad", .up_to_attempt = 1, .program = fails()},
                                 {.task = "slow", .program = runs_for(9'000)}},
                    .wishes = {act(4'000, "Retry", "bad")},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  shapes.push_back({.name = "act-retry-in-backoff",
                    .objects = {run_of({task("a", {}, retry(2, "60s")), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = fails()}},
                    .wishes = {act(4'000, "Retry", "a")},
                    .steady = false});
  shapes.push_back({.name = "act-retry-what-runs",
                    .objects = {run_of({task("a"), task("fan", {}, {{"count", 3}}), task("b", {"a", "fan"})})},
                    .programs = {{.task = "a", .program = stops_slowly(8'000, 3'000)},
                                 {.task = "fan", .index = 1, .program = stops_slowly(8'000, 3'000)}},
                    .wishes = {act(3'000, "Retry", "a"), act(3'001, "Retry", "fan")},
                    .steady = false});
  shapes.push_back(
      {.name = "act-clear",
       .objects = {run_of({task("list"), task("load", {}, {{"count", "tasks.list.output"}}),
                           task("end", {"load"}, {{"when", "tasks.list.output > 1"}}), task("slow")})},
       .programs = {{.task = "list", .program = writes("2")}, {.task = "slow", .program = runs_for(12'000)}},
       .wishes = {act(5'000, "Clear", "list")},
       .steady = false});
  shapes.push_back({.name = "act-clear-what-runs",
                    .objects = {run_of({task("a"), task("b", {"a"}), task("c", {"a"}), task("d", {"b", "c"})})},
                    .programs = {{.task = "b", .program = runs_for(6'000)}},
                    .wishes = {act(3'000, "Clear", "a"), act(9'000, "Clear", "c")},
                    .steady = false});
  return shapes;
}

std::vector<Shape> ended() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "act-kill",
                    .objects = {run_of({task("a", {}, retry(3, "1s")), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = runs_for(long_ms)}},
                    .wishes = {act(5'000, "Kill", "a"), act(400'000, "Kill", "a"), act(500'000, "MarkSucceeded", "a")},
                    .steady = false});
  shapes.push_back(
      {.name = "act-mark-succeeded",
       .objects = {run_of({task("long"), task("fan", {}, {{"count", 2}}), task("end", {"long", "fan"})})},
       .programs = {{.task = "long", .program = runs_for(long_ms)}, {.task = "fan", .program = runs_for(long_ms)}},
       .wishes = {act(3'000, "MarkSucceeded", "long"), act(4'000, "MarkSucceeded", "fan")},
       .steady = false});
  shapes.push_back({.name = "act-mark-failed",
                    .objects = {run_of({task("long", {}, retry(3)), task("end", {"long"}),
                                        task("alarm", {"long"}, {{"trigger", "anyFailed"}})})},
                    .programs = {{.task = "long", .program = runs_for(long_ms)}},
                    .wishes = {act(3'000, "MarkFailed", "long")},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back(
      {.name = "act-from-the-start",
       .objects = {workflow_of({task("a"), task("b", {"a"})}),
                   run_by_name("r", {{"actions", {{{"id", "done"}, {"task", "a"}, {"do", "MarkSucceeded"}}}}})},
       .steady = false});
  shapes.push_back({.name = "act-and-cancel",
                    .objects = {run_of({task("long"), task("b", {"long"})})},
                    .programs = {{.task = "long", .program = runs_for(long_ms)}},
                    .wishes = {act(3'000, "Retry", "long"), wish(3'050, Wish::Kind::Cancel),
                               act(3'051, "Clear", "long"), act(90'000, "Retry", "long")},
                    .ends = {"Cancelled"},
                    .steady = false});
  return shapes;
}

}  // namespace

std::vector<Shape> acted_shapes() {
  std::vector<Shape> shapes = again();
  for (Shape& shape : ended()) shapes.push_back(std::move(shape));
  return shapes;
}

}  // namespace ork::sim
