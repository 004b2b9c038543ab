#pragma once

// A whole cluster under virtual time: store, API server, Job controller, garbage collector, one node (two where
// a node is struck), and the operator as it is, each with its own transport to the API. One World is one run of one
// shape under one list of faults; nothing in it depends on anything but its Case.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "operator/embedded/kinds/kind.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/request_log.hpp"
#include "tests/sim/shape.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

struct Case {
  std::uint64_t seed = 1;  // of the actors' own chance: uids, jitter
  Shape shape;
  Faults faults;
  std::int64_t latency_ms = 0;  // of each request, answer and event, at most
  // Operators are replicas that share the work by Leases, as they are in a cluster. Without them each works on all: the
  // worst that a replica can be who was paused for too long.
  bool lease = false;
  std::size_t unplaced_tasks = 0;  // beyond that no more runs begin; 0: as an operator has it by itself
  // A second operator beside the first.
  std::int64_t twin_from_ms = 0;
  std::int64_t twin_for_ms = 0;  // 0: none
  bool until_quiet = true;       // false: stop when the last run has ended
  // After the end another operator starts: it must find nothing to do.
  bool restart_at_end = false;
};

struct Outcome {
  Trace trace;
  std::map<std::string, std::string> ends;  // runs by key: their phases at the end, or "gone"
  runtime::Instant ended_at;                // the last run had ended; nothing struck any more
  bool all_ended = false;
  RequestLog operator_requests, twin_requests;
  std::size_t requests_to_sync = 0;  // the operator's, before the first object was made
  std::uint32_t operator_writes = 0;
  std::uint32_t operator_calls = 0;
  std::uint32_t operators = 0;  // processes
  std::string held_by_two;      // a sentence, where two replicas held the same share of the work
  std::string broke;            // an exception that came out of the loop, or a world that did not start
};

// Kinds are read once and shared.
const embedded::Kinds& all_kinds();

Outcome run_world(const Case& what);

}  // namespace ork::sim
