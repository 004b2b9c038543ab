#include "tests/sim/invariants_wishes.hpp"

#include <algorithm>
#include <cmath>

#include "controllers/api/index_set.hpp"
#include "controllers/api/time.hpp"
#include "controllers/api/workflow.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/workflow/resource_rules.hpp"
#include "operator/reconcile/limits.hpp"
#include "tests/sim/disruptions.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;
using runtime::Instant;

namespace {

Duration between(Instant from, Instant to) { return std::chrono::duration_cast<Duration>(to - from); }

// The least that passes between two attempts; 0: nothing is asked for.
Duration least_backoff(const Json& task) {
  const Json backoff = task.value("retry", Json::object()).value("backoff", Json::object());
  const auto initial = api::parse_duration(backoff.value("initial", ""));
  // Whoever is stopped by a deadline has ended before its processes have.
  if (!initial || task.contains("timeout")) return Duration{0};
  const double jitter = backoff.value("jitter", 1.0);
  const double own = static_cast<double>(*initial) * (1.0 - jitter);
  const double of_infrastructure = 0.9 * static_cast<double>(run::infrastructure_backoff_initial_ms);
  return Duration{static_cast<std::int64_t>(std::min(own, of_infrastructure))};
}

// The most that a backoff asks for after its nth failure.
std::int64_t most_of(const api::Backoff& backoff, int n) {
  if (n == 0) return 0;
  const double grown = static_cast<double>(backoff.initial_ms) * std::pow(backoff.factor, n - 1);
  return static_cast<std::int64_t>(std::min(grown * (1.0 + backoff.jitter), static_cast<double>(backoff.max_ms)));
}

// The same of both backoffs of a task, as its status counts them.
Duration most_backoff(const Json& task, const Json& status) {
  const Json backoff = task.value("retry", Json::object()).value("backoff", Json::object());
  api::Backoff own;
  if (const auto initial = api::parse_duration(backoff.value("initial", ""))) own.initial_ms = *initial;
  if (const auto max = api::parse_duration(backoff.value("max", ""))) own.max_ms = *max;
  own.factor = backoff.value("factor", own.factor);
  own.jitter = backoff.value("jitter", own.jitter);
  const api::Backoff of_infrastructure{run::infrastructure_backoff_initial_ms, 2.0, run::infrastructure_backoff_max_ms,
                                       0.1};
  return Duration{std::max(most_of(own, status.value("programRetries", 0)),
                           most_of(of_infrastructure, status.value("infrastructureRetries", 0)))};
}

// The attempt ran out of memory, in one index at least.
bool ran_out_of_memory(const History& history, const AttemptName& name) {
  return std::any_of(history.lives.begin(), history.lives.end(), [&](const Life& life) {
    return attempt_of(life.process) == name && life.by_itself && life.exit_code == 137;
  });
}

double amount_at(const Json& object, const char* place) {
  return workflow::amount_of(text_at(object, place)).value_or(0);
}

// Some process' wall clock was wrong, and with it what it made of times.
bool clocks_differ(const History& history) {
  return std::any_of(history.events->begin(), history.events->end(), [](const Event& event) {
    return event.kind == Event::Kind::Fault && event.note.find(" clock-") != std::string::npos;
  });
}

// Pods were marked and deleted by those who look after nodes: their Jobs know before they end.
bool has_ended_pods(const History& history) {
  return std::any_of(history.events->begin(), history.events->end(), [](const Event& event) {
    return event.kind == Event::Kind::Write && event.actor == "node-controller";
  });
}

// A request of this actor to make a Job may have arrived later than the actor believed.
bool may_be_late(const History& history, const std::string& actor) {
  return std::any_of(history.events->begin(), history.events->end(), [&](const Event& event) {
    return event.kind == Event::Kind::Fault && event.actor == actor && event.note.ends_with("/jobs)");
  });
}

}  // namespace

void check_backoffs(const History& history, Violations& found) {
  if (clocks_differ(history)) return;
  const bool pods_are_ended = has_ended_pods(history);
  for (const State* made : jobs_made(history)) {
    const AttemptName name = attempt_of(made->object);
    const AttemptName last{name.run_uid, name.task, name.attempt - 1};
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (name.attempt < 2 || task == tasks.end() || job_is_gone(history, last, history.events->size())) continue;
    // Whoever asks for another attempt need not wait.
    if (actions_done(history, name.run_uid, made->place) > 0) continue;
    // Whoever gets more memory instead has nothing to wait for.
    if (task->second.contains("onOOM") && ran_out_of_memory(history, last)) continue;
    const Duration least = least_backoff(task->second);
    std::optional<Instant> end;
    for (const Life& life : history.lives) {
      if (attempt_of(life.process) != last || !life.end || life.end_place > made->place) continue;
      if (pods_are_ended && was_stopped(life)) continue;
      if (!end || *life.end < *end) end = life.end;
    }
    if (!end || between(*end, made->event->at) >= least) continue;
    found.push_back({"I2", text_of(name) + " is made " + std::to_string(between(*end, made->event->at).count()) +
                               " ms after the last one; " + std::to_string(least.count()) + " ms are asked for"});
  }
}

