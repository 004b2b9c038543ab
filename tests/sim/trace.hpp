#pragma once

// What happened, in order: every write that reached the store and who made it, every process that
// started or ended, every fault that struck. The same seed gives the same lines, byte for byte.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/store/memory_journal.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::sim {

// One container's run on the node, and whose it is.
struct Process {
  std::string pod_uid;
  std::string run_uid;
  std::string task;
  int attempt = 0;
  std::int64_t index = -1;  // -1: the task does not fan out
  friend bool operator==(const Process&, const Process&) = default;
};

struct Event {
  enum class Kind {
    Write,  // collection, key, version, text
    Start,  // process, files
    Exit,   // process, exit_code
    Fault,  // note: the fault as text; the actor it struck
    Note,   // anything else worth a line: an operator began or died, a user's wish, the end of all faults
  };
  runtime::Instant at;
  Kind kind = Kind::Note;
  std::string actor;
  std::string collection;  // "jobs.batch"
  std::string key;         // "default/etl"
  std::uint64_t version = 0;
  std::shared_ptr<const std::string> text;  // null: the object is gone
  // The same as JSON, of the collections that somebody reads; else null.
  std::shared_ptr<const nlohmann::json> object;
  Process process;
  int exit_code = 0;
  bool by_itself = false;  // an Exit: as its program ends, nobody stopped it
  // A Start: what it has found of its index's own, by path.
  std::map<std::string, std::string> files;
  std::string note;
};

// One line, without its end; the object itself as a hash of its text.
std::string to_line(const Event& event);

class Trace {
 public:
  void add(Event event) { events_.push_back(std::move(event)); }
  const std::vector<Event>& events() const { return events_; }
  std::string text() const;
  // The last lines, at most `count`.
  std::string tail(std::size_t count) const;
  std::uint64_t hash() const;

 private:
  std::vector<Event> events_;
};

// The journal of the world: what is stored becomes a line, with the actor whose request wrote it.
class TracedJournal final : public embedded::Journal {
 public:
  TracedJournal(runtime::Loop& loop, Trace& trace) : loop_(loop), trace_(trace), journal_(loop) {}

  // Versions after `before`, up to `after`, are this actor's. Called in the order of versions.
  void wrote(std::uint64_t before, std::uint64_t after, const std::string& actor);
  // A write's text as JSON, or null where nobody will read it. Not asked about what is gone.
  std::function<std::shared_ptr<const nlohmann::json>(const embedded::JournalEntry&)> read;
  // Told of each write once it is in the trace.
  std::function<void(const Event&)> on_write;

  Result<std::uint64_t, embedded::JournalError> load(const Visitor& visit) override { return journal_.load(visit); }
  void append(std::vector<embedded::JournalEntry> batch, Told told) override;

 private:
  struct Span {
    std::uint64_t last = 0;
    std::string actor;
  };
  runtime::Loop& loop_;
  Trace& trace_;
  embedded::MemoryJournal journal_;
  std::deque<Span> writers_;
};

}  // namespace ork::sim
