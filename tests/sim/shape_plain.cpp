// Shapes in which everything goes well.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

std::vector<Shape> graphs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "one", .objects = {run_of({task("a")})}});
  shapes.push_back({.name = "chain", .objects = {run_of({task("a"), task("b", {"a"}), task("c", {"b"})})}});
  shapes.push_back({.name = "diamond",
                    .objects = {run_of({task("top"), task("left", {"top"}), task("right", {"top"}),
                                        task("bottom", {"left", "right"})})}});
  shapes.push_back({.name = "two-diamonds",
                    .objects = {run_of({task("a"), task("b", {"a"}), task("c", {"a"}), task("d", {"b", "c"}),
                                        task("e", {"d"}), task("f", {"d"}), task("g", {"e", "f"})})}});
  shapes.push_back({.name = "islands",
                    .objects = {run_of({task("a"), task("b", {"a"}), task("c"), task("d", {"c"}), task("alone")})},
                    .programs = {{.task = "c", .program = runs_for(3'000)}}});
  shapes.push_back({.name = "wide",
                    .objects = {run_of({task("a"), task("b"), task("c"), task("d"), task("e"), task("f"), task("g"),
                                        task("end", {"a", "b", "c", "d", "e", "f", "g"})})}});

  Json deep = Json::array({task("t1")});
  for (int i = 2; i <= 8; ++i) deep.push_back(task("t" + std::to_string(i), {"t" + std::to_string(i - 1)}));
  shapes.push_back({.name = "deep", .objects = {run_of(std::move(deep))}});

  Json layers = Json::array();
  std::vector<std::string> above;
  for (const char* layer : {"a", "b", "c"}) {
    std::vector<std::string> own;
    for (int i = 1; i <= 4; ++i) own.push_back(layer + std::to_string(i));
    for (const std::string& name : own) layers.push_back(task(name, above));
    above = std::move(own);
  }
  shapes.push_back({.name = "layers", .objects = {run_of(std::move(layers))}});
  // A task stands before what it waits for, and waits for one that another of them waits for as well.
  shapes.push_back(
      {.name = "shuffled",
       .objects = {run_of({task("last", {"middle", "first"}), task("middle", {"first"}), task("first")})}});
  return shapes;
}

std::vector<Shape> fan_outs() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "fan-out", .objects = {run_of({task("fan", {}, {{"count", 4}}), task("end", {"fan"})})}});
  shapes.push_back(
      {.name = "narrow-fan-out", .objects = {run_of({task("fan", {}, {{"count", 4}, {"parallelism", 2}})})}});
  shapes.push_back(
      {.name = "fan-out-of-one", .objects = {run_of({task("fan", {}, {{"count", 1}}), task("b", {"fan"})})}});
  shapes.push_back(
      {.name = "large-fan-out", .objects = {run_of({task("fan", {}, {{"count", 12}, {"parallelism", 5}})})}});
  shapes.push_back({.name = "fan-outs-in-a-row",
                    .objects = {run_of({task("one", {}, {{"count", 3}}), task("two", {"one"}, {{"count", 2}}),
                                        task("end", {"two"})})}});
  shapes.push_back({.name = "fan-outs-side-by-side",
                    .objects = {run_of(
                        {task("one", {}, {{"count", 3}}), task("two", {}, {{"count", 3}}), task("end", {"one", "two"})},
                        {{"parallelism", 4}})}});
  return shapes;
}

std::vector<Shape> bounded() {
  std::vector<Shape> shapes;
  shapes.push_back(
      {.name = "parallelism",
       .objects = {run_of({task("a"), task("b"), task("c"), task("d", {"a", "b"})}, {{"parallelism", 1}})}});
  shapes.push_back({.name = "parallelism-of-two",
                    .objects = {run_of({task("a"), task("b"), task("c"), task("d"), task("e", {"a", "b", "c", "d"})},
                                       {{"parallelism", 2}})},
                    .programs = {{.task = "a", .program = runs_for(4'000)}}});
  // A fan-out that is wider than the run may be gets what there is.
  shapes.push_back({.name = "parallelism-below-a-fan-out",
                    .objects = {run_of({task("a"), task("fan", {}, {{"count", 5}}), task("end", {"fan", "a"})},
                                       {{"parallelism", 2}})}});
  return shapes;
}

// Where few tasks may wait for a node, some of these wait for their turn.
std::vector<Shape> crowds() {
  std::vector<Shape> shapes;
  Shape crowd{.name = "crowd", .programs = {{.task = "b", .program = runs_for(3'000)}}};
  for (const char* name : {"r", "s", "t", "u", "v"})
    crowd.objects.push_back(named(run_of({task("a"), task("b", {"a"}), task("c", {"a"})}), name));
  shapes.push_back(std::move(crowd));
  // Whoever was let in goes, and others come.
  Shape gone{.name = "crowd-that-is-deleted", .gone = 3, .steady = false};
  for (const char* name : {"r", "s", "t"}) gone.objects.push_back(named(run_of({task("a"), task("b", {"a"})}), name));
  gone.wishes.push_back(wish(200, Wish::Kind::DeleteRun));
  for (const char* name : {"x", "y"})
    gone.wishes.push_back(wish(60'000, Wish::Kind::Make, named(run_of({task("a")}), name)));
  shapes.push_back(std::move(gone));
  return shapes;
}

std::vector<Shape> values() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "inputs",
                    .objects = {run_of({task("list"), task("use", {}, {{"inputs", {{"n", "tasks.list.output.n"}}}})})},
                    .programs = {{.task = "list", .program = writes(R"({"n":7})")}}});
  shapes.push_back(
      {.name = "inputs-chain",
       .objects = {run_of({task("a"), task("b", {}, {{"inputs", {{"x", "tasks.a.output"}}}}),
                           task("c", {}, {{"inputs", {{"x", "tasks.b.output.x[1]"}, {"run", "run.name"}}}}),
                           task("d", {"a"}, {{"inputs", {{"x", "tasks.c.output"}}}})})},
       .programs = {{.task = "a", .program = writes("1")},
                    {.task = "b", .program = writes(R"({"x":[1,2]})")},
                    {.task = "c", .program = writes(R"("two")")}}});
  shapes.push_back({.name = "fan-out-output",
                    .objects = {run_of({task("fan", {}, {{"count", 3}}),
                                        task("sum", {}, {{"inputs", {{"all", "tasks.fan.output"}}}})})},
                    .programs = {{.task = "fan", .index = 1, .program = {}},  // writes nothing
                                 {.task = "fan", .program = writes("3")}}});
  const Json params = {{{"name", "day"}},
                       {{"name", "copies"}, {"type", "integer"}, {"default", 1}},
                       {{"name", "target"}, {"enum", {"dev", "prod"}}, {"default", "dev"}}};
  const Json inputs = {{"inputs", {{"day", "params.day"}, {"copies", "params.copies"}, {"target", "params.target"}}}};
  shapes.push_back({.name = "params",
                    .objects = {run_of({task("a", {}, inputs), task("b", {"a"}, inputs)}, {{"params", params}},
                                       {{"params", {{"day", "monday"}, {"target", "prod"}}}})}});
  shapes.push_back(
      {.name = "defaults",
       .objects = {run_of(
           {{{"name", "a"}, {"script", "work"}}, {{"name", "b"}, {"command", {"work"}}, {"dependsOn", {"a"}}}},
           {{"defaults", both(retry(2), {{"image", "busybox:1.36"}, {"timeout", "10m"}})}})},
       .programs = {{.task = "b", .up_to_attempt = 1, .program = fails()}}});
  const Json pod = {{"podTemplate",
                     {{"metadata", {{"labels", {{"team", "data"}}}}},
                      {"spec", {{"containers", {{{"name", "main"}, {"image", "busybox:1.36"}}}}}}}}};
  shapes.push_back({.name = "pod-template", .objects = {run_of({task("a", {}, pod), task("b", {"a"})})}});
  // Names of Jobs that have to be cut, and end in a hash.
  const std::string long_name(58, 'n');
  shapes.push_back({.name = "long-names",
                    .objects = {named(run_of({task(long_name + "-1", {}, {{"count", 2}}),
                                              task(long_name + "-2", {long_name + "-1"}), task(long_name + "-3")}),
                                      std::string(63, 'r'))}});
  return shapes;
}

}  // namespace

std::vector<Shape> plain_shapes() {
  std::vector<Shape> all;
  for (std::vector<Shape> (*some)() : {graphs, fan_outs, bounded, crowds, values}) {
    for (Shape& shape : some()) all.push_back(std::move(shape));
  }
  return all;
}

}  // namespace ork::sim
