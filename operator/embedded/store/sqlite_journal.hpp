#pragma once

// The journal of `ork dev`: one SQLite file in WAL mode, written by a thread of its own, so that the
// loop decides the next writes while the last ones reach the disk. A batch is one transaction.
//
// synchronous=NORMAL: a transaction outlives a kill of the process at any moment. A power cut may
// take the last ones with it, never half of one.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "operator/embedded/store/journal.hpp"

namespace ork::embedded {

class SqliteJournal final : public Journal {
 public:
  // Opens or makes the file. `context` runs the loop that answers are posted to.
  static Result<std::unique_ptr<SqliteJournal>, JournalError> open(const std::string& path,
                                                                   boost::asio::io_context& context);
  // Writes what was appended, tells nobody of it any more.
  ~SqliteJournal() override;

  Result<std::uint64_t, JournalError> load(const Visitor& visit) override;
  void append(std::vector<JournalEntry> batch, Told told) override;

  // For tests: the largest size of the database in pages, after which SQLite says that the disk is full.
  void limit_pages(int pages);

 private:
  class Database;
  class Writer;
  SqliteJournal(std::unique_ptr<Database> database, boost::asio::io_context& context);

  std::unique_ptr<Database> database_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace ork::embedded
