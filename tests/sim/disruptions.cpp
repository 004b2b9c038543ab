#include "tests/sim/disruptions.hpp"

#include <algorithm>
#include <set>

#include "controllers/run/actions.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/task_progress.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;
using runtime::Instant;

namespace {

// ork counts from when it has heard of the deletion, in whole seconds.
constexpr Duration patience{run::stopping_pod_wait_ms - 2'000};

bool was_silent(const History& history, const std::string& kubelet, std::size_t place) {
  return std::any_of(history.events->begin(), history.events->begin() + static_cast<std::ptrdiff_t>(place),
                     [&](const Event& event) {
                       return event.kind == Event::Kind::Fault && event.actor == kubelet &&
                              event.note.find(" node-silent ") != std::string::npos;
                     });
}

// The last stored state of the run; nullptr: there was none.
const Json* last_of(const std::vector<State>& states) {
  const auto it = std::find_if(states.rbegin(), states.rend(), [](const State& one) { return !one.object.is_null(); });
  return it == states.rend() ? nullptr : &it->object;
}

bool past_its_deadline(const std::vector<State>& job) {
  return std::any_of(job.begin(), job.end(), [](const State& state) {
    return state.object.dump().find("DeadlineExceeded") != std::string::npos;
  });
}

// Attempts of the task that failed by their own doing.
std::set<int> own_failures(const History& history, const std::string& run_uid, const Json& task) {
  std::set<int> own;
  const std::string name = task.value("name", "");
  for (const Life& life : history.lives) {
    const Process& process = life.process;
    if (process.run_uid != run_uid || process.task != name) continue;
    if (life.by_itself && life.exit_code != 0) own.insert(process.attempt);
  }
  for (const auto& [uid, states] : history.jobs) {
    const AttemptName attempt = attempt_of(states.front().object);
    if (attempt.run_uid == run_uid && attempt.task == name && past_its_deadline(states)) own.insert(attempt.attempt);
  }
  for (const Json& attempt : task.value("attempts", Json::array())) {
    const std::string reason = attempt.value("reason", "");
    // What somebody kills counts as its program's failure.
    const bool given_up = reason == "InvalidOutput" || reason == run::reason_pending_timeout;
    if (given_up || reason == run::reason_killed) own.insert(attempt.value("attempt", 0));
  }
  return own;
}

}  // namespace

bool taken_for_lost(const History& history, const Life& life, std::size_t place) {
  if (!was_silent(history, life.node, place)) return false;
  std::string key;
  std::optional<Instant> deleted_from;
  for (std::size_t i = 0; i < place; ++i) {
    const Event& event = (*history.events)[i];
    if (event.kind != Event::Kind::Write || event.collection != "pods") continue;
    if (event.text == nullptr) {
      if (event.key == key) return true;
    } else if (event.text->find(life.process.pod_uid) != std::string::npos) {
      key = event.key;
      if (!deleted_from && event.text->find("deletionTimestamp") != std::string::npos) deleted_from = event.at;
    }
  }
  return deleted_from && *deleted_from + patience <= (*history.events)[place].at;
}

bool is_unwanted(const History& history, const Life& life, std::size_t place) {
  return std::any_of(history.events->begin(), history.events->begin() + static_cast<std::ptrdiff_t>(place),
                     [&](const Event& event) {
                       return event.kind == Event::Kind::Write && event.collection == "pods" && event.text != nullptr &&
                              event.text->find(life.process.pod_uid) != std::string::npos &&
                              event.text->find("deletionTimestamp") != std::string::npos;
                     });
}

bool was_stopped(const Life& life) { return !life.by_itself && life.exit_code == 143; }

void check_budgets_apart(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    const Json* run = last_of(states);
    if (run == nullptr) continue;
    for (const Json& task : run->value("status", Json::object()).value("tasks", Json::array())) {
      const int charged = task.value("programRetries", 0);
      const bool blamed = task.value("phase", "") == "Failed" && task.value("cause", "") == "Program";
      if (charged == 0 && !blamed) continue;
      // What a child run comes to is its program's doing, whatever has become of that.
      if (task.contains("run")) continue;
      const std::set<int> own = own_failures(history, uid, task);
      const std::string name = task.value("name", "");
      if (static_cast<std::size_t>(charged) > own.size()) {
        found.push_back({"I2", name + " is charged " + std::to_string(charged) + " retries, and failed by itself in " +
                                   std::to_string(own.size()) + " attempts"});
      }
      // What could not even be made is nobody's doing, nor what asks for a value that is not there.
      const std::string reason = task.value("reason", "");
      const bool told =
          reason == "InvalidOutput" || reason == "JobRejected" || reason.ends_with("Unavailable") || is_marked(task);
      if (blamed && own.empty() && task.value("attempt", 0) > 0 && !told)
        found.push_back({"I2", name + " has failed by its program's doing, which never failed by itself"});
    }
  }
}

bool has_deadlines(const Shape& shape) { return mentions(shape, "timeout") || mentions(shape, "pendingTimeout"); }

bool ends_despite_disruptions(const Shape& shape, const History& history) {
  if (has_deadlines(shape)) return false;
  for (const ProgramRule& rule : shape.programs) {
    const Program& program = rule.program;
    // An output may be lost with its Pod, or count against its program although the Pod does not.
    if (!program.output.empty()) return false;
    const bool fails = program.exit_code != 0 || program.out_of_memory || program.stuck || program.evicted;
    if (fails && (rule.index >= 0 || program.stuck || program.evicted)) return false;
    const bool fans_out = mentions(shape, "count") || mentions(shape, "forEach") || mentions(shape, "matrix");
    if (fails && fans_out) return false;
  }
  for (const auto& [uid, states] : history.runs) {
    const Json* run = last_of(states);
    if (run == nullptr) continue;
    for (const Json& task : run->value("status", Json::object()).value("tasks", Json::array())) {
      if (task.value("infrastructureRetries", 0) >= run::infrastructure_retries) return false;
    }
  }
  return true;
}

std::map<std::string, std::string> without_attempts(std::map<std::string, std::string> ends) {
  for (auto& [task, end] : ends) end.resize(std::min(end.find(','), end.size()));
  return ends;
}

}  // namespace ork::sim
