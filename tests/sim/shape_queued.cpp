// Shapes whose Jobs stand in a queue, that starts and stops them as it likes.

#include "controllers/api/queue_labels.hpp"
#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

std::vector<Shape> queued_shapes() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "queued", .objects = {queued(run_of({task("a"), task("b", {"a"})}))}});
  shapes.push_back({.name = "queued-and-stopped",
                    .objects = {queued(run_of({task("a"), task("b"), task("c", {"a", "b"})}))},
                    .programs = {{.task = "a", .program = stops_slowly(9'000, 5'000)},
                                 {.task = "b", .program = stops_slowly(20'000, 20'000)}}});
  shapes.push_back({.name = "queued-fan-out",
                    .objects = {queued(run_of(
                        {task("fan", {}, both(retry(2), {{"count", 4}, {"parallelism", 2}})), task("end", {"fan"})}))},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()},
                                 {.task = "fan", .program = runs_for(3'000)}}});
  shapes.push_back({.name = "queued-by-workflow",
                    .objects = {queued(workflow_of({task("a", {}, retry(1)), task("b", {"a"})})), run_by_name()},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = fails(3)}}});
  shapes.push_back({.name = "queued-and-cancelled",
                    .objects = {queued(run_of({task("a"), task("b", {"a"})}))},
                    .programs = {{.task = "a", .program = runs_for(hour_of_ms)}},
                    .wishes = {wish(12'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"},
                    .steady = false});
  return shapes;
}

}  // namespace ork::sim
