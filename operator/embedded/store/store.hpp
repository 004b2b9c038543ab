#pragma once

// Objects with their history: what etcd and the watch cache are to an API server. Versions count up
// over all collections; a write is visible to readers at once, but answers and watchers hear of
// nothing that is not in the journal: when() and the watchers wait for it. Where the journal fails,
// everything since the last stored batch is undone.
//
// Knows collections, keys and texts, and nothing of what is in them.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/store/journal.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// One state of an object; immutable, shared by the store, its history and whoever answers with it.
struct Stored {
  std::shared_ptr<const std::string> text;  // the object as JSON, its resourceVersion included
  std::uint64_t version = 0;
  Pairs labels;  // sorted; what selectors look at
  Pairs fields;  // "status.phase" -> "Running"
  // A cluster stores less than it shows, and fills in the rest as it reads: the first write after that is
  // one even if it changes nothing. Not kept across a restart.
  bool completed_on_reading = false;
};
using StoredPtr = std::shared_ptr<const Stored>;

struct Change {
  std::uint64_t version = 0;
  std::string collection;
  std::string key;
  StoredPtr before;  // null: created
  StoredPtr after;   // null: deleted
  StoredPtr last;    // of a deleted object: its last state, with the version of its deletion
};
using ChangePtr = std::shared_ptr<const Change>;

// Where a list page begins and what it shows.
struct ListRange {
  std::string ns;         // empty: all
  std::string after_key;  // continue behind this key; empty: from the start
  std::uint64_t at = 0;   // as of this version; 0: now
};

struct Page {
  std::vector<std::pair<std::string_view, StoredPtr>> objects;  // keys stay valid until the next write
  std::uint64_t version = 0;
};

class Store {
 public:
  using Watcher = std::function<void(const ChangePtr&)>;
  // Ends the watch when destroyed.
  class Watch;
  // Turns the text of a journal entry into its Stored; null: refused, and load() fails.
  using Read = std::function<StoredPtr(std::string_view collection, std::uint64_t version, std::string_view text)>;

  Store(runtime::Loop& loop, Journal& journal) : loop_(loop), journal_(journal) {}
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Before anything else.
  Status<JournalError> load(const Read& read);

  // --- reading: the latest state, stored or about to be ---
  StoredPtr find(std::string_view collection, std::string_view key) const;
  // Sorted by key. nullopt: `at` is older than the history.
  std::optional<Page> list(std::string_view collection, const ListRange& range) const;
  std::uint64_t version() const { return version_; }

  // --- writing ---
  // The version of the next write, for its text.
  std::uint64_t next_version() const { return version_ + 1; }
  // `object->version` must be next_version().
  void put(std::string_view collection, std::string key, StoredPtr object);
  // `last` is what watchers are shown; its version must be next_version().
  void remove(std::string_view collection, std::string_view key, StoredPtr last);

  // Calls `told` from the loop, never from within: once all that has been written so far is in the
  // journal, or with the error that undid it.
  using Told = std::function<void(const Status<JournalError>&)>;
  void when_stored(Told told);

  // Changes of `collection` after `from`, each once it is in the journal, in order. The first may
  // come before this returns. nullptr: `from` is older than the history (410).
  std::unique_ptr<Watch> watch(std::string_view collection, std::uint64_t from, Watcher watcher);
  // The newest version that watchers have been told of.
  std::uint64_t stored_version() const { return stored_version_; }
  // Forgets the history up to now, as etcd's compaction does.
  void compact();

 private:
  using Collection = std::map<std::string, StoredPtr, std::less<>>;
  struct Batch {
    std::vector<ChangePtr> changes;
    std::vector<Told> told;
  };

  void record(ChangePtr change);
  void flush();
  void finish(const Status<JournalError>& outcome);
  void undo();
  void tell_watchers(const ChangePtr& change);
  void keep(ChangePtr change);

  runtime::Loop& loop_;
  Journal& journal_;
  std::map<std::string, Collection, std::less<>> collections_;
  std::uint64_t version_ = 0;
  std::uint64_t stored_version_ = 0;
  Batch open_;                      // not yet handed to the journal
  std::optional<Batch> in_flight_;  // at the journal
  bool flush_posted_ = false;
  std::deque<ChangePtr> history_;  // stored changes, oldest first
  std::size_t history_bytes_ = 0;
  std::uint64_t compacted_ = 0;  // watches may resume from here on
  struct Watching {
    std::weak_ptr<Watcher> watcher;
    std::uint64_t since = 0;  // what was stored when it began: it has been told of that
  };
  std::map<std::string, std::vector<Watching>, std::less<>> watchers_;
};

class Store::Watch {
 public:
  explicit Watch(std::shared_ptr<Watcher> watcher) : watcher_(std::move(watcher)) {}

 private:
  std::shared_ptr<Watcher> watcher_;
};

}  // namespace ork::embedded
