#include "operator/embedded/store/store.hpp"

#include <algorithm>
#include <cassert>

#include "operator/embedded/store/limits.hpp"

namespace ork::embedded {
namespace {

std::size_t bytes_of(const Change& change) {
  std::size_t bytes = sizeof(Change) + change.key.size();
  if (change.before != nullptr) bytes += change.before->text->size();
  return bytes;
}

}  // namespace

Status<JournalError> Store::load(const Read& read) {
  std::string refused;
  auto version =
      journal_.load([&](std::string_view collection, std::string_view key, std::uint64_t at, std::string_view text) {
        StoredPtr object = read(collection, at, text);
        if (object == nullptr) {
          if (refused.empty()) refused = std::string(collection) + " " + std::string(key);
          return;
        }
        auto [it, added] = collections_.try_emplace(std::string(collection));
        it->second.emplace_hint(it->second.end(), key, std::move(object));
      });
  if (!version) return Err(version.error());
  if (!refused.empty()) {
    return Err(JournalError{JournalErrc::Damaged, "the stored object " + refused + " is not JSON"});
  }
  version_ = stored_version_ = compacted_ = *version;
  return Done{};
}

StoredPtr Store::find(std::string_view collection, std::string_view key) const {
  const auto objects = collections_.find(collection);
  if (objects == collections_.end()) return nullptr;
  const auto it = objects->second.find(key);
  return it == objects->second.end() ? nullptr : it->second;
}

std::optional<Page> Store::list(std::string_view collection, const ListRange& range) const {
  if (range.at != 0 && range.at < compacted_) return std::nullopt;
  Page page;
  page.version = range.at == 0 ? version_ : range.at;
  const std::string prefix = range.ns.empty() ? "" : range.ns + "/";
  const auto wanted = [&](std::string_view key) {
    return key.substr(0, prefix.size()) == prefix && (range.after_key.empty() || key > range.after_key);
  };
  // What has changed since, oldest last, so that the oldest `before` is what stays.
  std::map<std::string_view, StoredPtr> then;
  const auto undo = [&](const ChangePtr& change) {
    if (change->collection == collection && wanted(change->key)) then[change->key] = change->before;
  };
  if (range.at != 0 && range.at < version_) {
    const auto newest_first = [&](const auto& changes) {
      for (auto it = changes.rbegin(); it != changes.rend() && (*it)->version > range.at; ++it) undo(*it);
    };
    newest_first(open_.changes);
    if (in_flight_) newest_first(in_flight_->changes);
    newest_first(history_);
  }
  const auto objects = collections_.find(collection);
  if (objects != collections_.end()) {
    auto it = objects->second.lower_bound(std::max(prefix, range.after_key));
    for (; it != objects->second.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
      if (it->first != range.after_key && !then.contains(it->first)) page.objects.emplace_back(it->first, it->second);
    }
  }
  if (!then.empty()) {
    for (const auto& [key, object] : then) {
      if (object != nullptr) page.objects.emplace_back(key, object);
    }
    std::sort(page.objects.begin(), page.objects.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return page;
}

void Store::put(std::string_view collection, std::string key, StoredPtr object) {
  assert(object->version == next_version());
  const auto change = std::make_shared<Change>();
  change->version = object->version;
  change->collection = collection;
  change->key = key;
  change->after = object;
  auto objects = collections_.find(collection);
  if (objects == collections_.end()) objects = collections_.try_emplace(std::string(collection)).first;
  StoredPtr& place = objects->second[std::move(key)];
  change->before = std::move(place);
  place = std::move(object);
  record(change);
}

void Store::remove(std::string_view collection, std::string_view key, StoredPtr last) {
  assert(last->version == next_version());
  const auto objects = collections_.find(collection);
  assert(objects != collections_.end());
  const auto it = objects->second.find(key);
  assert(it != objects->second.end());
  const auto change = std::make_shared<Change>();
  change->version = last->version;
  change->collection = collection;
  change->key = key;
  change->before = it->second;
  change->last = std::move(last);
  objects->second.erase(it);
  record(change);
}

void Store::record(ChangePtr change) {
  version_ = change->version;
  open_.changes.push_back(std::move(change));
}

void Store::when_stored(Told told) {
  open_.told.push_back(std::move(told));
  if (flush_posted_ || in_flight_) return;
  flush_posted_ = true;
  loop_.post([this] {
    flush_posted_ = false;
    flush();
  });
}

// One batch at a time: what arrives while it is written goes into the next one.
void Store::flush() {
  if (in_flight_ || (open_.changes.empty() && open_.told.empty())) return;
  in_flight_ = std::exchange(open_, {});
  if (in_flight_->changes.empty()) return finish(Done{});
  std::vector<JournalEntry> entries;
  entries.reserve(in_flight_->changes.size());
  for (const ChangePtr& change : in_flight_->changes) {
    entries.push_back(
        {change->collection, change->key, change->version, change->after == nullptr ? nullptr : change->after->text});
  }
  journal_.append(std::move(entries), [this](const Status<JournalError>& outcome) { finish(outcome); });
}

void Store::finish(const Status<JournalError>& outcome) {
  if (!outcome) undo();
  Batch batch = std::move(*in_flight_);
  in_flight_.reset();
  // Later writes stood on those that failed; and who only reads need not wait for a batch of his own.
  if (!outcome || open_.changes.empty()) {
    batch.told.insert(batch.told.end(), std::make_move_iterator(open_.told.begin()),
                      std::make_move_iterator(open_.told.end()));
    open_ = {};
  }
  if (outcome && !batch.changes.empty()) {
    stored_version_ = batch.changes.back()->version;
    for (const ChangePtr& change : batch.changes) keep(change);
  }
  flush();  // the next batch is on its way while this one is told of
  for (const Told& told : batch.told) told(outcome);
  if (!outcome) return;
  for (const ChangePtr& change : batch.changes) tell_watchers(change);
}

void Store::undo() {
  const auto back = [this](const std::vector<ChangePtr>& changes) {
    for (auto it = changes.rbegin(); it != changes.rend(); ++it) {
      Collection& objects = collections_.find((*it)->collection)->second;
      if ((*it)->before == nullptr) {
        objects.erase((*it)->key);
      } else {
        objects[(*it)->key] = (*it)->before;
      }
    }
  };
  back(open_.changes);
  back(in_flight_->changes);
}

void Store::keep(ChangePtr change) {
  history_bytes_ += bytes_of(*change);
  history_.push_back(std::move(change));
  while (history_.size() > limits::history_changes || history_bytes_ > limits::history_bytes) {
    history_bytes_ -= bytes_of(*history_.front());
    compacted_ = history_.front()->version;
    history_.pop_front();
  }
}

void Store::compact() {
  history_.clear();
  history_bytes_ = 0;
  compacted_ = stored_version_;
}

std::unique_ptr<Store::Watch> Store::watch(std::string_view collection, std::uint64_t from, Watcher watcher) {
  if (from < compacted_) return nullptr;
  auto shared = std::make_shared<Watcher>(std::move(watcher));
  const auto first = std::partition_point(history_.begin(), history_.end(),
                                          [from](const ChangePtr& change) { return change->version <= from; });
  // A copy: the watcher may write, or end itself.
  std::vector<ChangePtr> missed;
  std::copy_if(first, history_.end(), std::back_inserter(missed),
               [&](const ChangePtr& change) { return change->collection == collection; });
  auto& watchers = watchers_[std::string(collection)];
  std::erase_if(watchers, [](const Watching& w) { return w.watcher.expired(); });
  watchers.push_back({shared, stored_version_});
  for (const ChangePtr& change : missed) (*shared)(change);
  return std::make_unique<Watch>(std::move(shared));
}

void Store::tell_watchers(const ChangePtr& change) {
  const auto it = watchers_.find(change->collection);
  if (it == watchers_.end()) return;
  const std::vector<Watching> now = it->second;
  for (const Watching& watching : now) {
    const auto watcher = watching.watcher.lock();
    if (watcher != nullptr && change->version > watching.since) (*watcher)(change);
  }
}

}  // namespace ork::embedded
