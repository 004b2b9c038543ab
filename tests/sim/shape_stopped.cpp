// Shapes whose users cancel, suspend and delete at several moments.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

std::vector<Shape> cancelled() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "cancel",
                    .objects = {run_of({task("long"), task("after", {"long"})})},
                    .programs = {{.task = "long", .program = runs_for(hour_of_ms)}},
                    .wishes = {wish(3'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "cancel-from-the-start",
                    .objects = {run_of({task("a"), task("b", {"a"})}, Json::object(), {{"cancel", true}})},
                    .ends = {"Cancelled"}});
  shapes.push_back({.name = "cancel-at-once",
                    .objects = {run_of({task("long"), task("fan", {}, {{"count", 3}})})},
                    .programs = {{.task = "long", .program = runs_for(hour_of_ms)}},
                    .wishes = {wish(1, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "cancel-after-the-end",
                    .objects = {run_of({task("a")})},
                    .wishes = {wish(20'000, Wish::Kind::Cancel)},
                    .ends = {"Succeeded", "Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "cancel-in-backoff",
                    .objects = {run_of({task("a", {}, retry(3, "30s")), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = fails()}},
                    .wishes = {wish(8'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "cancel-suspended",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {wish(500, Wish::Kind::Suspend), wish(9'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled", "Succeeded"},
                    .steady = false});
  shapes.push_back(
      {.name = "cancel-fan-out",
       .objects = {run_of({task("fan", {}, both(retry(2), {{"count", 4}, {"parallelism", 2}})), task("end", {"fan"})})},
       .programs = {{.task = "fan", .index = 0, .program = fails()}, {.task = "fan", .program = runs_for(10'000)}},
       .wishes = {wish(5'000, Wish::Kind::Cancel)},
       .ends = {"Cancelled"},
       .steady = false});
  shapes.push_back({.name = "cancel-then-delete",
                    .objects = {run_of({task("long"), task("after", {"long"})})},
                    .programs = {{.task = "long", .program = runs_for(hour_of_ms)}},
                    .wishes = {wish(3'000, Wish::Kind::Cancel), wish(3'100, Wish::Kind::DeleteRun)},
                    .gone = 1,
                    .steady = false});
  return shapes;
}

std::vector<Shape> suspended() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "suspend",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {wish(600, Wish::Kind::Suspend), wish(20'000, Wish::Kind::Resume)}});
  shapes.push_back({.name = "suspend-from-the-start",
                    .objects = {run_of({task("a"), task("b", {"a"})}, Json::object(), {{"suspend", true}})},
                    .wishes = {wish(10'000, Wish::Kind::Resume)}});
  shapes.push_back({.name = "suspend-in-backoff",
                    .objects = {run_of({task("a", {}, retry(2, "8s")), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = fails()}},
                    .wishes = {wish(4'000, Wish::Kind::Suspend), wish(40'000, Wish::Kind::Resume)}});
  shapes.push_back(
      {.name = "suspend-fan-out",
       .objects = {run_of({task("fan", {}, both(retry(1), {{"count", 4}, {"parallelism", 1}})), task("end", {"fan"})})},
       .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()},
                    {.task = "fan", .program = runs_for(2'000)}},
       .wishes = {wish(3'000, Wish::Kind::Suspend), wish(30'000, Wish::Kind::Resume)}});
  shapes.push_back({.name = "suspend-again-and-again",
                    .objects = {run_of({task("a"), task("b", {"a"}), task("c", {"b"}), task("d", {"c"})})},
                    .wishes = {wish(1'000, Wish::Kind::Suspend), wish(3'000, Wish::Kind::Resume),
                               wish(4'000, Wish::Kind::Suspend), wish(9'000, Wish::Kind::Resume)}});
  return shapes;
}

std::vector<Shape> runs_deleted() {
  std::vector<Shape> shapes;
  const Json long_run = run_of({task("a"), task("fan", {"a"}, {{"count", 3}})});
  shapes.push_back({.name = "delete-run",
                    .objects = {long_run},
                    .programs = {{.task = "fan", .program = runs_for(60'000)}},
                    .wishes = {wish(4'000, Wish::Kind::DeleteRun)},
                    .gone = 1,
                    .steady = false});
  shapes.push_back({.name = "delete-run-at-once",
                    .objects = {long_run},
                    .wishes = {wish(1, Wish::Kind::DeleteRun)},
                    .gone = 1,
                    .steady = false});
  shapes.push_back({.name = "delete-run-after-the-end",
                    .objects = {run_of({task("a"), task("b", {}, retry(1))})},
                    .programs = {{.task = "b", .program = fails()}},
                    .wishes = {wish(30'000, Wish::Kind::DeleteRun)},
                    .ends = {"Failed"},
                    .gone = 1,
                    .steady = false});
  shapes.push_back({.name = "delete-run-in-backoff",
                    .objects = {run_of({task("a", {}, retry(3, "20s"))})},
                    .programs = {{.task = "a", .program = fails()}},
                    .wishes = {wish(6'000, Wish::Kind::DeleteRun)},
                    .gone = 1,
                    .steady = false});
  // Jobs of the first run carry the names that the second one's would have.
  shapes.push_back({.name = "namesake",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = runs_for(3'000)}},
                    .wishes = {wish(2'000, Wish::Kind::DeleteRun),
                               wish(2'000, Wish::Kind::Make, run_of({task("a"), task("c", {"a"})}))},
                    .steady = false});
  shapes.push_back({.name = "namesake-after-the-end",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {wish(12'000, Wish::Kind::DeleteRun),
                               wish(12'000, Wish::Kind::Make, run_of({task("b"), task("a", {"b"})}))},
                    .steady = false});
  return shapes;
}

std::vector<Shape> parts_deleted() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "delete-jobs",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = runs_for(8'000)}},
                    .wishes = {wish(4'000, Wish::Kind::DeleteJobs)},
                    .steady = false});
  shapes.push_back({.name = "delete-jobs-at-once",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {wish(50, Wish::Kind::DeleteJobs)},
                    .steady = false});
  shapes.push_back({.name = "delete-jobs-twice",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 2, .program = runs_for(8'000)}},
                    .wishes = {wish(3'000, Wish::Kind::DeleteJobs), wish(8'000, Wish::Kind::DeleteJobs)},
                    .steady = false});
  shapes.push_back({.name = "delete-jobs-of-a-fan-out",
                    .objects = {run_of({task("fan", {}, both(retry(1), {{"count", 3}})), task("end", {"fan"})})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()},
                                 {.task = "fan", .program = runs_for(3'000)}},
                    .wishes = {wish(2'500, Wish::Kind::DeleteJobs)},
                    .ends = {"Succeeded", "Failed"},
                    .steady = false});
  shapes.push_back({.name = "delete-jobs-after-the-end",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {wish(30'000, Wish::Kind::DeleteJobs)},
                    .steady = false});
  shapes.push_back({.name = "delete-pods",
                    .objects = {run_of({task("a"), task("fan", {"a"}, {{"count", 3}})})},
                    .programs = {{.task = "fan", .program = runs_for(8'000)}},
                    .wishes = {wish(4'000, Wish::Kind::DeletePods)},
                    .steady = false});
  shapes.push_back({.name = "delete-pods-before-they-start",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {wish(200, Wish::Kind::DeletePods)},
                    .steady = false});
  shapes.push_back({.name = "delete-pods-that-ended",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "b", .program = runs_for(6'000)}},
                    .wishes = {wish(4'000, Wish::Kind::DeletePods)},
                    .steady = false});
  return shapes;
}

}  // namespace

std::vector<Shape> stopped_shapes() {
  std::vector<Shape> all;
  for (std::vector<Shape> (*some)() : {cancelled, suspended, runs_deleted, parts_deleted}) {
    for (Shape& shape : some()) all.push_back(std::move(shape));
  }
  return all;
}

}  // namespace ork::sim
