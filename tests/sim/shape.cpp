#include "tests/sim/shape.hpp"

#include <algorithm>

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using runtime::Duration;

constexpr const char* ork_version = "ork.dev/v1alpha1";

Json task(const std::string& name, const std::vector<std::string>& depends_on = {}, Json more = Json::object()) {
  Json out = {{"name", name}, {"image", "busybox:1.36"}, {"script", "work"}};
  if (!depends_on.empty()) out["dependsOn"] = depends_on;
  out.update(more);
  return out;
}

Json retry(int limit, const char* initial = "1s") {
  return {{"retry", {{"limit", limit}, {"backoff", {{"initial", initial}, {"jitter", 0}}}}}};
}

Json both(Json one, const Json& other) {
  one.update(other);
  return one;
}

Json run_of(Json tasks, const Json& workflow_fields = Json::object(), const Json& run_fields = Json::object()) {
  Json workflow = {{"tasks", std::move(tasks)}};
  workflow.update(workflow_fields);
  Json spec = {{"workflow", std::move(workflow)}};
  spec.update(run_fields);
  return {{"apiVersion", ork_version},
          {"kind", "WorkflowRun"},
          {"metadata", {{"name", "r"}, {"namespace", "default"}}},
          {"spec", std::move(spec)}};
}

Program fails(int exit_code = 1) { return {.exit_code = exit_code}; }
Program writes(std::string output) { return {.output = std::move(output)}; }
Program runs_for(Duration time) { return {.runs = time}; }

std::vector<Shape> plain_shapes() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "one", .objects = {run_of({task("a")})}});
  shapes.push_back({.name = "chain", .objects = {run_of({task("a"), task("b", {"a"}), task("c", {"b"})})}});
  shapes.push_back({.name = "diamond",
                    .objects = {run_of({task("top"), task("left", {"top"}), task("right", {"top"}),
                                        task("bottom", {"left", "right"})})}});
  shapes.push_back({.name = "fan-out", .objects = {run_of({task("fan", {}, {{"count", 4}}), task("end", {"fan"})})}});
  shapes.push_back(
      {.name = "narrow-fan-out", .objects = {run_of({task("fan", {}, {{"count", 4}, {"parallelism", 2}})})}});
  shapes.push_back(
      {.name = "parallelism",
       .objects = {run_of({task("a"), task("b"), task("c"), task("d", {"a", "b"})}, {{"parallelism", 1}})}});
  shapes.push_back({.name = "inputs",
                    .objects = {run_of({task("list"), task("use", {}, {{"inputs", {{"n", "tasks.list.output.n"}}}})})},
                    .programs = {{.task = "list", .program = writes(R"({"n":7})")}}});
  Json workflow = {{"apiVersion", ork_version},
                   {"kind", "Workflow"},
                   {"metadata", {{"name", "w"}, {"namespace", "default"}}},
                   {"spec", {{"tasks", Json::array({task("a"), task("b", {"a"})})}}}};
  Json run = run_of({});
  run["spec"] = {{"workflowRef", {{"name", "w"}}}};
  shapes.push_back({.name = "by-name", .objects = {std::move(workflow), std::move(run)}});
  return shapes;
}

std::vector<Shape> failing_shapes() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "retry",
                    .objects = {run_of({task("flaky", {}, retry(3)), task("after", {"flaky"})})},
                    .programs = {{.task = "flaky", .up_to_attempt = 2, .program = fails()}}});
  shapes.push_back({.name = "retry-exhausted",
                    .objects = {run_of({task("never", {}, retry(1)), task("after", {"never"})})},
                    .programs = {{.task = "never", .program = fails(3)}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "fan-out-retry",
                    .objects = {run_of({task("fan", {}, both(retry(2), {{"count", 3}})), task("end", {"fan"})})},
                    .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()}}});
  shapes.push_back({.name = "on-failure-run",
                    .objects = {run_of({task("probe", {}, {{"onFailure", "run"}}), task("load", {"probe"})})},
                    .programs = {{.task = "probe", .program = fails()}}});
  shapes.push_back({.name = "upstream-failed",
                    .objects = {run_of({task("bad"), task("good"), task("after", {"bad", "good"})})},
                    .programs = {{.task = "bad", .program = fails()}},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "out-of-memory",
                    .objects = {run_of({task("big", {}, retry(1))})},
                    .programs = {{.task = "big", .up_to_attempt = 1, .program = {.out_of_memory = true}}}});
  shapes.push_back({.name = "evicted",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .up_to_attempt = 1, .program = {.evicted = true}}}});
  return shapes;
}

