// Shapes in which something fails and is tried again: by the user's budget or by ork's own.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

std::vector<Shape> by_the_user() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "retry",
                    .objects = {run_of({task("flaky", {}, retry(3)), task("after", {"flaky"})})},
                    .programs = {{.task = "flaky", .up_to_attempt = 2, .program = fails()}}});
  shapes.push_back({.name = "retry-exhausted",
                    .objects = {run_of({task("never", {}, retry(1)), task("after", {"never"})})},
                    .programs = {{.task = "never", .program = fails(3)}},
                    .ends = {"Failed"}});
  shapes.push_back(
      {.name = "backoff",
       .objects = {run_of(
           {task("a", {}, retry_with(3, {{"initial", "500ms"}, {"factor", 3}, {"max", "2s"}, {"jitter", 0.5}}))})},
       .programs = {{.task = "a", .up_to_attempt = 3, .program = fails()}}});
  shapes.push_back({.name = "backoff-of-nothing",
                    .objects = {run_of({task("a", {}, retry(2, "0s")), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 2, .program = fails()}}});
  shapes.push_back(
      {.name = "retry-when",
       .objects = {run_of({task("a", {}, retry_if(3, "exitCode == 75")), task("b", {"a"})})},
       .programs = {{.task = "a", .up_to_attempt = 2, .program = fails(75)}, {.task = "a", .program = fails(2)}},
       .ends = {"Failed"}});
  shapes.push_back({.name = "retries-side-by-side",
                    .objects = {run_of({task("a", {}, retry(2)), task("b", {}, retry(2)), task("c", {"a", "b"})},
                                       {{"parallelism", 1}})},
                    .programs = {{.task = "a", .up_to_attempt = 2, .program = fails()},
                                 {.task = "b", .up_to_attempt = 1, .program = fails()}}});
  shapes.push_back({.name = "out-of-memory",
                    .objects = {run_of({task("big", {}, retry(1))})},
                    .programs = {{.task = "big", .up_to_attempt = 1, .program = out_of_memory()}}});
  shapes.push_back(
      {.name = "output-mended",
       .objects = {run_of({task("a", {}, retry(1)), task("b", {}, {{"inputs", {{"n", "tasks.a.output.n"}}}})})},
       .programs = {{.task = "a", .up_to_attempt = 1, .program = writes("{")},
                    {.task = "a", .program = writes(R"({"n":2})")}}});
  // What a failed attempt has written is no output.
  shapes.push_back(
      {.name = "output-of-a-failed-attempt",
       .objects = {run_of({task("a", {}, retry(1)), task("b", {}, {{"inputs", {{"n", "tasks.a.output.n"}}}})})},
       .programs = {{.task = "a", .up_to_attempt = 1, .program = {.exit_code = 1, .output = R"({"m":1})"}},
                    {.task = "a", .program = writes(R"({"n":2})")}}});
  return shapes;
}

std::vector<Shape> fan_outs_again() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "fan-out-retry",
                    .objects = {run_of({task("fan", {}, both(retry(2), {{"count", 3}})), task("end", {"fan"})})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()}}});
  shapes.push_back(
      {.name = "fan-out-retry-several",
       .objects = {run_of({task("fan", {}, both(retry(3), {{"count", 5}, {"parallelism", 2}})), task("end", {"fan"})})},
       .programs = {{.task = "fan", .up_to_attempt = 1, .index = 0, .program = fails()},
                    {.task = "fan", .up_to_attempt = 2, .index = 2, .program = fails()},
                    {.task = "fan", .up_to_attempt = 1, .index = 4, .program = fails(7)}}});
  shapes.push_back({.name = "fan-out-retry-all",
                    .objects = {run_of({task("fan", {}, both(retry(1), {{"count", 3}}))})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .program = fails()}}});
  shapes.push_back({.name = "fan-out-retry-exhausted",
                    .objects = {run_of({task("fan", {}, both(retry(1), {{"count", 3}})), task("end", {"fan"})})},
                    .programs = {{.task = "fan", .index = 1, .program = fails()},
                                 {.task = "fan", .up_to_attempt = 1, .index = 2, .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "fan-out-retry-output",
                    .objects = {run_of({task("fan", {}, both(retry(1), {{"count", 2}})),
                                        task("sum", {}, {{"inputs", {{"all", "tasks.fan.output"}}}})})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()},
                                 {.task = "fan", .program = writes("4")}}});
  return shapes;
}

// What runs out of memory gets more, at no cost.
std::vector<Shape> with_more_memory() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "memory-grows",
                    .objects = {run_of({task("big", {}, memory("64Mi", "x2", "1Gi")), task("after", {"big"})})},
                    .programs = {{.task = "big", .up_to_attempt = 3, .program = out_of_memory()}}});
  shapes.push_back(
      {.name = "memory-grows-no-further",
       .objects = {run_of({task("big", {}, both(retry(1), memory("64Mi", "x3", "128Mi"))), task("after", {"big"})})},
       .programs = {{.task = "big", .program = out_of_memory()}},
       .ends = {"Failed"}});
  shapes.push_back(
      {.name = "fan-out-memory-grows",
       .objects = {run_of(
           {task("fan", {}, both(both(retry(1), memory("64Mi", "x2", "1Gi")), {{"count", 3}})), task("end", {"fan"})})},
       .programs = {{.task = "fan", .up_to_attempt = 2, .index = 1, .program = out_of_memory()},
                    {.task = "fan", .up_to_attempt = 1, .index = 2, .program = fails()}}});
  return shapes;
}

// The infrastructure's failures have a budget of their own, of five.
std::vector<Shape> by_ork() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "evicted",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = evicted()}}});
  shapes.push_back({.name = "evicted-five-times",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 5, .program = evicted()}}});
  shapes.push_back({.name = "evicted-for-ever",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = evicted()}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "evicted-and-failing",
                    .objects = {run_of({task("a", {}, retry(1)), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = evicted()},
                                 {.task = "a", .up_to_attempt = 2, .program = fails()},
                                 {.task = "a", .up_to_attempt = 3, .program = evicted()}}});
  shapes.push_back({.name = "fan-out-evicted",
                    .objects = {run_of({task("fan", {}, {{"count", 3}}), task("end", {"fan"})})},
                    .programs = {{.task = "fan", .up_to_attempt = 2, .index = 0, .program = evicted()}}});
  shapes.push_back({.name = "fan-out-evicted-and-failing",
                    .objects = {run_of({task("fan", {}, both(retry(1), {{"count", 3}}))})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 0, .program = evicted()},
                                 {.task = "fan", .up_to_attempt = 1, .index = 2, .program = fails()}}});
  return shapes;
}

}  // namespace

std::vector<Shape> retrying_shapes() {
  std::vector<Shape> all;
  for (std::vector<Shape> (*some)() : {by_the_user, fan_outs_again, with_more_memory, by_ork}) {
    for (Shape& shape : some()) all.push_back(std::move(shape));
  }
  return all;
}

}  // namespace ork::sim
