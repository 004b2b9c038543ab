#pragma once

// What goes wrong, as a list: each fault names the request it strikes. A list has a text form, a line
// a fault, so that a failing run is kept and replayed without its seed:
//
//   operator write 7 crash-unanswered wait=0 back=1000
//   kubelet call 12 server-error wait=0 back=0
//   job-controller stream 3 freeze wait=2 back=0

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "controllers/result/result.hpp"
#include "tests/sim/chance.hpp"

namespace ork::sim {

// Which of an actor's requests are counted, from 1, over all its processes: all calls, those that are no
// GET, or watches.
enum class Counted { Call, Write, Stream };

enum class Harm {
  // --- a call or write ---
  Delay,             // reaches the server `wait` ms late
  LateAnswer,        // the answer comes `wait` ms late
  ConnectError,      // never sent
  Conflict,          // 409, not carried out (a read or a delete: 500)
  TooManyRequests,   // 429, Retry-After `wait` ms
  ServerError,       // 500, not carried out
  Unavailable,       // 503, not carried out
  TimeOut,           // not carried out, and no answer until the caller's own bound
  LostAnswer,        // carried out; no answer until the caller's own bound
  BrokenAnswer,      // carried out; the connection breaks at once
  HalfAnswer,        // carried out; the answer's body is cut in the middle
  LateWrite,         // the caller gives up at its own bound; carried out `wait` ms after that
  Compact,           // the history up to now is forgotten, then as usual
  Pause,             // the process stands still for `wait` ms, just before it is sent
  ClockForward,      // its wall clock is set forward by `wait` ms, then as usual
  ClockBack,         // and back
  CrashBeforeSend,   // the process dies; another one starts after `back` ms
  CrashUnanswered,   // the same; carried out `wait` ms later
  CrashAfterAnswer,  // the same, once the answer has been dealt with
  // --- a watch ---
  RefuseStream,  // 500
  StreamDelay,   // each event `wait` ms late
  StreamFreeze,  // silent after `wait` events, until the reader's own bound
  StreamEnd,     // ended cleanly after `wait` events
  StreamBroken,  // the connection breaks after `wait` events
  StreamGone,    // silent after `wait` events, then 410: the history up to then is forgotten
  StreamRepeat,  // each event twice
  StreamHalf,    // after `wait` events half of one, and the end
  StreamMerge,   // what is made moot within `wait` ms is left out
  // --- a node, when its kubelet sends that request ---
  NodeSilent,  // for `wait` ms nothing is heard of it, nor does it hear anything; its programs go on
  NodeReboot,  // without power for `wait` ms: its programs are lost
  NodeGone,    // without power for good; an empty one takes its place `wait` ms after it was given up
  Drain,       // all its Pods are evicted, as by kubectl drain
  Preempt,     // the Pod that the request is about makes room for another
  Evict,       // the kubelet ends that Pod because memory runs short
  // --- the object that the request is about (a run, a Job or a Pod): somebody edits it `wait` ms later ---
  Unlabel,  // ork's labels are taken off
  Relabel,  // ork's labels say something else
  Disown,   // a Job: its owner is taken off
  Hold,     // a finalizer, for twenty seconds
  Adorn,    // a label, and an annotation of 100 kB
  Halt,     // a Job or a run: it is suspended for twenty seconds
  Narrow,   // a Job: no Pod of it may run for twenty seconds
  // --- beside the Job, or in the status of the run, that the request is about; `wait` says which (forger.hpp) ---
  Forge,   // a Job or a Pod that looks like ork's
  Deface,  // nonsense in the status
  // --- a process, from that call or write on ---
  ClockFast,  // its wall clock gains `wait` ms each second
  ClockSlow,  // and loses
};
inline constexpr int harms = static_cast<int>(Harm::ClockSlow) + 1;

std::string_view to_string(Counted counted);
std::string_view to_string(Harm harm);
bool is_crash(Harm harm);
bool is_of_stream(Harm harm);
bool is_of_node(Harm harm);
bool is_of_object(Harm harm);

struct Fault {
  std::string actor;
  Counted counted = Counted::Call;
  std::uint32_t n = 1;
  Harm harm = Harm::Delay;
  std::int64_t wait = 0;  // milliseconds or events, see Harm
  std::int64_t back = 0;  // milliseconds; crashes only
  friend bool operator==(const Fault&, const Fault&) = default;
};
using Faults = std::vector<Fault>;

std::string to_text(const Fault& fault);
std::string to_text(const Faults& faults);
// The error is a sentence with the number of the line.
Result<Faults, std::string> faults_from(std::string_view text);

// At most `most` faults for the actors that have transports of their own; for a second operator where there is one.
// Most strike one request each; some come together, as they do in a cluster: a clock that is wrong from the start, one
// kind's watch far behind the other operator's, a server that refuses several requests in a row.
Faults random_faults(Chance chance, std::size_t most, bool twin = false);
// One to three harms of nodes.
Faults random_node_faults(Chance chance);
bool strikes_nodes(const Faults& faults);
// One or two edits.
Faults random_edits(Chance chance);
// A forgery or a defacement.
Faults random_forgeries(Chance chance);
// Clocks of one or two actors that run at a rate of their own.
Faults random_clock_rates(Chance chance);
bool has_harm(const Faults& faults, Harm harm);
bool strikes_objects(const Faults& faults);

// For how long or after how much a fault of this kind strikes.
std::int64_t random_wait(Chance& chance, Harm harm);

// Faults by the request that they strike; the first of several for one request counts.
class FaultTable {
 public:
  explicit FaultTable(const Faults& faults);
  std::optional<Fault> find(std::string_view actor, Counted counted, std::uint32_t n) const;

 private:
  std::map<std::tuple<std::string, Counted, std::uint32_t>, Fault> by_place_;
};

}  // namespace ork::sim