void check_memory(const History& history, Violations& found) {
  for (const State* made : jobs_made(history)) {
    const AttemptName name = attempt_of(made->object);
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (task == tasks.end() || !task->second.contains("onOOM")) continue;
    const State* run = run_before(history, name.run_uid, made->place);
    int times =
        run == nullptr || made_unknowing(history, name) ? 0 : task_in(run->object, name.task).value("memoryGrowths", 0);
    int most = 0;
    for (int attempt = 1; attempt < name.attempt; ++attempt) {
      most += ran_out_of_memory(history, {name.run_uid, name.task, attempt}) ? 1 : 0;
    }
    const double factor = std::stod(text_at(task->second, "/onOOM/memory").substr(1));
    const double is = amount_at(made->object, "/spec/template/spec/containers/0/resources/limits/memory");
    const auto should = [&] {
      return std::min(amount_at(task->second, "/resources/limits/memory") * std::pow(factor, times),
                      amount_at(task->second, "/onOOM/max"));
    };
    // What is stored may not tell yet of what has just ended.
    while (times < most && should() != is) ++times;
    if (times > most || should() != is)
      found.push_back({"I2", text_of(name) + " has " + std::to_string(is) + " bytes of memory, after " +
                                 std::to_string(most) + " that ran out of it" + at_text(*made)});
  }
}

void check_retry_times(const History& history, Violations& found) {
  if (operators_clock_differs(history)) return;
  // What is cut to whole seconds: when the run was made, and when an attempt has ended, which counts from the end of
  // that second.
  constexpr Duration cut{2'000};
  for (const auto& [uid, states] : history.runs) {
    const auto made = api::parse_time(text_at(states.front().object, "/metadata/creationTimestamp"));
    for (const State& state : states) {
      if (!made || state.object.is_null()) continue;
      const Duration now = Duration{*made} + between(states.front().event->at, state.event->at);
      for (const auto& [name, task] : tasks_of(history, uid)) {
        const Json status = task_in(state.object, name);
        const auto due = api::parse_time(text_at(status, "/retryTime"));
        if (!due || Duration{*due} <= now + most_backoff(task, status) + cut) continue;
        found.push_back({"I2", name + " is put off for " + std::to_string((Duration{*due} - now).count()) + " ms; " +
                                   std::to_string(most_backoff(task, status).count()) + " ms are asked for" +
                                   at_text(state)});
      }
    }
  }
}

void check_done_indexes(const History& history, Violations& found) {
  for (const State* made : jobs_made(history)) {
    const AttemptName name = attempt_of(made->object);
    const State* run = run_before(history, name.run_uid, made->place);
    if (run == nullptr) continue;
    // Who could not know better, and was put right at once.
    if (made_unknowing(history, name) && job_is_gone(history, name, history.events->size())) continue;
    const auto done = api::IndexSet::parse(text_at(task_in(run->object, name.task), "/succeededIndexes"));
    for (const Life& life : history.lives) {
      const std::int64_t index = life.process.index;
      if (attempt_of(life.process) != name || !done || index < 0 || !done->contains(index)) continue;
      found.push_back({"I5", text_of(name) + " starts index " + std::to_string(index) + ", which is done"});
    }
  }
}

void check_suspensions(const History& history, Violations& found) {
  for (const State* made : jobs_made(history)) {
    const AttemptName name = attempt_of(made->object);
    const State* run = run_before(history, name.run_uid, made->place);
    if (run == nullptr || !run->object.at("spec").value("suspend", false)) continue;
    const Json& status = value_at(run->object, "/status");
    // The hooks that end a run are not held back.
    if (is_of_hook(history, name) && status.contains("result")) continue;
    const bool seen = status.value("observedGeneration", 0) >= run->object.at("metadata").value("generation", 0);
    // It was on its way when that became known: a status waits for creates, but not for ever.
    if (between(run->event->at, made->event->at) < reconcile::limits::status_waits_for_creates) continue;
    if (!seen || run->event->actor != made->event->actor || may_be_late(history, made->event->actor)) continue;
    found.push_back({"I19", text_of(name) + " is made by who knows that the run is suspended"});
  }
}

void check_lifetimes(const History& history, Violations& found) {
  if (clocks_differ(history)) return;
  for (const auto& [uid, states] : history.runs) {
    const State& last = states.back();
    if (!last.object.is_null() || states.size() < 2 || last.event->actor == "user") continue;
    const Json& run = states[states.size() - 2].object;
    const std::int64_t ttl = run.at("spec").value("ttlSecondsAfterFinished", std::int64_t{-1});
    const auto made = api::parse_time(text_at(run, "/metadata/creationTimestamp"));
    const auto ended = api::parse_time(text_at(run, "/status/completionTime"));
    if (ttl < 0 || !made || !ended) continue;
    // The time of its making was cut to whole seconds.
    const Duration least{*ended - *made + ttl * 1000 - 1000};
    const Duration lived = between(states.front().event->at, last.event->at);
    if (lived >= least) continue;
    found.push_back({"I8", "a run is deleted " + std::to_string((least - lived).count()) + " ms before its time"});
  }
}

}  // namespace ork::sim
