#pragma once

// Where writes become durable. The store hands over batches in order and tells nobody of a write
// before its batch is stored.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"

namespace ork::embedded {

enum class JournalErrc {
  Open,     // no such folder, no right to write
  InUse,    // another process has it
  Full,     // no room on the disk; what was stored before is whole
  Io,       // reading or writing failed
  Damaged,  // what is stored can not be read; the message says where
};

struct JournalError {
  JournalErrc code = JournalErrc::Io;
  std::string message;  // one sentence: what, where, what to do
};

// One write. `text` null: the object is gone.
struct JournalEntry {
  std::string collection;  // "workflows.ork.dev"
  std::string key;         // "namespace/name"
  std::uint64_t version = 0;
  std::shared_ptr<const std::string> text;
};

class Journal {
 public:
  using Told = std::function<void(Status<JournalError>)>;
  using Visitor = std::function<void(std::string_view collection, std::string_view key, std::uint64_t version,
                                     std::string_view text)>;
  virtual ~Journal() = default;
  // Every object stored, in order of collection and key; the result is the highest version ever
  // stored (0: a new journal). Called once, before the first append.
  virtual Result<std::uint64_t, JournalError> load(const Visitor& visit) = 0;
  // All of the batch, or nothing. `told` is called from the loop, never from within, in the order of
  // the calls; after it was told of success, the batch outlives a kill of the process.
  virtual void append(std::vector<JournalEntry> batch, Told told) = 0;
};

}  // namespace ork::embedded