std::vector<Shape> timed_shapes() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "task-timeout",
                    .objects = {run_of({task("slow", {}, {{"timeout", "5s"}}), task("after", {"slow"})})},
                    .programs = {{.task = "slow", .program = runs_for(Duration{3'600'000})}},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back({.name = "run-timeout",
                    .objects = {run_of({task("first"), task("slow", {"first"})}, {{"timeout", "12s"}})},
                    .programs = {{.task = "slow", .program = runs_for(Duration{3'600'000})}},
                    .ends = {"Failed"},
                    .steady = false});
  shapes.push_back({.name = "cancel",
                    .objects = {run_of({task("long"), task("after", {"long"})})},
                    .programs = {{.task = "long", .program = runs_for(Duration{3'600'000})}},
                    .wishes = {{Duration{3'000}, Wish::Kind::Cancel}},
                    .ends = {"Cancelled"},
                    .steady = false});
  shapes.push_back({.name = "suspend",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .wishes = {{Duration{600}, Wish::Kind::Suspend}, {Duration{20'000}, Wish::Kind::Resume}}});
  shapes.push_back({.name = "delete-run",
                    .objects = {run_of({task("a"), task("fan", {"a"}, {{"count", 3}})})},
                    .programs = {{.task = "fan", .program = runs_for(Duration{60'000})}},
                    .wishes = {{Duration{4'000}, Wish::Kind::DeleteRun}},
                    .ends = {"gone"},
                    .steady = false});
  shapes.push_back({.name = "delete-jobs",
                    .objects = {run_of({task("a"), task("b", {"a"})})},
                    .programs = {{.task = "a", .program = runs_for(Duration{8'000})}},
                    .wishes = {{Duration{4'000}, Wish::Kind::DeleteJobs}},
                    .steady = false});
  shapes.push_back({.name = "delete-pods",
                    .objects = {run_of({task("a"), task("fan", {"a"}, {{"count", 3}})})},
                    .programs = {{.task = "fan", .program = runs_for(Duration{8'000})}},
                    .wishes = {{Duration{4'000}, Wish::Kind::DeletePods}},
                    .steady = false});
  shapes.push_back({.name = "ttl",
                    .objects = {run_of({task("a")}, Json::object(), {{"ttlSecondsAfterFinished", 20}})},
                    .ends = {"gone"},
                    .steady = false});
  return shapes;
}

Json random_task(Chance& chance, std::size_t number, Shape& shape) {
  const std::string name = "t" + std::to_string(number);
  std::vector<std::string> depends_on;
  for (std::size_t i = 0; i < number; ++i) {
    if (chance.happens(40)) depends_on.push_back("t" + std::to_string(i));
  }
  Json more = Json::object();
  const std::int64_t count = chance.happens(25) ? chance.between(1, 4) : 0;
  if (count > 0) more["count"] = count;
  if (count > 1 && chance.happens(30)) more["parallelism"] = 1;
  const int limit = static_cast<int>(chance.below(3));
  if (limit > 0) more.update(retry(limit, chance.happens(50) ? "1s" : "10s"));
  if (chance.happens(20)) more["onFailure"] = "run";
  if (chance.happens(30)) {
    ProgramRule rule{.task = name, .up_to_attempt = static_cast<int>(chance.between(1, 3)), .program = fails(2)};
    if (count > 0 && chance.happens(60)) rule.index = chance.between(0, count - 1);
    shape.programs.push_back(std::move(rule));
  }
  shape.programs.push_back({.task = name, .program = runs_for(Duration{chance.between(1, 4'000)})});
  return task(name, depends_on, std::move(more));
}

}  // namespace

std::string_view to_string(Wish::Kind kind) {
  switch (kind) {
    case Wish::Kind::Cancel: return "cancel the run";
    case Wish::Kind::Suspend: return "suspend the run";
    case Wish::Kind::Resume: return "resume the run";
    case Wish::Kind::DeleteRun: return "delete the run";
    case Wish::Kind::DeleteJobs: return "delete all Jobs";
    case Wish::Kind::DeletePods: return "delete all Pods";
  }
  return "";
}

const std::vector<Shape>& named_shapes() {
  static const std::vector<Shape> shapes = [] {
    std::vector<Shape> all = plain_shapes();
    for (Shape& shape : failing_shapes()) all.push_back(std::move(shape));
    for (Shape& shape : timed_shapes()) all.push_back(std::move(shape));
    return all;
  }();
  return shapes;
}

const Shape* find_shape(std::string_view name) {
  const auto& shapes = named_shapes();
  const auto it = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& shape) { return shape.name == name; });
  return it == shapes.end() ? nullptr : &*it;
}

Shape random_shape(Chance chance) {
  Shape shape;
  shape.name = "random";
  Json tasks = Json::array();
  const std::size_t count = 1 + chance.below(6);
  for (std::size_t i = 0; i < count; ++i) tasks.push_back(random_task(chance, i, shape));
  Json fields = Json::object();
  if (chance.happens(25)) fields["parallelism"] = chance.between(1, 3);
  shape.objects.push_back(run_of(std::move(tasks), fields));
  shape.ends = {"Succeeded", "Failed"};
  return shape;
}

}  // namespace ork::sim
