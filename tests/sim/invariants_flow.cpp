// What must hold of when tasks start, and whether: what they wait for, their triggers and conditions.

#include <algorithm>
#include <cctype>
#include <set>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/json.hpp"
#include "controllers/schema/check.hpp"
#include "controllers/schema/parse.hpp"
#include "tests/sim/combinations.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/last_scope.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

using Tasks = std::map<std::string, Json>;

// The tasks that its inputs, its condition, its count, what it goes over, its moment and its key name.
std::set<std::string> read_by(const Json& task, const Tasks& tasks) {
  std::set<std::string> names;
  const std::string text = task.value("inputs", Json::object()).dump() + task.value("when", "") +
                           text_at(task, "/count") + text_at(task, "/forEach") + task.value("matrix", Json()).dump() +
                           text_at(task, "/wait/until") + text_at(task, "/cache/key") +
                           text_at(task, "/wait/run/name") + value_at(task, "/workflow").dump();
  for (const auto& [name, other] : tasks) {
    if (text.find("tasks." + name + ".") != std::string::npos) names.insert(name);
  }
  return names;
}

// What it waits for: those, and dependsOn.
std::set<std::string> upstream_of(const Json& task, const Tasks& tasks) {
  std::set<std::string> names = read_by(task, tasks);
  for (const Json& name : task.value("dependsOn", Json::array())) {
    if (tasks.contains(name.get<std::string>())) names.insert(name.get<std::string>());
  }
  return names;
}

bool was_made(const History& history, const std::string& run_uid, const std::string& task, std::size_t place) {
  return std::any_of(history.jobs.begin(), history.jobs.end(), [&](const auto& job) {
    const State& made = job.second.front();
    const AttemptName name = attempt_of(made.object);
    return name.run_uid == run_uid && name.task == task && made.place < place;
  });
}

// How a task may have ended by a certain place. All false: it has not.
struct Ends {
  bool succeeded = false, failed = false, upstream_failed = false, skipped = false;
  bool any() const { return succeeded || failed || upstream_failed || skipped; }
};

// A run at a certain place of the trace. The status that is stored then counts, and what proves more than that: the
// evidence comes first, and the status may follow.
class Place {
 public:
  Place(const History& history, const State& run, std::size_t place)
      : history_(history), run_(run), uid_(uid_of(run.object)), tasks_(tasks_of(history, uid_)), place_(place) {}

  Ends ends_of(const std::string& name) const {
    const Json& task = tasks_.at(name);
    const std::string phase = phase_of(task_in(run_.object, name));
    const bool made = was_made(history_, uid_, name, place_);
    Ends ends{.succeeded = phase == "Succeeded" || (made && succeeded_by(history_, uid_, task, place_)),
              .failed = phase == "Failed",
              .upstream_failed = phase == "UpstreamFailed",
              .skipped = phase == "Skipped"};
    // Who has not seen yet that the run is cancelled goes by how the task has ended.
    if (is_final(phase) && phase != "Cancelled") return ends;
    const auto children = children_of(history_, uid_, name, place_);
    if (is_call(task) && !children.empty()) {
      // By its output the task may fail although its run has not.
      ends.succeeded = children_succeeded(children);
      ends.failed = children_ended(children);
      return ends;
    }
    if (!made) return without_a_process(task);
    // By its output a program may fail that has ended with 0.
    const bool told_later = phase_of(task_in(history_.runs.at(uid_).back().object, name)) == "Failed";
    const bool ended = newest_has_ended(history_, uid_, name, place_);
    if (ended && task.contains("tolerate")) ends.succeeded = tolerated_by(history_, uid_, task, place_);
    ends.failed = ended && (!ends.succeeded || told_later);
    return ends;
  }

