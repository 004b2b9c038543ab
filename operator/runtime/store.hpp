#pragma once

// The last known state of all objects of one kind: by namespace/name, by uid, and by controller
// owner. It never goes back in time: a copy older than the one held is refused, and what we wrote
// ourselves is put in as soon as the API server has accepted it, so that no decision is made on a
// state older than our own last write.
//
// Who feeds it: a Sink (apply, remove, begin_replace .. end_replace) and whoever writes
// (note_written, forget). Pointers and spans it hands out are valid until its next change.
//
// A list replaces everything. Between begin_replace() and end_replace() the list's word is taken
// even where its resourceVersion is lower than the one held, for that is what a restore of etcd
// looks like; only what we wrote ourselves since begin_replace() is held against it, since the
// list may have been read before our write.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "operator/runtime/object_key.hpp"
#include "operator/runtime/resource_version.hpp"

namespace ork::runtime {

// What a store needs to know of an object. If T can be compared by ==, a new version that differs
// in nothing but its resourceVersion counts as Unchanged.
template <typename T>
concept Stored = std::movable<T> && requires(T t) {
  { t.meta.ns } -> std::same_as<std::string&>;
  { t.meta.name } -> std::same_as<std::string&>;
  { t.meta.uid } -> std::same_as<std::string&>;
  { t.meta.resource_version } -> std::same_as<std::string&>;
  { t.meta.owner_uid } -> std::same_as<std::string&>;  // of the controller owner; may be empty
};

enum class ApplyResult {
  Added,
  Updated,
  Replaced,   // another uid under the same name: the old object is gone, this is a new one
  Unchanged,  // nothing that T shows has changed
  Stale,      // older than what is held, or forgotten, or gone already: refused
};

template <Stored T>
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // What a list or a watch says. Replaced hands the old object out through `displaced`.
  ApplyResult apply(T value, std::optional<T>* displaced = nullptr) {
    const auto version = parse_resource_version(value.meta.resource_version);
    if (!replacing_ && version > seen_version_) seen_version_ = version;
    return take(std::move(value), version, Source::Server, displaced);
  }

  // What a write of ours was answered with. Refused (Stale) where the watch has passed it already.
  ApplyResult note_written(T value) {
    const auto version = parse_resource_version(value.meta.resource_version);
    return take(std::move(value), version, Source::OurWrite, nullptr);
  }

  // What a watch says was deleted; `resource_version` is that of the deletion. Only the object with
  // this uid goes: a new one may have taken its name. An empty uid means whatever has the name.
  std::optional<T> remove(ObjectKey key, std::string_view uid, std::string_view resource_version = {}) {
    const auto version = parse_resource_version(resource_version);
    if (!replacing_ && version > seen_version_) seen_version_ = version;
    if (const auto buried = forgotten_.find(uid); buried != forgotten_.end()) forgotten_.erase(buried);
    const auto it = entries_.find(key);
    if (it == entries_.end() || (!uid.empty() && it->value.meta.uid != uid)) return std::nullopt;
    return take_out(it);
  }

