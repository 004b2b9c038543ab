#pragma once

// What is under way for one run: requests on their way, and what the API server refused. Lost with
// the process, and rightly so: the next one finds out anew.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controllers/run/plan.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

// What the last question after a missing object has brought.
struct LookUp {
  bool under_way = false;
  runtime::Instant again{};  // it is there, but no watch has shown it: ask again then
};

// `job.retry_ms` is left open: the wall clock may be set meanwhile.
struct RefusedCreate {
  run::RefusedJob job;
  int times = 0;  // in a row, for the backoff
  runtime::Instant again{};
};

// A Job whose create may have been carried out, and which could not be asked for since: it keeps its room.
struct UnknownCreate {
  run::NewJob job;
  runtime::Instant again{};
};

// A status that Jobs were made by, and that waits for them before it is stored.
struct HeldStatus {
  api::RunStatus status;
  run::Urgency urgency = run::Urgency::Lazy;
  std::vector<run::Event> events;
  std::string on;  // the resourceVersion of the run that it was decided on
};

struct RunActivity {
  std::string uid;
  runtime::Instant since{};                                     // this process has known of the run
  std::shared_ptr<const workflow::Definition> definition;       // what it is planned from, once found
  std::string revision;                                         // pinned, although perhaps not stored yet
  std::string problems;                                         // of an inline definition
  std::map<std::string, run::EarlierRun, std::less<>> earlier;  // by name, as long as plans consult them

  std::set<std::string, std::less<>> creating;        // names of Jobs and child runs
  std::map<std::string, runtime::Instant> asked_for;  // Jobs by name: when; until they are placed or never will be
  std::map<std::string, RefusedCreate, std::less<>> refused;
  std::map<std::string, UnknownCreate, std::less<>> unknown;  // by name; in `creating` too
  std::set<std::string> items_made;  // names of ConfigMaps that are there for a Job that is not yet
  std::set<std::string> removing;    // Job uids
  std::set<std::string> seeding;     // Job uids
  std::set<std::string> awaits;      // keys of runs that it waits for
  std::map<run::Missing, LookUp> look_ups;
  std::set<run::Missing> gone;
  std::shared_ptr<const api::RunStatus> being_stored;  // the status on its way; null: none is
  run::Urgency being_stored_urgency = run::Urgency::Lazy;
  std::optional<HeldStatus> held;
  bool deleting = false;
  bool told_too_large = false;          // an Event says that its status can't be stored
  int failures = 0;                     // in a row, for the backoff
  runtime::Instant not_before{};        // the server wishes to hear nothing of this run before that
  std::string refused_on;               // the resourceVersion of the run that a status was last refused on
  runtime::Instant not_on_it_before{};  // while nothing newer is seen of the run
  std::optional<runtime::Instant> last_status_write;
  std::optional<runtime::Instant> status_held_since;  // waits for creates on their way
};

}  // namespace ork::reconcile