  // "" where the task may have started, else why not.
  std::string against(const Json& task) const {
    const std::string trigger = task.value("trigger", "allSucceeded");
    const std::set<std::string> reads = read_by(task, tasks_);
    bool one_succeeded = false, one_failed = false;
    for (const std::string& name : upstream_of(task, tasks_)) {
      const Ends ends = ends_of(name);
      const bool fine = ends.succeeded || (ends.failed && tasks_.at(name).value("onFailure", "") == "run");
      one_succeeded = one_succeeded || ends.succeeded;
      one_failed = one_failed || ends.failed || ends.upstream_failed;
      // Of a task a hook only reads.
      const bool only_read = is_hook(task) && !is_hook(tasks_.at(name));
      const bool enough = only_read ? ends.any() || phase_of(task_in(run_.object, name)) == "Cancelled"
                          : trigger == "allSucceeded" ? fine
                          : trigger == "noneFailed"   ? fine || ends.skipped
                          : trigger == "allDone"      ? ends.any()
                                                      : ends.any() || !reads.contains(name);
      if (!enough) return "while " + name + " has not ended";
    }
    if (trigger == "anySucceeded" && !one_succeeded) return "although nothing that it waits for has succeeded";
    if (trigger == "anyFailed" && !one_failed) return "although nothing that it waits for has failed";
    return "";
  }

 private:
  // Where a value is missing a task fails, by its condition or trigger it is left out, and over nothing it succeeds: no
  // process tells of that.
  Ends without_a_process(const Json& task) const {
    Ends above;
    const std::string trigger = task.value("trigger", "allSucceeded");
    const std::set<std::string> reads = read_by(task, tasks_);
    bool all_ended = true, reads_ended = true;
    for (const std::string& name : upstream_of(task, tasks_)) {
      const Ends ends = ends_of(name);
      all_ended = all_ended && ends.any();
      reads_ended = reads_ended && (ends.any() || !reads.contains(name));
      above.succeeded = above.succeeded || ends.succeeded;
      above.failed = above.failed || ends.failed || ends.upstream_failed;
      above.skipped = above.skipped || ends.skipped;
    }
    const bool one_is_enough =
        (trigger == "anySucceeded" && above.succeeded) || (trigger == "anyFailed" && above.failed);
    const bool decided = all_ended || (reads_ended && one_is_enough);
    const bool left_out = task.contains("when") || task.contains("trigger") || above.skipped;
    const bool counts = !text_at(task, "/count").empty() || goes_over_items(task);
    const bool has_moment =
        !text_at(task, "/wait/until").empty() || value_at(task, "/wait").contains("run") || is_call(task);
    return {.succeeded = decided && counts,
            .failed = decided && (task.contains("inputs") || task.contains("when") || counts || has_moment),
            .upstream_failed = above.failed,
            .skipped = decided && left_out};
  }

  const History& history_;
  const State& run_;
  std::string uid_;
  const Tasks& tasks_;
  std::size_t place_;
};

// Its end is stored, and nothing that proved another one was taken away.
bool is_settled(const History& history, const std::string& run_uid, const Json& run, const std::string& task) {
  const std::string phase = phase_of(task_in(run, task));
  if (!is_final(phase) || phase == "Cancelled") return false;
  return std::none_of(history.jobs.begin(), history.jobs.end(), [&](const auto& job) {
    const AttemptName name = attempt_of(job.second.front().object);
    if (name.run_uid != run_uid || name.task != task) return false;
    return job_is_gone(history, name, history.events->size()) || made_unknowing(history, name);
  });
}

void check_condition(const History& history, const std::string& run_uid, const Json& run, const Json& task,
                     Violations& found) {
  const auto& tasks = tasks_of(history, run_uid);
  const auto condition = expr::parse(task.value("when", ""));
  if (!condition) return;
  for (const std::string& name : read_by(task, tasks)) {
    if (!is_settled(history, run_uid, run, name)) return;
  }
  const LastScope scope(run, history.params.at(run_uid));
  const auto value = expr::evaluate(*condition, scope);
  const bool* wanted = value ? value->get_if<bool>() : nullptr;
  const std::string name = task.value("name", "");
  const std::string reason = text_at(task_in(run, name), "/reason");
  const bool is_true = wanted != nullptr && *wanted, is_false = wanted != nullptr && !*wanted;
  if (was_made(history, run_uid, name, history.events->size()) && !is_true)
    found.push_back({"I3", name + " has a Job although its condition is not true: " + condition->text()});
  if (reason == "WhenFalse" && !is_false)
    found.push_back({"I3", name + " is skipped although its condition is not false: " + condition->text()});
}

