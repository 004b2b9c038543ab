// Shapes of tasks that have an earlier run's result.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

Json cache(const char* key, const char* ttl = "1h") { return {{"cache", {{"key", key}, {"ttl", ttl}}}}; }

// c is cached by the param and by what a writes, and d is given what c has.
Json tasks_with(const char* ttl, const Json& of_c = Json::object()) {
  return {task("a"), task("c", {"a"}, both(cache("[params.p, tasks.a.output]", ttl), of_c)),
          task("d", {}, {{"inputs", {{"x", "tasks.c.output"}}}})};
}

Json workflow_with(Json tasks, const Json& more = Json::object()) {
  return workflow_of(std::move(tasks),
                     both({{"params", {{{"name", "p"}, {"type", "integer"}, {"default", 1}}}}}, more));
}

Json run_with(const std::string& name, int p) { return run_by_name(name, {{"params", {{"p", p}}}}); }

Wish make(std::int64_t at_ms, Json run) { return wish(at_ms, Wish::Kind::Make, std::move(run)); }

std::vector<ProgramRule> cached_programs() {
  return {{.task = "a", .program = writes("7")},
          {.task = "c", .up_to_attempt = 1, .program = fails()},
          {.task = "c", .program = writes("8")},
          {.task = "d", .program = runs_for(10'000)}};
}

Shape late(const char* name, Json workflow, std::vector<Wish> wishes) {
  return {.name = name,
          .objects = {std::move(workflow), run_with("r", 1)},
          .programs = cached_programs(),
          .wishes = std::move(wishes)};
}

std::vector<Shape> late_shapes() {
  std::vector<Shape> shapes;
  const Json workflow = workflow_with(tasks_with("1h", retry(1)));
  shapes.push_back(late("cached", workflow, {make(late_ms, run_with("again", 1))}));
  shapes.push_back(late("cached-by-another-key", workflow,
                        {make(late_ms, run_with("other", 2)), make(late_ms + 60'000, run_with("again", 1))}));
  shapes.push_back(late("cached-too-old", workflow_with(tasks_with("10m", retry(1))),
                        {make(late_ms, run_with("again", 1)), make(late_ms + 60'000, run_with("third", 1))}));
  // The second has what the first has made, and the third nothing that is fresh.
  shapes.push_back(late("cached-not-for-longer", workflow_with(tasks_with("18m", retry(1))),
                        {make(late_ms, run_with("again", 1)), make(late_ms + 500'000, run_with("third", 1))}));
  shapes.push_back(late("cached-in-turn", workflow_with(tasks_with("1h", retry(1)), {{"parallelism", 1}}),
                        {make(late_ms, run_with("again", 1)), make(late_ms, run_with("third", 1))}));
  shapes.push_back(late(
      "cached-and-edited", workflow,
      {wish(late_ms, Wish::Kind::EditWorkflow, edit_to(tasks_with("1h", both(retry(1), {{"image", "busybox:1.37"}})))),
       make(late_ms + 60'000, run_with("again", 1))}));
  shapes.push_back(late("cached-and-cleared", workflow,
                        {make(late_ms, run_with("again", 1)), act(late_ms + 8'000, "Clear", "c"),
                         make(late_ms + 120'000, run_with("third", 1))}));
  shapes.push_back({.name = "cached-fan-out",
                    .objects = {workflow_with({task("a", {}, both({{"count", 3}}, cache("1"))),
                                               task("b", {}, both({{"forEach", "tasks.a.output"}}, cache("'b'")))}),
                                run_with("r", 1)},
                    .programs = {{.task = "a", .program = writes("3")}},
                    .wishes = {make(late_ms, run_with("again", 1))}});
  return shapes;
}

// In the middle of the weather; what has a result already depends on when it strikes.
std::vector<Shape> soon_shapes() {
  std::vector<Shape> shapes;
  const auto soon = [&](const char* name, Json workflow, std::vector<Wish> wishes) -> Shape& {
    shapes.push_back(late(name, std::move(workflow), std::move(wishes)));
    shapes.back().steady = false;
    return shapes.back();
  };
  const Json workflow = workflow_with(tasks_with("1h", retry(1)));
  soon("cached-soon", workflow, {make(20'000, run_with("again", 1)), make(21'000, run_with("third", 1))});
  soon("cached-at-once", workflow, {make(1, run_with("again", 1))});
  soon("cached-for-a-while", workflow_with(tasks_with("20s", retry(1))),
       {make(20'000, run_with("again", 1)), make(40'000, run_with("third", 1)), make(60'000, run_with("fourth", 1))});
  soon("cached-and-acted-on", workflow,
       {make(20'000, run_with("again", 1)), act(24'000, "Clear", "c"), act(25'000, "Clear", "a"),
        act(26'000, "MarkSucceeded", "c"), make(60'000, run_with("third", 1))})
      .ends = {"Succeeded", "Failed"};
  // A run that has gone has no result.
  soon("cached-in-what-is-gone", workflow_with(tasks_with("1h", retry(1)), {{"successfulRunsHistoryLimit", 0}}),
       {make(late_ms, run_with("again", 1))})
      .gone = 2;
  soon("cached-without-a-key", workflow_with({task("a"), task("c", {}, cache("tasks.a.output.b"))}),
       {make(20'000, run_with("again", 1))})
      .ends = {"Failed"};
  return shapes;
}

}  // namespace

std::vector<Shape> cached_shapes() {
  std::vector<Shape> shapes = late_shapes();
  for (Shape& shape : soon_shapes()) shapes.push_back(std::move(shape));
  return shapes;
}

}  // namespace ork::sim
