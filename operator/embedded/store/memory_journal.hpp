#pragma once

// A journal that forgets with its process: for tests and for the simulator, which keeps one across
// the crashes it makes. `fail_next` lets the next batches fail as a full disk does.

#include <map>
#include <optional>
#include <utility>

#include "operator/embedded/store/journal.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(runtime::Loop& loop) : loop_(loop) {}

  Result<std::uint64_t, JournalError> load(const Visitor& visit) override {
    for (const auto& [place, entry] : objects_) visit(place.first, place.second, entry.version, *entry.text);
    return version_;
  }

  void append(std::vector<JournalEntry> batch, Told told) override {
    ++batches_;
    if (fail_next) {
      loop_.post([told = std::move(told), error = *fail_next] { told(Err(error)); });
      return;
    }
    for (JournalEntry& entry : batch) {
      version_ = entry.version;
      const std::pair place{entry.collection, entry.key};
      if (entry.text == nullptr) {
        objects_.erase(place);
      } else {
        objects_[place] = std::move(entry);
      }
    }
    loop_.post([told = std::move(told)] { told(Done{}); });
  }

  std::optional<JournalError> fail_next;
  int batches() const { return batches_; }

 private:
  runtime::Loop& loop_;
  std::map<std::pair<std::string, std::string>, JournalEntry> objects_;
  std::uint64_t version_ = 0;
  int batches_ = 0;
};

}  // namespace ork::embedded