// What an expression of a task gives, if that is known.
std::optional<Json> value_of(const std::string& text, const expr::Scope& scope) {
  const auto expression = expr::parse(text);
  if (!expression) return std::nullopt;
  const auto value = expr::evaluate(*expression, scope);
  return value ? std::optional(expr::to_json(*value)) : std::nullopt;
}

// What the indexes of a task go over, a list; nullopt: what that is made of is not known.
std::optional<Json> items_of(const Json& task, const expr::Scope& scope) {
  if (task.contains("matrix")) {
    Json lists = task["matrix"];
    for (auto& [name, list] : lists.items()) {
      if (!list.is_string()) continue;
      auto value = value_of(list.get<std::string>(), scope);
      if (!value) return std::nullopt;
      list = *std::move(value);
    }
    return combinations(lists);
  }
  const Json& written = task.at("forEach");
  const auto elements = written.is_string() ? value_of(written.get<std::string>(), scope) : std::optional(written);
  if (!elements || elements->is_array()) return elements;
  Json items = Json::array();
  for (const auto& [key, value] : elements->items()) items.push_back({{"key", key}, {"value", value}});
  return items;
}

// An index of a task, as its inputs see it.
class OneIndex : public expr::Scope {
 public:
  OneIndex(const expr::Scope& all, std::int64_t index, Json item) : all_(all), index_(index), item_(std::move(item)) {}
  std::optional<expr::Value> variable(std::string_view name) const override {
    if (name == "index") return expr::of_int(index_);
    return name == "item" ? std::optional(expr::view_of(item_)) : all_.variable(name);
  }

 private:
  const expr::Scope& all_;
  std::int64_t index_;
  Json item_;
};

std::string as_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

bool asks_for_its_index(const Json& input) {
  const std::string text = input.get<std::string>();
  return text.find("item") != std::string::npos || text.find("index") != std::string::npos;
}

// What an index has to find of its own, by path; nullopt: what it is made of is not known. All programs of shapes are
// scripts, and no value has a quote in it.
std::optional<std::map<std::string, std::string>> files_of(const Json& task, std::int64_t index, const Json& item,
                                                           const expr::Scope& scope) {
  std::map<std::string, std::string> files;
  if (goes_over_items(task)) files["/ork/item"] = as_text(item);
  const OneIndex of_index(scope, index, item);
  Json all = Json::object();
  std::string own;
  for (const auto& [name, input] : value_at(task, "/inputs").items()) {
    const auto value = value_of(input.get<std::string>(), of_index);
    if (!value) return std::nullopt;
    all[name] = *value;
    std::string variable = name;
    std::transform(variable.begin(), variable.end(), variable.begin(), [](unsigned char c) { return std::toupper(c); });
    if (asks_for_its_index(input)) own += "export ORK_INPUT_" + variable + "='" + as_text(all[name]) + "'\n";
  }
  if (!own.empty()) files["/ork/inputs"] = "export ORK_INPUTS='" + all.dump() + "'\n" + own;
  return files;
}

bool has_anything_of_its_own(const Json& task) {
  const Json& inputs = value_at(task, "/inputs");
  return goes_over_items(task) || std::any_of(inputs.begin(), inputs.end(), asks_for_its_index);
}

void check_files_of(const History& history, const std::string& run_uid, const Json& run, const Json& task,
                    Violations& found) {
  const LastScope scope(run, history.params.at(run_uid));
  for (const std::string& name : read_by(task, tasks_of(history, run_uid))) {
    if (!is_settled(history, run_uid, run, name)) return;
  }
  const auto items = goes_over_items(task) ? items_of(task, scope) : std::optional(Json::array());
  if (!items) return;
  const std::string name = task.value("name", "");
  for (const Life& life : history.lives) {
    const Process& process = life.process;
    if (process.run_uid != run_uid || process.task != name || process.index < 0 || life.files.empty()) continue;
    const auto index = static_cast<std::size_t>(process.index);
    const Json item = index < items->size() ? (*items)[index] : Json();
    const auto files = files_of(task, process.index, item, scope);
    for (const auto& [path, text] : files.value_or(std::map<std::string, std::string>())) {
      const auto there = life.files.find(path);
      if (there != life.files.end() && there->second == text) continue;
      found.push_back({"I20", name + " index " + std::to_string(process.index) + " finds " +
                                  (there == life.files.end() ? "nothing" : Json(there->second).dump()) + " in " + path +
                                  ", where " + Json(text).dump() + " is its own"});
    }
  }
}