  // Drops an object that we have deleted, and refuses every later word about that uid except its
  // end: the watch still has to tell of its last changes.
  std::optional<T> forget(ObjectKey key) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return std::nullopt;
    forgotten_.insert_or_assign(it->value.meta.uid, generation_);
    return take_out(it);
  }

  // A list begins, or begins again.
  void begin_replace() {
    replacing_ = true;
    ++generation_;
  }

  // The list names this object but it can not be read: what is held stays.
  void keep(ObjectKey key) {
    if (const auto it = entries_.find(key); it != entries_.end()) it->listed = generation_;
  }

  // The list is whole: what it did not name is gone, and is returned in key order.
  std::vector<T> end_replace(std::string_view resource_version) {
    replacing_ = false;
    seen_version_ = parse_resource_version(resource_version);
    std::vector<T> gone;
    for (auto it = entries_.begin(); it != entries_.end();) {
      const auto here = it++;
      const bool newer_write =
          here->written == generation_ && (here->version == 0 || seen_version_ == 0 || here->version > seen_version_);
      if (here->listed != generation_ && !newer_write) gone.push_back(take_out(here));
    }
    std::erase_if(forgotten_, [this](const auto& buried) { return buried.second != generation_; });
    return gone;
  }

  const T* find(ObjectKey key) const {
    const auto it = entries_.find(key);
    return it == entries_.end() ? nullptr : &it->value;
  }

  const T* find_uid(std::string_view uid) const {
    const auto it = by_uid_.find(uid);
    return it == by_uid_.end() ? nullptr : &(*it)->value;
  }

  // The objects whose controller owner has this uid, in key order.
  std::span<const T* const> owned_by(std::string_view owner_uid) const {
    const auto it = by_owner_.find(owner_uid);
    if (it == by_owner_.end()) return {};
    return it->second;
  }

  std::size_t size() const { return entries_.size(); }

  // In key order. `visit` must not change the store.
  template <std::invocable<const T&> Visit>
  void for_each(Visit visit) const {
    for (const auto& entry : entries_) visit(entry.value);
  }

 private:
  enum class Source { Server, OurWrite };

  // One allocation an object: the set's node. Only the key (ns, name) orders it, and that never
  // changes; the rest may.
  struct Entry {
    mutable T value;
    mutable std::uint64_t version;      // of value; 0: no number
    mutable std::uint32_t listed = 0;   // the last generation whose list named it
    mutable std::uint32_t written = 0;  // the last generation in which we wrote it
    ObjectKey key() const { return {value.meta.ns, value.meta.name}; }
  };

  struct ByKey {
    using is_transparent = void;
    static ObjectKey key(const Entry& entry) { return entry.key(); }
    static ObjectKey key(ObjectKey key) { return key; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return key(a) < key(b);
    }
  };

  struct UidHash {
    using is_transparent = void;
    std::size_t operator()(const Entry* entry) const { return (*this)(entry->value.meta.uid); }
    std::size_t operator()(std::string_view uid) const { return std::hash<std::string_view>{}(uid); }
  };

  struct UidEqual {
    using is_transparent = void;
    static std::string_view uid(const Entry* entry) { return entry->value.meta.uid; }
    static std::string_view uid(std::string_view uid) { return uid; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return uid(a) == uid(b);
    }
  };

  using Entries = std::set<Entry, ByKey>;
  template <typename Value>
  using ByUid = std::unordered_map<std::string, Value, UidHash, UidEqual>;

  ApplyResult take(T value, std::uint64_t version, Source source, std::optional<T>* displaced) {
    if (const auto buried = forgotten_.find(std::string_view{value.meta.uid}); buried != forgotten_.end()) {
      buried->second = generation_;
      return ApplyResult::Stale;
    }
    const auto it = entries_.find(ObjectKey{value.meta.ns, value.meta.name});
    if (it == entries_.end()) {
      // The watch is past our write and holds no such object: it has come and gone.
      const bool gone_already = source == Source::OurWrite && !replacing_ && version != 0 && version <= seen_version_;
      if (gone_already) return ApplyResult::Stale;
      put_in(std::move(value), version, source);
      return ApplyResult::Added;
    }
    const bool lists_word = replacing_ && source == Source::Server && it->written != generation_;
    mark(*it, source);
    if (!lists_word && is_older(version, it->version)) return ApplyResult::Stale;
    if (it->value.meta.uid != value.meta.uid) {
      auto old = take_out(it);
      if (displaced != nullptr) *displaced = std::move(old);
      put_in(std::move(value), version, source);
      return ApplyResult::Replaced;
    }
    if (!lists_word && it->value.meta.resource_version == value.meta.resource_version) return ApplyResult::Unchanged;
    return update(*it, std::move(value), version);
  }

  ApplyResult update(const Entry& entry, T value, std::uint64_t version) {
    entry.version = version;
    if constexpr (std::equality_comparable<T>) {
      // Under the same version, whatever differs is a change.
      std::string newest = std::exchange(value.meta.resource_version, entry.value.meta.resource_version);
      if (entry.value == value) {
        entry.value.meta.resource_version = std::move(newest);
        return ApplyResult::Unchanged;
      }
      value.meta.resource_version = std::move(newest);
    }
    const bool moves = entry.value.meta.owner_uid != value.meta.owner_uid;
    if (moves) leave_owner(entry);
    entry.value = std::move(value);
    if (moves) join_owner(entry);
    return ApplyResult::Updated;
  }

  void mark(const Entry& entry, Source source) {
    if (source == Source::OurWrite) {
      entry.written = generation_;
    } else if (replacing_) {
      entry.listed = generation_;
    }
  }

  void put_in(T value, std::uint64_t version, Source source) {
    const auto [it, added] = entries_.insert(Entry{std::move(value), version});
    mark(*it, source);
    if (!it->value.meta.uid.empty()) by_uid_.insert(&*it);
    join_owner(*it);
  }

  T take_out(typename Entries::iterator it) {
    leave_owner(*it);
    if (const auto by_uid = by_uid_.find(&*it); by_uid != by_uid_.end() && *by_uid == &*it) by_uid_.erase(by_uid);
    T value = std::move(entries_.extract(it).value().value);
    return value;
  }

  static bool before(const T* a, const T* b) {
    return ObjectKey{a->meta.ns, a->meta.name} < ObjectKey{b->meta.ns, b->meta.name};
  }

  void join_owner(const Entry& entry) {
    const auto& owner = entry.value.meta.owner_uid;
    if (owner.empty()) return;
    auto& owned = by_owner_[owner];
    owned.insert(std::upper_bound(owned.begin(), owned.end(), &entry.value, before), &entry.value);
  }

  void leave_owner(const Entry& entry) {
    const auto it = by_owner_.find(std::string_view{entry.value.meta.owner_uid});
    if (it == by_owner_.end()) return;
    auto& owned = it->second;
    const auto at = std::lower_bound(owned.begin(), owned.end(), &entry.value, before);
    if (at != owned.end() && *at == &entry.value) owned.erase(at);
    if (owned.empty()) by_owner_.erase(it);
  }

  Entries entries_;
  std::unordered_set<const Entry*, UidHash, UidEqual> by_uid_;
  ByUid<std::vector<const T*>> by_owner_;
  ByUid<std::uint32_t> forgotten_;  // uid -> the last generation whose list named it
  std::uint64_t seen_version_ = 0;  // how far the watch has come
  std::uint32_t generation_ = 1;
  bool replacing_ = false;
};

}  // namespace ork::runtime
