#include "tests/sim/trial.hpp"

#include <algorithm>

#include "tests/sim/case_text.hpp"
#include "tests/sim/disruptions.hpp"
#include "tests/sim/invariants_wishes.hpp"

namespace ork::sim {

void check_ends(const Shape& shape, const Outcome& outcome, bool as_in_fair_weather, Violations& found) {
  if (!outcome.held_by_two.empty()) found.push_back({"I34", outcome.held_by_two});
  if (!outcome.broke.empty()) found.push_back({"I24", "the world broke: " + outcome.broke});
  for (const auto& [run, end] : outcome.ends) {
    if (!outcome.all_ended) {
      found.push_back({"I7", run + " has not ended: its phase is \"" + end + "\""});
    } else if (as_in_fair_weather && end != "gone" && !shape.ends.contains(end)) {
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

namespace {

// Longer than any world goes on.
constexpr runtime::Duration endless{600'000};

bool is_of_clocks(const Fault& fault) {
  return fault.harm == Harm::ClockBack || fault.harm == Harm::ClockForward || fault.harm == Harm::ClockSlow ||
         fault.harm == Harm::ClockFast;
}

bool any_program(const Shape& shape, bool (*holds)(const Program&)) {
  return std::any_of(shape.programs.begin(), shape.programs.end(),
                     [holds](const ProgramRule& rule) { return holds(rule.program); });
}

// What docs/reliability.md tells as known, or as not promised.
void leave_out_what_is_known(Case& what) {
  const auto leave_out = [&what](auto&& fits) { std::erase_if(what.faults, fits); };
  // What is kept for a time is kept by the wall clock, and looked at when that was to be over as the clock was set
  // then.
  if (what.shape.name.starts_with("ttl")) leave_out(is_of_clocks);
  // A Pod that ork can't see any more is waited for until it ends, and one that can't start never does.
  if (any_program(what.shape, [](const Program& program) { return program.stuck; }))
    leave_out([](const Fault& fault) { return fault.harm == Harm::Unlabel || fault.harm == Harm::Relabel; });
  // Whoever writes that a task has ended whose program goes on for ever lets it run.
  const bool any_endless = any_program(what.shape, [](const Program& program) { return program.runs >= endless; });
  if (any_endless) leave_out([](const Fault& fault) { return fault.harm == Harm::Deface; });
  // So does who hides a Job in the moment in which its run is cancelled, or its task is begun anew.
  const bool any_act = std::any_of(what.shape.wishes.begin(), what.shape.wishes.end(),
                                   [](const Wish& wish) { return wish.kind == Wish::Kind::Act; });
  if (any_endless || any_act)
    leave_out([](const Fault& fault) { return fault.harm == Harm::Unlabel || fault.harm == Harm::Relabel; });
  // How old a result is is told by the clocks of the operator and of the nodes.
  if (mentions(what.shape, "cache") && what.shape.steady) leave_out(is_of_clocks);
  // How long a Pod has not started is told by the clocks of the API server, the nodes and the operator.
  if (mentions(what.shape, "pendingTimeout") || what.shape.name == "image-stuck") leave_out(is_of_clocks);
  // A deadline comes later by as much as the clock is set back of who tells of it.
  if (has_deadlines(what.shape))
    leave_out([](const Fault& fault) { return fault.actor == "job-controller" && fault.harm == Harm::ClockBack; });
  // How long a Pod has had to stop is told by the clocks of the Job controller and of the operator.
  if (any_program(what.shape, [](const Program& program) { return program.stops > Program{}.stops; }))
    leave_out([](const Fault& fault) { return fault.harm == Harm::ClockForward; });
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
  if (draw.happens(50)) what.latency_ms = draw.happens(20) ? 400 : draw.happens(25) ? 100 : 25;
  what.faults = random_faults(chance.stream("faults"), 1 + draw.below(8), what.twin_for_ms > 0);
  if (draw.happens(20)) {
    for (Fault& fault : random_node_faults(chance.stream("nodes"))) what.faults.push_back(std::move(fault));
  }
  if (draw.happens(20)) {
    for (Fault& fault : random_edits(chance.stream("edits"))) what.faults.push_back(std::move(fault));
  }
  if (draw.happens(10)) {
    for (Fault& fault : random_forgeries(chance.stream("forgeries"))) what.faults.push_back(std::move(fault));
  }
  if (draw.happens(10)) {
    for (Fault& fault : random_clock_rates(chance.stream("clock rates"))) what.faults.push_back(std::move(fault));
  }
  Chance line = chance.stream("line");
  if (line.happens(what.shape.objects.size() > 2 ? 60 : 15))
    what.unplaced_tasks = static_cast<std::size_t>(line.between(1, 2));
  leave_out_what_is_known(what);
  return what;
}

namespace {

// Nothing struck, nothing took time, nobody interfered or had to wait for his turn.
bool is_fair(const Case& what) {
  return what.faults.empty() && what.latency_ms == 0 && what.twin_for_ms == 0 && what.unplaced_tasks == 0;
}

void check_course(const Case& what, const Outcome& outcome, const History& history, Violations& found) {
  check_processes(history, found);
  check_attempts(history, found);
  check_budgets_apart(history, found);
  check_upstream(history, found);
  check_conditions(history, found);
  check_items(history, found);
  check_outputs(history, found);
  check_phases(history, found);
  check_successes(history, found);
  check_completions(history, outcome.all_ended, found);
  if (outcome.all_ended) {
    check_recorded(history, found);
    check_quiet(history, outcome.ended_at, found);
    check_leftovers(history, found);
  }
  check_ownership(history, found);
  check_names(history, found);
  check_counts(history, found);
  check_actions(history, outcome.all_ended, found);
  check_waits(history, is_fair(what), found);
  check_hooks(history, found);
  check_children(history, outcome.all_ended, found);
  check_inherited(history, found);
  check_cached(history, found);
  check_scheduled(history, found);
  check_suspended(history, outcome.all_ended, found);
  check_parallelism(history, found);
  check_cancellations(history, is_fair(what), found);
  check_pins(history, found);
  check_revisions(history, found);
  check_backoffs(history, found);
  check_retry_times(history, found);
  check_memory(history, found);
  check_done_indexes(history, found);
  check_suspensions(history, found);
  check_lifetimes(history, found);
}

// Where what is stored proves nothing: nothing of others is touched, and there is an end.
void check_beside_nonsense(const Outcome& outcome, const History& history, Violations& found) {
  check_ownership(history, found);
  check_names(history, found);
  if (!outcome.all_ended) return;
  check_silence(history, outcome.ended_at, found);
  check_leftovers(history, found);
}

void check_requests(const RequestLog& log, Violations& found) {
  check_preconditions(log, found);
  check_whole_views(log, found);
  check_views(log, found);
  check_pace(log, found);
  check_sizes(log, found);
}

}  // namespace

namespace {

bool ends_like_in_fair_weather(const Case& what, const History& history) {
  // Whose Job it was nobody can know any more; what was stored is not ork's word; a name may have been taken.
  if (has_harm(what.faults, Harm::Disown) || has_harm(what.faults, Harm::Deface)) return false;
  if (has_harm(what.faults, Harm::Forge)) return false;
  // What is halted may be overtaken by its deadline.
  const bool slowed = has_harm(what.faults, Harm::Halt) || has_harm(what.faults, Harm::Narrow);
  if (slowed && has_deadlines(what.shape)) return false;
  // An attempt that lost a node may still be tried again as the same one.
  if (slowed && strikes_nodes(what.faults)) return false;
  const auto jumps = [&what](std::string_view actor) {
    return std::any_of(what.faults.begin(), what.faults.end(), [actor](const Fault& fault) {
      return fault.actor == actor && fault.harm == Harm::ClockForward;
    });
  };
  // How long hooks may take is told by the operator's.
  const bool set = std::any_of(what.faults.begin(), what.faults.end(), [](const Fault& fault) {
    return is_of_clocks(fault) && (fault.actor == "operator" || fault.actor == "twin");
  });
  if (set && mentions(what.shape, "hooks")) return false;
  // Deadlines are the Job controller's to tell, by its own clock.
  if (jumps("job-controller") && has_deadlines(what.shape)) return false;
  // A backoff counts from the node's word: it is over for who is far ahead of it, before somebody wants anything.
  if ((jumps("operator") || jumps("twin")) && mentions(what.shape, "retry") && !what.shape.wishes.empty()) return false;
  return !strikes_nodes(what.faults) || ends_despite_disruptions(what.shape, history);
}

}  // namespace

Verdict judge(const Case& what, const std::map<std::string, std::string>& ends) {
  Verdict verdict{run_world(what), {}};
  const Outcome& outcome = verdict.outcome;
  const History history(outcome.trace);
  Violations& found = verdict.violations;
  const bool as_in_fair_weather = ends_like_in_fair_weather(what, history);
  check_ends(what.shape, outcome, as_in_fair_weather, found);
  if (has_harm(what.faults, Harm::Deface)) {
    check_beside_nonsense(outcome, history, found);
  } else {
    check_course(what, outcome, history, found);
  }
  check_requests(outcome.operator_requests, found);
  check_requests(outcome.twin_requests, found);
  if (is_fair(what) && what.shape.wishes.empty() && outcome.operators == 1)
    check_budget(history, outcome.operator_requests, outcome.requests_to_sync, found);
  if (!as_in_fair_weather) return verdict;
  // A Job that was halted while its controller's view was old may take its Pod for one that failed: an attempt more.
  if (strikes_nodes(what.faults) || has_harm(what.faults, Harm::Halt)) {
    compare_ends(without_attempts(ends), without_attempts(task_ends(history)), found);
  } else {
    compare_ends(ends, task_ends(history), found);
  }
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

std::string report(const Case& what, const Verdict& verdict) {
  std::string out;
  for (const Violation& violation : verdict.violations) out += violation.invariant + ": " + violation.what + "\n";
  return out + "the case, as tests/sim/kept holds it:\n" + to_text(what) + "the trace's last lines:\n" +
         verdict.outcome.trace.tail(40);
}

}  // namespace ork::sim
