#pragma once

// What a trace tells of nodes that were lost and of Pods that were evicted: who may be taken for lost, whose budget a
// retry may take, and which ends are still those of fair weather.

#include <map>
#include <string>

#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/shape.hpp"

namespace ork::sim {

// Its node was not heard of, and by that place its Pod is gone from the API server or has been being deleted for as
// long as ork waits for one: the next attempt may begin, although it may still run.
bool taken_for_lost(const History& history, const Life& life, std::size_t place);

// Whether its Pod was being deleted before that place.
bool is_unwanted(const History& history, const Life& life, std::size_t place);

// It was stopped, for its node was needed for others or it was taken for lost: its attempt had ended before.
bool was_stopped(const Life& life);

// I2: a retry is charged to the program only for what the program, its output or its deadline did; what a node or an
// eviction did has a budget of its own.
void check_budgets_apart(const History& history, Violations& found);

// Whether a task or a run has one.
bool has_deadlines(const Shape& shape);
// Whether the runs have to end as without the nodes' faults: no task has used up the budget of the infrastructure, no
// deadline ran while a node was lost, and no index of a fan-out failed by itself beside one that was lost, which costs
// both budgets at once.
bool ends_despite_disruptions(const Shape& shape, const History& history);
// "Succeeded, attempt 2": without the attempt, which an eviction may have cost.
std::map<std::string, std::string> without_attempts(std::map<std::string, std::string> ends);

}  // namespace ork::sim
