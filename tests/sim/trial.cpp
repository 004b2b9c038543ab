#include "tests/sim/trial.hpp"

namespace ork::sim {
namespace {

void check_ends(const Case& what, const Outcome& outcome, Violations& found) {
  if (!outcome.broke.empty()) found.push_back({"I24", "the world broke: " + outcome.broke});
  for (const auto& [run, end] : outcome.ends) {
    if (!outcome.all_ended) {
      found.push_back({"I7", run + " has not ended: its phase is \"" + end + "\""});
    } else if (!what.shape.ends.contains(end)) {
      found.push_back({"I26", run + " has ended as " + end});
    }
  }
}

void compare_ends(const std::map<std::string, std::string>& fair, const std::map<std::string, std::string>& ends,
                  Violations& found) {
  for (const auto& [task, end] : fair) {
    const auto it = ends.find(task);
    const std::string here = it == ends.end() ? "not at all" : it->second;
    if (here != end) found.push_back({"I26", task + " ended: " + here + "; without faults: " + end});
  }
}

}  // namespace

Case case_of_seed(std::uint64_t seed) {
  const Chance chance(seed);
  Chance draw = chance.stream("case");
  Case what;
  what.seed = seed;
  const auto& named = named_shapes();
  what.shape = draw.happens(50) ? named[draw.below(named.size())] : random_shape(chance.stream("shape"));
  what.restart_at_end = draw.happens(20);
  what.lease = draw.happens(20);
  if (draw.happens(what.lease ? 60 : 15)) {
    what.twin_from_ms = draw.between(0, 3'000);
    what.twin_for_ms = draw.between(1, what.lease ? 300'000 : 20'000);
  }
  if (draw.happens(50)) what.latency_ms = draw.happens(20) ? 400 : 25;
  what.faults = random_faults(chance.stream("faults"), 1 + draw.below(8), what.twin_for_ms > 0);
  return what;
}

Verdict judge(const Case& what, const std::map<std::string, std::string>& ends) {
  Verdict verdict{run_world(what), {}};
  const History history(verdict.outcome.trace);
  Violations& found = verdict.violations;
  check_ends(what, verdict.outcome, found);
  check_processes(history, found);
  check_attempts(history, found);
  check_upstream(history, found);
  check_phases(history, found);
  check_successes(history, found);
  if (verdict.outcome.all_ended) {
    check_quiet(history, verdict.outcome.ended_at, found);
    check_leftovers(history, found);
  }
  check_ownership(history, found);
  check_counts(history, found);
  compare_ends(ends, task_ends(history), found);
  return verdict;
}

Verdict judge_beside_fair_weather(const Case& what, FairEnds& known) {
  if (!what.shape.steady) return judge(what);
  const bool named = what.shape.name != "random";
  const auto it = named ? known.find(what.shape.name) : known.end();
  if (it != known.end()) return judge(what, it->second);
  const Outcome fair = run_world({.seed = what.seed, .shape = what.shape, .until_quiet = false});
  auto ends = task_ends(History(fair.trace));
  Verdict verdict = judge(what, ends);
  if (named) known[what.shape.name] = std::move(ends);
  return verdict;
}

// Faults are left out one after the other, as long as that shortens the list.
Faults shrink(const Case& what, const std::function<bool(const Case&)>& fails, int most) {
  Case smaller = what;
  for (bool shorter = true; shorter && most > 0;) {
    shorter = false;
    for (std::size_t i = smaller.faults.size(); i-- > 0 && most > 0;) {
      Case without = smaller;
      without.faults.erase(without.faults.begin() + static_cast<std::ptrdiff_t>(i));
      --most;
      if (!fails(without)) continue;
      smaller = std::move(without);
      shorter = true;
    }
  }
  return smaller.faults;
}

std::string report(const Case& what, const Verdict& verdict) {
  std::string out = "shape " + what.shape.name + ", seed " + std::to_string(what.seed) + ", latency " +
                    std::to_string(what.latency_ms) + ", twin from " + std::to_string(what.twin_from_ms) + " for " +
                    std::to_string(what.twin_for_ms) + (what.lease ? ", with a lease\n" : "\n");
  if (what.shape.name == "random") {
    for (const nlohmann::json& object : what.shape.objects) out += object.at("spec").dump() + "\n";
  }
  for (const Violation& violation : verdict.violations) out += violation.invariant + ": " + violation.what + "\n";
  out += "faults:\n" + to_text(what.faults) + "the trace's last lines:\n" + verdict.outcome.trace.tail(40);
  return out;
}

}  // namespace ork::sim