// `output`: of the task, or of one of its indexes.
void check_declared(const Json& declared, const Json& output, const std::string& name, Violations& found) {
  std::vector<schema::Problem> problems;
  const schema::SchemaPtr schema = schema::parse(declared, {}, {}, problems);
  for (const schema::Problem& problem : schema::check(output, *schema)) {
    found.push_back({"I5", name + " gives out what it does not declare: " + problem.message});
  }
}

void check_run_output(const History& history, const std::string& uid, const Json& run, Violations& found) {
  const auto written = history.outputs.find(uid);
  const auto expression = written == history.outputs.end() ? std::nullopt : std::optional(expr::parse(written->second));
  const Json output = value_at(run, "/status").value("output", Json());
  const bool wanting = text_at(run, "/status/message").starts_with("the run's output has no value");
  const bool succeeded = phase_of(value_at(run, "/status")) == "Succeeded";
  if (!output.is_null() && (!succeeded || !expression)) found.push_back({"I5", "a run gives out what it should not"});
  if (!expression || !*expression || (!succeeded && !wanting)) return;
  const LastScope scope(run, history.params.at(uid));
  const auto value = expr::evaluate(**expression, scope);
  if (wanting && value) found.push_back({"I5", "a run fails for want of an output that it has: " + written->second});
  if (succeeded && (!value || expr::to_json(*value) != output)) {
    found.push_back({"I5", "a run gives out something else than " + written->second + ": " + output.dump()});
  }
}

}  // namespace

void check_outputs(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    const auto last =
        std::find_if(states.rbegin(), states.rend(), [](const State& state) { return !state.object.is_null(); });
    if (last == states.rend()) continue;
    check_run_output(history, uid, last->object, found);
    for (const auto& [name, task] : tasks_of(history, uid)) {
      const Json& status = task_in(last->object, name);
      if (!task.contains("output") || phase_of(status) != "Succeeded" || !status.contains("output")) continue;
      const bool many = fans_out(task);
      if (!many) check_declared(task["output"], status["output"], name, found);
      // null: it was lost with its Pod.
      for (const Json& each : many ? status["output"] : Json::array()) {
        if (!each.is_null()) check_declared(task["output"], each, name, found);
      }
    }
  }
}

void check_items(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (task == tasks.end() || !has_anything_of_its_own(task->second)) continue;
    if (text_at(job->object, "/spec/template/spec/volumes/0/configMap/name").empty())
      found.push_back({"I20", text_of(name) + " mounts nothing of its indexes' own" + at_text(*job)});
  }
  for (const auto& [uid, states] : history.runs) {
    const auto last =
        std::find_if(states.rbegin(), states.rend(), [](const State& state) { return !state.object.is_null(); });
    if (last == states.rend()) continue;
    for (const auto& [name, task] : tasks_of(history, uid)) {
      if (has_anything_of_its_own(task)) check_files_of(history, uid, last->object, task, found);
    }
  }
}

void check_upstream(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const State* run = run_before(history, name.run_uid, job->place);
    if (run == nullptr) continue;
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (task == tasks.end()) {
      found.push_back({"I3", "a Job is made for " + name.task + ", which the run does not have" + at_text(*job)});
      continue;
    }
    const std::string against = Place(history, *run, job->place).against(task->second);
    if (!against.empty()) found.push_back({"I3", text_of(name) + " is made " + against + at_text(*job)});
  }
}

std::string against_start(const History& history, const State& run, const Json& task, std::size_t place) {
  return Place(history, run, place).against(task);
}

void check_conditions(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    const auto last =
        std::find_if(states.rbegin(), states.rend(), [](const State& state) { return !state.object.is_null(); });
    if (last == states.rend()) continue;
    for (const auto& [name, task] : tasks_of(history, uid)) {
      // Whoever clears a task has its condition asked anew.
      if (actions_done(history, uid, history.events->size()) > 0) continue;
      if (task.contains("when")) check_condition(history, uid, last->object, task, found);
    }
  }
}

}  // namespace ork::sim
