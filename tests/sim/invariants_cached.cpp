// What must hold of tasks that have an earlier run's result.

#include <algorithm>

#include "controllers/api/time.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/expr/json.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/last_scope.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

// What the key of that task is in that run, by what is stored of it; null: it has no value.
Json key_of(const History& history, const Json& run, const std::string& name) {
  const std::string uid = uid_of(run);
  const auto task = tasks_of(history, uid).find(name);
  if (task == tasks_of(history, uid).end()) return nullptr;
  const auto expression = expr::parse(text_at(task->second, "/cache/key"));
  if (!expression) return nullptr;
  const LastScope scope(run, history.params.at(uid));
  const auto value = expr::evaluate(*expression, scope);
  return value ? expr::to_json(*value) : Json();
}

// How old a result may be.
std::int64_t ttl_of(const Json& task) { return api::parse_duration(text_at(task, "/cache/ttl")).value_or(0); }

std::int64_t time_of(const Json& task, const char* field) { return api::parse_time(text_at(task, field)).value_or(0); }

class Judge {
 public:
  Judge(const History& history, const State& state, const Json& cached)
      : history_(history), state_(state), cached_(cached), name_(cached.value("name", "")) {}

  // "" where the run of that name has it rightly, else what is wrong with the last that is looked at.
  std::string against() const {
    const std::string source = text_at(cached_, "/inheritedFrom/run");
    std::string why = "there was none";
    for (const auto& [uid, states] : history_.runs) {
      for (const State& earlier : states) {
        if (earlier.place >= state_.place || text_at(earlier.object, "/metadata/name") != source) continue;
        why = against_source(earlier.object);
        if (why.empty()) return "";
      }
    }
    return "has its result from " + source + ", but " + why;
  }

 private:
  std::string against_source(const Json& run) const {
    const Json& made = task_in(run, name_);
    if (!is_final(phase_of(run))) return "that had not ended";
    if (phase_of(made) != "Succeeded" || is_inherited(made) || is_marked(made)) return "that has not made it";
    if (text_at(run, "/spec/workflowRef/name") != text_at(state_.object, "/spec/workflowRef/name"))
      return "that is none of the same Workflow";
    if (made.value("output", Json()) != cached_.value("output", Json())) return "that has another output";
    const auto& task = tasks_of(history_, uid_of(state_.object)).at(name_);
    if (time_of(cached_, "/completionTime") - time_of(made, "/completionTime") > ttl_of(task)) return "that is too old";
    if (key_of(history_, run, name_) != key_of(history_, state_.object, name_)) return "that had another key";
    return "";
  }

  const History& history_;
  const State& state_;
  const Json& cached_;
  std::string name_;
};

// Since it was last seen otherwise no Job of it was made.
void check_jobs(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const State* run = run_before(history, name.run_uid, job->place);
    if (run != nullptr && is_cached(task_in(run->object, name.task)) && !made_unknowing(history, name))
      found.push_back({"I31", text_of(name) + " is made, although its task has an earlier result" + at_text(*job)});
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (task == tasks.end() || !task->second.contains("cache") || run == nullptr || made_unknowing(history, name))
      continue;
    if (text_at(task_in(run->object, name.task), "/cacheKey").empty())
      found.push_back({"I31", text_of(name) + " is made before it is stored that nothing answers it" + at_text(*job)});
  }
}

}  // namespace

void check_cached(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    for (const State& state : states) {
      for (const Json& task : value_at(state.object, "/status/tasks")) {
        if (!is_cached(task)) continue;
        const std::string name = task.value("name", "");
        if (const std::string why = Judge(history, state, task).against(); !why.empty())
          found.push_back({"I31", name + " " + why + at_text(state)});
        if (task.contains("attempt") || task.contains("startTime") || task.contains("job"))
          found.push_back({"I31", name + " has an earlier result, and tells of an attempt" + at_text(state)});
      }
    }
  }
  check_jobs(history, found);
}

}  // namespace ork::sim
