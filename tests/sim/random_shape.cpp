#include <algorithm>

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

using namespace parts;

namespace {

// What a random task may draw on: the names before it, and whether the workflow has a param.
struct Draft {
  Chance& chance;
  Shape& shape;
  bool has_param = false;
};

void add_inputs(Draft& draft, std::size_t number, Json& more) {
  Json inputs = Json::object();
  if (draft.has_param && draft.chance.happens(40)) inputs["p"] = "params.p";
  if (number > 0 && draft.chance.happens(20)) {
    inputs["x"] = "tasks.t" + std::to_string(draft.chance.below(number)) + ".output";
  }
  if (!inputs.empty()) more["inputs"] = std::move(inputs);
}

// When a task starts, and whether: by how those before it end, and by what they write.
void add_flow(Draft& draft, std::size_t number, Json& more, bool depends) {
  Chance& chance = draft.chance;
  static const std::vector<const char*> triggers = {"allDone", "anySucceeded", "anyFailed", "noneFailed"};
  if (depends && chance.happens(30)) more["trigger"] = triggers[chance.below(triggers.size())];
  if (!chance.happens(20)) return;
  const std::string other = number == 0 ? "" : "tasks.t" + std::to_string(chance.below(number));
  if (number == 0 || chance.happens(20)) {
    more["when"] = draft.has_param ? "params.p > 1" : chance.happens(50) ? "run.name == 'r'" : "run.name != 'r'";
  } else if (chance.happens(60)) {
    more["when"] = other + (chance.happens(50) ? ".phase == 'Succeeded'" : ".phase != 'Succeeded'");
  } else {
    more["when"] = other + (chance.happens(50) ? ".output > 1" : ".?output.orValue(0) > 0");
  }
}

// Which holds for what the task writes, its number, or does not.
Json declared_output(Draft& draft, std::size_t number) {
  const std::int64_t most = static_cast<std::int64_t>(number) - (draft.chance.happens(75) ? 0 : 1);
  return {{"type", "integer"}, {"maximum", most}};
}

// By what it may be told apart, or by too little; where there is a Workflow, its other runs may have its result.
void add_cache(Draft& draft, std::size_t number, Json& more) {
  Chance& chance = draft.chance;
  const std::string other = number == 0 ? "" : "tasks.t" + std::to_string(chance.below(number)) + ".?output.orValue(0)";
  const std::string key = chance.happens(50) && !other.empty() ? other : draft.has_param ? "params.p" : "1";
  more["cache"] = {{"key", key}, {"ttl", std::to_string(chance.happens(50) ? 3'600 : chance.between(1, 60)) + "s"}};
}

// A failure, an eviction or a kill for memory; of the first attempts.
void add_failure(Draft& draft, const std::string& name, std::int64_t count, Json& more) {
  Chance& chance = draft.chance;
  const std::uint64_t what = chance.below(10);
  ProgramRule rule{.task = name,
                   .up_to_attempt = static_cast<int>(chance.between(1, 3)),
                   .program = what < 6   ? fails(2)
                              : what < 8 ? evicted()
                                         : out_of_memory()};
  if (rule.program.out_of_memory && chance.happens(70)) more.update(memory("64Mi", "x2", "256Mi"));
  if (count > 0 && chance.happens(60)) rule.index = chance.between(0, count - 1);
  draft.shape.programs.push_back(std::move(rule));
}

// In place of the count: written out, or by the param, which is 1 or 2.
void over_items(Draft& draft, std::int64_t count, Json& more) {
  Chance& chance = draft.chance;
  more.erase("count");
  Json list = Json::array(), map = Json::object(), numbers = Json::array();
  for (std::int64_t i = 0; i < count; ++i) {
    list.push_back("item " + std::to_string(i));
    map["k" + std::to_string(count - i)] = i;
    numbers.push_back(i);
  }
  const std::string filtered = "[0, 1, 2, 3, 4].filter(i, i + 2 < params.p + " + std::to_string(count) + ")";
  const bool by_param = draft.has_param && chance.happens(50);
  if (chance.happens(30)) {
    numbers.push_back(count);
    more["matrix"] = {{"n", by_param ? Json(filtered) : numbers}, {"of", {"x"}}};
    if (!by_param) more["matrix"]["exclude"] = {{{"n", count}}};
    if (chance.happens(50)) more["matrix"]["include"] = {{{"n", 0}, {"slow", true}}};
    return;
  }
  more["forEach"] = by_param ? Json(filtered) : chance.happens(70) ? list : map;
}

// What differs from index to index.
void add_own_inputs(Draft& draft, Json& more) {
  if (!draft.chance.happens(25)) return;
  const bool has_items = more.contains("forEach") || more.contains("matrix");
  more["inputs"]["own"] = has_items && draft.chance.happens(60) ? "[item]" : "index * 7";
}

// For an answer, for a while, or until a moment that is long over or that a param names; now and then not to its end.
Json random_wait(Draft& draft, std::size_t number, const std::vector<std::string>& depends_on) {
  Chance& chance = draft.chance;
  Json more = Json::object();
  const bool asks = chance.happens(30);
  if (asks) {
    more["approve"] = {{"timeout", std::to_string(chance.between(1, 8'000)) + "ms"},
                       {"default", chance.happens(60) ? "approve" : "reject"}};
  } else if (chance.happens(75)) {
    more["wait"] = {{"for", std::to_string(chance.between(1, 8'000)) + "ms"}};
  } else {
    more["wait"] = {
        {"until", draft.has_param && chance.happens(50) ? "timestamp(params.p)" : "timestamp('1999-12-31T23:59:59Z')"}};
  }
  if (chance.happens(20)) more["onFailure"] = "run";
  if (!asks && chance.happens(10)) {
    more["timeout"] = std::to_string(chance.between(1, 8)) + "s";
    draft.shape.steady = false;
  }
  add_flow(draft, number, more, !depends_on.empty());
  return task("t" + std::to_string(number), depends_on, more);
}

Json random_task(Draft& draft, std::size_t number) {
  Chance& chance = draft.chance;
  const std::string name = "t" + std::to_string(number);
  std::vector<std::string> depends_on;
  for (std::size_t i = 0; i < number; ++i) {
    if (chance.happens(40)) depends_on.push_back("t" + std::to_string(i));
  }
  if (chance.happens(12)) return random_wait(draft, number, depends_on);
  Json more = Json::object();
  const std::int64_t count = chance.happens(25) ? chance.between(1, 4) : 0;
  if (count > 0) more["count"] = count;
  // p is 1 or 2.
  if (count > 0 && draft.has_param && chance.happens(40)) more["count"] = "params.p - 1 + " + std::to_string(count - 1);
  if (count > 0 && chance.happens(30)) over_items(draft, count, more);
  if (count > 1 && chance.happens(30)) more["parallelism"] = 1;
  if (count > 0 && chance.happens(25)) more["tolerate"]["failures"] = chance.happens(50) ? Json(1) : Json("50%");
  const int limit = static_cast<int>(chance.below(3));
  if (limit > 0) {
    more.update(chance.happens(20) ? retry_if(limit, "exitCode < 2") : retry(limit, chance.happens(50) ? "1s" : "10s"));
  }
  if (chance.happens(20)) more["onFailure"] = "run";
  add_inputs(draft, number, more);
  if (count > 0) add_own_inputs(draft, more);
  add_flow(draft, number, more, !depends_on.empty());
  if (chance.happens(12)) add_cache(draft, number, more);
  const bool may_time_out = chance.happens(8);
  if (may_time_out) {
    more["timeout"] = std::to_string(chance.between(2, 30)) + "s";
    draft.shape.steady = false;
  }
  if (chance.happens(5)) {
    more["pendingTimeout"] = std::to_string(chance.between(5, 20)) + "s";
    if (chance.happens(50)) draft.shape.programs.push_back({.task = name, .up_to_attempt = 1, .program = stuck()});
    draft.shape.steady = false;
  }
  if (chance.happens(30)) add_failure(draft, name, count, more);
  Program program = runs_for(chance.between(1, may_time_out ? 10'000 : 4'000));
  if (chance.happens(60)) program.output = std::to_string(number);
  if (!program.output.empty() && chance.happens(20)) more["output"] = declared_output(draft, number);
  draft.shape.programs.push_back({.task = name, .program = std::move(program)});
  return task(name, depends_on, more);
}

// A hook, which may fail, be tried again, fail its run, and read how a task has ended; or that none of it.
Json random_hook(Draft& draft, const std::string& name, std::size_t tasks) {
  Chance& chance = draft.chance;
  Json more = Json::object();
  if (chance.happens(40)) more.update(retry(1));
  if (chance.happens(20)) more["failsRun"] = true;
  if (tasks > 0 && chance.happens(30))
    more["inputs"] = {{"how", "tasks.t" + std::to_string(chance.below(tasks)) + ".phase"}};
  Program program = runs_for(chance.between(1, 4'000));
  if (chance.happens(30)) program.exit_code = 2;
  draft.shape.programs.push_back(
      {.task = name, .up_to_attempt = static_cast<int>(chance.between(1, 2)), .program = std::move(program)});
  return task(name, {}, more);
}

// Of some moments. `tasks`: how many may be read at an end.
Json random_hooks(Draft& draft, const std::string& name, std::size_t tasks) {
  Json hooks = Json::object();
  for (const char* moment : {"onStart", "onSuccess", "onFailure", "onExit"}) {
    if (!draft.chance.happens(50)) continue;
    std::string called = name + moment;
    std::transform(called.begin(), called.end(), called.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    hooks[moment].push_back(random_hook(draft, called, std::string_view(moment) == "onStart" ? 0 : tasks));
  }
  return hooks;
}

void add_wishes(Chance& chance, Shape& shape, std::size_t tasks) {
  if (chance.happens(10)) {
    const std::int64_t from = chance.between(0, 8'000);
    shape.wishes.push_back(wish(from, Wish::Kind::Suspend));
    shape.wishes.push_back(wish(from + chance.between(1, 20'000), Wish::Kind::Resume));
  }
  if (chance.happens(5)) {
    shape.wishes.push_back(wish(chance.between(0, 12'000), Wish::Kind::Cancel));
    shape.ends.insert("Cancelled");
    shape.steady = false;
  }
  if (!chance.happens(10)) return;
  static const std::vector<const char*> acts = {"Retry",      "Clear",   "Kill",  "MarkSucceeded",
                                                "MarkFailed", "Approve", "Reject"};
  for (std::uint64_t i = 1 + chance.below(3); i > 0; --i) {
    const std::string on = "t" + std::to_string(chance.below(tasks));
    shape.wishes.push_back(
        wish(chance.between(0, 12'000), Wish::Kind::Act, {{"do", acts[chance.below(acts.size())]}, {"task", on}}));
  }
  shape.steady = false;
}

// Once the run may have ended, or sooner.
void add_rerun(Chance& chance, Shape& shape, std::size_t tasks) {
  const std::string from = chance.happens(60) ? "Failed" : "t" + std::to_string(chance.below(tasks));
  Json again = named(shape.objects.back(), "again");
  again["spec"]["rerunOf"] = {{"name", "r"}, {"from", from}};
  shape.wishes.push_back(wish(chance.between(0, 90'000), Wish::Kind::Make, std::move(again)));
  shape.steady = false;
}

// Another run of the Workflow, that may have results of the first.
void add_another_run(Chance& chance, Shape& shape) {
  shape.wishes.push_back(wish(chance.between(0, 60'000), Wish::Kind::Make, named(shape.objects.back(), "another")));
  shape.steady = false;
}

// Somebody resumes it, for as long as it may have opened: so each run starts.
void add_circuit_breaker(Chance& chance, Shape& shape) {
  shape.objects.front()["spec"]["circuitBreaker"] = {{"failures", chance.between(1, 2)}};
  for (const std::int64_t at_ms : {120'000, 700'000, 800'000, 900'000}) {
    shape.wishes.push_back(wish(at_ms, Wish::Kind::EditWorkflow,
                                {{"metadata", {{"annotations", {{"ork.dev/resumed-at", std::to_string(at_ms)}}}}}}));
  }
  shape.steady = false;
}

Json small_callee() { return named(workflow_of({task("x")}, {{"output", "tasks.x.?output.orValue(0)"}}), "callee"); }

// A last task that is another Workflow, which may fail, or not be there.
void add_call(Chance& chance, Shape& shape, Json& tasks, std::vector<Json>& beside) {
  const bool is_there = chance.happens(90);
  if (is_there) beside.push_back(small_callee());
  shape.ends.insert("Cancelled");  // a child whose parent has run out of time
  Json more = Json::object();
  // Each child waits five minutes for what is not there, maybe one after another.
  if (chance.happens(40) && is_there) more["count"] = chance.between(1, 3);
  if (chance.happens(30)) more["retry"] = {{"limit", 1}, {"backoff", {{"initial", "1s"}, {"jitter", 0}}}};
  if (chance.happens(20)) {
    more["timeout"] = std::to_string(chance.between(2, 20)) + "s";
    shape.steady = false;
  }
  Json last = call("sub", {"t" + std::to_string(chance.below(tasks.size()))}, more);
  last["workflow"]["name"] = "callee";
  tasks.push_back(std::move(last));
  if (chance.happens(30)) shape.programs.push_back({.task = "x", .up_to_attempt = 9, .program = fails()});
}

// One that waits for an object that is there, or comes.
void add_wait_for_object(Chance& chance, Shape& shape, Json& tasks, std::vector<Json>& beside) {
  const Json object = {
      {"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", "'switch'"}, {"until", "object.data.go == 'yes'"}};
  tasks.push_back(task("hold", {"t" + std::to_string(chance.below(tasks.size()))}, {{"wait", {{"object", object}}}}));
  if (chance.happens(50)) {
    shape.wishes.push_back(wish(chance.between(0, 60'000), Wish::Kind::Make, switch_that_says("yes")));
  } else {
    beside.push_back(switch_that_says("yes"));
  }
}

// Each minute, until somebody has seen enough of it.
void add_schedule(Chance& chance, Shape& shape) {
  static const std::vector<const char*> policies = {"Allow", "Forbid", "Replace"};
  shape.objects.front()["spec"]["schedule"] = {{"cron", "* * * * *"},
                                               {"concurrencyPolicy", policies[chance.below(policies.size())]}};
  shape.wishes.push_back(
      wish(chance.between(70'000, 280'000), Wish::Kind::EditWorkflow, {{"spec", {{"schedule", {{"suspend", true}}}}}}));
  shape.ends.insert("Cancelled");
  shape.steady = false;
}

// Some programs have something to finish when they are asked to end.
void stop_slowly(Chance& chance, Shape& shape, const std::vector<Json>& tasks) {
  const runtime::Duration stops{chance.between(500, 28'000)};
  for (ProgramRule& rule : shape.programs) rule.program.stops = stops;
  for (const Json& task : tasks) {
    ProgramRule rule{.task = task.value("name", "")};
    rule.program.stops = stops;
    shape.programs.push_back(std::move(rule));
  }
}

}  // namespace

Shape random_shape(Chance chance) {
  Shape shape;
  shape.name = "random";
  shape.ends = {"Succeeded", "Failed"};
  Draft draft{chance, shape, chance.happens(30)};
  Json tasks = Json::array();
  const std::size_t count = 1 + chance.below(6);
  for (std::size_t i = 0; i < count; ++i) tasks.push_back(random_task(draft, i));
  // A stream of its own: what else a seed draws stays as it is.
  Chance others = chance.stream("others");
  std::vector<Json> beside;
  if (others.happens(8)) add_call(others, shape, tasks, beside);
  if (others.happens(6)) add_wait_for_object(others, shape, tasks, beside);
  if (others.happens(15)) stop_slowly(others, shape, tasks);
  Json fields = Json::object();
  if (chance.happens(25)) fields["parallelism"] = chance.between(1, 3);
  if (draft.has_param) fields["params"] = {{{"name", "p"}, {"type", "integer"}, {"default", 1}}};
  if (chance.happens(15)) {
    const std::string task = "tasks.t" + std::to_string(chance.below(count));
    fields["output"] = task + (chance.happens(50) ? ".output" : ".?output.orValue(0)");
  }
  if (chance.happens(8)) {
    fields["timeout"] = std::to_string(chance.between(3, 40)) + "s";
    shape.steady = false;
  }
  if (chance.happens(20)) fields["hooks"] = random_hooks(draft, "r", count);
  if (chance.happens(20)) {
    const std::size_t of = chance.below(count);
    tasks[of]["hooks"] = random_hooks(draft, "h", count);
  }
  Json run_fields = Json::object();
  if (draft.has_param && chance.happens(50)) run_fields["params"] = {{"p", chance.happens(90) ? Json(2) : Json("two")}};
  if (chance.happens(25)) {
    shape.objects = {workflow_of(std::move(tasks), fields), run_by_name("r", run_fields)};
    if (chance.happens(20)) {
      shape.objects.push_back(run_by_name("s", run_fields));
      // Which of the two has its result first is the weather's to say.
      if (mentions(shape, "cache")) shape.steady = false;
    }
    if (chance.happens(15)) add_circuit_breaker(chance, shape);
  } else {
    shape.objects = {run_of(std::move(tasks), fields, run_fields)};
  }
  // What is said of the schedule is said of all Workflows.
  if (shape.objects.size() > 1 && beside.empty() && others.happens(8)) add_schedule(others, shape);
  add_wishes(chance, shape, count);
  if (chance.happens(12)) add_rerun(chance, shape, count);
  if (mentions(shape, "cache") && chance.happens(60)) add_another_run(chance, shape);
  if (others.happens(8)) shape.objects.front() = queued(std::move(shape.objects.front()));
  for (Json& object : beside) shape.objects.push_back(std::move(object));
  return shape;
}

}  // namespace ork::sim
