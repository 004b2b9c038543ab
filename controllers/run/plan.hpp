#pragma once

// The decision about one run: plan(snapshot, now) -> Plan. Pure and deterministic: same input, same
// bytes. It leaves whoever carries it out no choice but the order of independent requests.
//
// Its parts can be carried out in any order, since each rests only on what the snapshot showed to be
// stored: the status names only Jobs that exist, and `remove` only Jobs whose outcome is in the
// stored status. After a crash between any two requests the next plan, made from what the cluster
// shows then, does the rest.

#include <optional>
#include <string>
#include <vector>

#include "controllers/run/snapshot.hpp"

namespace ork::run {

// What has to be there before the Job: a ConfigMap. AlreadyExists counts as done iff its controller owner is the run:
// for its name tells all that it holds.
struct NewItems {
  std::string name;
  std::string body;
};

// Create this Job, or child run. AlreadyExists counts as done iff its controller owner is the run. The status
// will name it once a snapshot shows it.
struct NewJob {
  std::string name;
  std::string task;
  int attempt = 0;
  std::string body;
  bool indexed = false;
  std::int64_t completions = 0;  // of an indexed one
  bool unseeded = false;         // a fan-out's retry: to be seeded before it starts
  bool suspended = false;        // it is made so: unseeded, or for its queue to start
  std::optional<NewItems> items = {};
  bool is_run = false;  // a WorkflowRun
};

// A suspended Job of ours: mark what is done as completed through /status, then let it go.
struct SeedJob {
  std::string name;
  std::string uid;
  std::string status_body;  // merge patch for /status
  std::string spec_body;    // merge patch for the Job, afterwards
  std::string queue;        // which starts it then; empty: it runs from then on
};

struct OldJob {
  std::string name;
  std::string uid;          // delete only this one
  bool pods_first = false;  // it goes after its Pods: the next attempt waits for them
};

enum class EventType { Normal, Warning };

struct Event {
  EventType type = EventType::Normal;
  std::string reason;
  std::string message;
};

// How soon a changed status should be stored. Nothing depends on a lazy one: the Jobs are the truth until
// then, and a status that is late is only late news.
enum class Urgency {
  Lazy,
  First,  // the revision that the run starts from, an action, an attempt that is given up, whether a cache answers:
          // nothing follows from it before it is stored
  Final,
};

struct Plan {
  std::vector<NewJob> create;
  std::vector<SeedJob> seed;
  api::RunStatus status;
  bool status_changed = false;
  // The run is at its beginning, and goes on from there only where snapshot.may_begin says so; else it waits for that.
  bool begins = false;
  bool waits_for_turn = false;
  Urgency urgency = Urgency::Lazy;
  std::vector<OldJob> remove;
  // Undecided until the API server has been asked for these: a later snapshot shows them, or has them as gone.
  std::vector<Missing> look_up;
  // The earlier runs, by name, that the next plan may still want; others may be forgotten.
  std::set<std::string, std::less<>> consulted;
  // Names of runs: a change of one is to be looked at.
  std::vector<std::string> awaits;
  // To be watched, until a plan does not name them any more.
  std::set<ObjectReference> awaits_objects;
  std::vector<Event> events;
  bool delete_run = false;
  std::optional<api::TimeMs> wake_ms;  // look again then, whatever happens
};

Plan plan(const Snapshot& snapshot, api::TimeMs now);

}  // namespace ork::run
