// Shapes with tasks that have no Pod, but wait.

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

Json wait_for(const char* time) { return {{"wait", {{"for", time}}}}; }
Json wait_until(const char* moment) { return {{"wait", {{"until", moment}}}}; }

std::vector<Shape> waits() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "wait-in-a-chain",
                    .objects = {run_of({task("a"), task("hold", {"a"}, wait_for("5s")), task("b", {"hold"})})}});
  shapes.push_back({.name = "wait-alone", .objects = {run_of({task("hold", {}, wait_for("3s"))})}});
  shapes.push_back(
      {.name = "wait-beside-work",
       .objects = {workflow_of({task("fan", {}, both(retry(1), {{"count", 3}})), task("hold", {}, wait_for("4s")),
                                task("more", {"hold"}, wait_for("1500ms")), task("end", {"fan", "more"})}),
                   run_by_name("r1"), run_by_name("r2")},
       .programs = {{.task = "fan", .up_to_attempt = 1, .index = 1, .program = fails()}}});
  shapes.push_back({.name = "wait-until",
                    .objects = {run_of({task("plan"), task("hold", {}, wait_until("timestamp(tasks.plan.output)")),
                                        task("old", {}, wait_until("timestamp('1999-12-31T23:59:59Z')")),
                                        task("end", {"hold", "old"})})},
                    .programs = {{.task = "plan", .program = writes(R"("2000-01-01T00:00:00Z")")}}});
  shapes.push_back({.name = "wait-until-nothing",
                    .objects = {run_of({task("plan"), task("hold", {}, wait_until("timestamp(tasks.plan.output)")),
                                        task("alarm", {"hold"}, {{"trigger", "anyFailed"}}), task("end", {"hold"})})},
                    .programs = {{.task = "plan", .program = writes(R"("some day")")}},
                    .ends = {"Failed"}});
  Json tasks = Json::array();
  for (int i = 0; i < 6; ++i) {
    const std::string name = "h" + std::to_string(i);
    tasks.push_back(task(name, {}, wait_for((std::to_string(1'000 + 700 * i) + "ms").c_str())));
    tasks.push_back(task("after-" + name, {name}));
  }
  shapes.push_back({.name = "wait-one-after-another", .objects = {run_of(std::move(tasks), {{"parallelism", 1}})}});
  return shapes;
}

std::vector<Shape> stopped_waits() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "wait-timeout",
                    .objects = {run_of({task("hold", {}, both(wait_for("1h"), {{"timeout", "4s"}})),
                                        task("alarm", {"hold"}, {{"trigger", "anyFailed"}}), task("b", {"hold"})})},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "wait-run-timeout",
                    .objects = {run_of({task("hold", {}, wait_for("1h")), task("b", {"hold"})}, {{"timeout", "10s"}})},
                    .ends = {"Failed"}});
  shapes.push_back({.name = "wait-suspended",
                    .objects = {run_of(
                        {task("hold", {}, wait_for("5s")), task("b", {"hold"}), task("late", {"b"}, wait_for("2s"))})},
                    .wishes = {wish(1'000, Wish::Kind::Suspend), wish(20'000, Wish::Kind::Resume)}});
  shapes.push_back({.name = "wait-cancelled",
                    .objects = {run_of({task("hold", {}, wait_for("1h")), task("b", {"hold"})})},
                    .wishes = {wish(4'000, Wish::Kind::Cancel)},
                    .ends = {"Cancelled"}});
  shapes.push_back(
      {.name = "wait-acted-on",
       .objects = {run_of({task("a"), task("hold", {"a"}, wait_for("9s")), task("long", {}, wait_for("15m")),
                           task("dull", {}, wait_for("15m")), task("b", {"hold", "long"}, {{"trigger", "allDone"}})})},
       .wishes = {act(4'000, "Retry", "hold"), act(7'000, "Clear", "a"), act(8'000, "Kill", "dull"),
                  act(400'000, "MarkSucceeded", "dull"), act(500'000, "MarkSucceeded", "long"),
                  act(500'001, "MarkSucceeded", "dull")},
       .ends = {"Succeeded", "Failed"},
       .steady = false});
  return shapes;
}

Json approve(Json fields = Json::object()) { return {{"approve", std::move(fields)}}; }

std::vector<Shape> approvals() {
  std::vector<Shape> shapes;
  shapes.push_back({.name = "approve",
                    .objects = {run_of({task("a"), task("gate", {"a"}, approve({{"message", "go on?"}})),
                                        task("b", {"gate"}), task("no", {"gate"}, {{"trigger", "anyFailed"}})})},
                    .wishes = {act(400'000, "Approve", "gate"), act(400'100, "Reject", "gate"),
                               act(700'000, "MarkSucceeded", "gate")}});
  shapes.push_back(
      {.name = "approve-too-soon",
       .objects = {run_of({task("a"), task("gate", {"a"}, approve({{"timeout", "30s"}})), task("b", {"gate"})})},
       .wishes = {act(0, "Approve", "gate"), act(1, "Approve", "a")},
       .ends = {"Failed", "Succeeded"},
       .steady = false});
  shapes.push_back(
      {.name = "reject",
       .objects = {run_of(
           {task("gate", {}, approve()), task("b", {"gate"}), task("no", {"gate"}, {{"trigger", "anyFailed"}})})},
       .wishes = {act(400'000, "Reject", "gate"), act(400'100, "Approve", "gate"), act(700'000, "MarkFailed", "gate")},
       .ends = {"Failed"}});
  shapes.push_back({.name = "approve-by-default",
                    .objects = {run_of({task("gate", {}, approve({{"timeout", "5s"}, {"default", "approve"}})),
                                        task("other", {}, both(approve({{"timeout", "7s"}}), {{"onFailure", "run"}})),
                                        task("b", {"gate", "other"})})}});
  // The answer comes as the time is over.
  shapes.push_back({.name = "approve-in-the-end",
                    .objects = {run_of({task("gate", {}, approve({{"timeout", "5s"}})), task("b", {"gate"}),
                                        task("no", {"gate"}, {{"trigger", "anyFailed"}})})},
                    .wishes = {act(4'990, "Approve", "gate")},
                    .ends = {"Failed", "Succeeded"},
                    .steady = false});
  shapes.push_back(
      {.name = "approve-asked-again",
       .objects = {run_of({task("gate", {}, approve()), task("b", {"gate"}), task("slow", {}, wait_for("700s"))})},
       .wishes = {act(400'000, "Reject", "gate"), act(410'000, "Retry", "gate"), act(500'000, "Approve", "gate"),
                  act(690'000, "MarkSucceeded", "gate")},
       .ends = {"Failed", "Succeeded"},
       .steady = false});
  return shapes;
}

}  // namespace

std::vector<Shape> waiting_shapes() {
  std::vector<Shape> shapes = waits();
  for (Shape& shape : approvals()) shapes.push_back(std::move(shape));
  for (Shape& shape : stopped_waits()) shapes.push_back(std::move(shape));
  return shapes;
}

}  // namespace ork::sim
