#include "operator/embedded/store/sqlite_journal.hpp"

#include <sqlite3.h>

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "operator/embedded/store/limits.hpp"

namespace ork::embedded {
namespace {

constexpr int format = 1;  // PRAGMA user_version; a later one says how to read this

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};

std::string_view text_of(sqlite3_stmt* row, int column) {
  const void* bytes = sqlite3_column_blob(row, column);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
  sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

}  // namespace

// Used by one thread at a time: the opener's until the first append, the writer's from then on.
class SqliteJournal::Database {
 public:
  Status<JournalError> open(const std::string& path) {
    path_ = path;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) return Err(error("opening"));
    sqlite3_extended_result_codes(handle, 1);
    const std::string setup =
        "PRAGMA locking_mode=EXCLUSIVE;"
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=NORMAL;"
        "PRAGMA wal_autocheckpoint=" +
        std::to_string(limits::journal_checkpoint_pages) +
        ";CREATE TABLE IF NOT EXISTS objects (collection TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,"
        " body TEXT NOT NULL, PRIMARY KEY (collection, key));"
        "CREATE TABLE IF NOT EXISTS journal (version INTEGER NOT NULL);";
    if (!run(setup.c_str())) return Err(error("opening"));
    if (auto known = check_format(); !known) return known;
    put_ = prepare("INSERT INTO objects VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET version=?3, body=?4");
    remove_ = prepare("DELETE FROM objects WHERE collection=?1 AND key=?2");
    reached_ = prepare("UPDATE journal SET version=?1");
    if (put_ == nullptr || remove_ == nullptr || reached_ == nullptr) return Err(error("opening"));
    return Done{};
  }

  Result<std::uint64_t, JournalError> load(const Visitor& visit) {
    const Statement all = prepare("SELECT collection, key, version, body FROM objects ORDER BY collection, key");
    if (all == nullptr) return Err(error("reading"));
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(all.get())) == SQLITE_ROW) {
      visit(text_of(all.get(), 0), text_of(all.get(), 1),
            static_cast<std::uint64_t>(sqlite3_column_int64(all.get(), 2)), text_of(all.get(), 3));
    }
    if (code != SQLITE_DONE) return Err(error("reading"));
    const Statement version = prepare("SELECT version FROM journal");
    if (version == nullptr || sqlite3_step(version.get()) != SQLITE_ROW) return Err(error("reading"));
    return static_cast<std::uint64_t>(sqlite3_column_int64(version.get(), 0));
  }

  Status<JournalError> write(const std::vector<JournalEntry>& batch) {
    if (!run("BEGIN IMMEDIATE")) return Err(error("writing"));
    for (const JournalEntry& entry : batch) {
      if (!write(entry)) return rolled_back();
    }
    sqlite3_bind_int64(reached_.get(), 1, static_cast<sqlite3_int64>(batch.back().version));
    if (!step(reached_) || !run("COMMIT")) return rolled_back();
    return Done{};
  }

  void limit_pages(int pages) { run(("PRAGMA max_page_count=" + std::to_string(pages)).c_str()); }

 private:
  Status<JournalError> check_format() {
    const Statement version = prepare("PRAGMA user_version");
    if (version == nullptr || sqlite3_step(version.get()) != SQLITE_ROW) return Err(error("opening"));
    const int found = sqlite3_column_int(version.get(), 0);
    if (found > format) {
      return Err(JournalError{JournalErrc::Open, "the store " + path_ + " was written by a newer ork (format " +
                                                     std::to_string(found) + "): use that one, or another folder"});
    }
    const std::string mark =
        "INSERT INTO journal SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM journal);PRAGMA user_version=" +
        std::to_string(format);
    if (!run(mark.c_str())) return Err(error("opening"));
    return Done{};
  }

  bool write(const JournalEntry& entry) {
    const Statement& statement = entry.text == nullptr ? remove_ : put_;
    bind_text(statement.get(), 1, entry.collection);
    bind_text(statement.get(), 2, entry.key);
    if (entry.text != nullptr) {
      sqlite3_bind_int64(statement.get(), 3, static_cast<sqlite3_int64>(entry.version));
      bind_text(statement.get(), 4, *entry.text);
    }
    return step(statement);
  }

  // Resets at once: a statement that stays open would keep its transaction open.
  static bool step(const Statement& statement) {
    const int code = sqlite3_step(statement.get());
    sqlite3_reset(statement.get());
    return code == SQLITE_DONE;
  }

  Status<JournalError> rolled_back() {
    JournalError what = error("writing");
    // SQLite has rolled back by itself after the gravest errors; then this says so, and that is fine.
    run("ROLLBACK");
    return Err(std::move(what));
  }

  bool run(const char* sql) { return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

  Statement prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr);
    return Statement(statement);
  }

  JournalError error(const char* doing) const {
    const int code = sqlite3_errcode(handle_.get()) & 0xff;
    const std::string what = std::string(doing) + " the store " + path_ + ": ";
    if (code == SQLITE_FULL) {
      return {JournalErrc::Full, what + "the disk is full; nothing that was stored is lost, make room and try again"};
    }
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      return {JournalErrc::InUse, what + "another process uses it; end that one, or use another folder"};
    }
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
      return {JournalErrc::Damaged,
              what + "it is damaged (" + sqlite3_errmsg(handle_.get()) + "); move the file away to begin anew"};
    }
    return {
        code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM ? JournalErrc::Open : JournalErrc::Io,
        what + sqlite3_errmsg(handle_.get())};
  }

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  Statement put_;
  Statement remove_;
  Statement reached_;
};

class SqliteJournal::Writer {
 public:
  Writer(Database& database, boost::asio::io_context& context)
      : database_(database), context_(context), thread_([this] { run(); }) {}

  ~Writer() {
    *alive_ = false;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void append(std::vector<JournalEntry> batch, Told told) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back({std::move(batch), std::move(told), boost::asio::make_work_guard(context_)});
    }
    wake_.notify_one();
  }

 private:
  struct Item {
    std::vector<JournalEntry> batch;
    Told told;
    // The loop goes on while an answer is owed.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  };

  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      Item item = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      auto outcome = database_.write(item.batch);
      // `alive` is read by the loop's thread, which is the one that clears it.
      boost::asio::post(context_, [alive = alive_, told = std::move(item.told), outcome = std::move(outcome)] {
        if (*alive) told(outcome);
      });
      lock.lock();
    }
  }

  Database& database_;
  boost::asio::io_context& context_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

SqliteJournal::SqliteJournal(std::unique_ptr<Database> database, boost::asio::io_context& context)
    : database_(std::move(database)), writer_(std::make_unique<Writer>(*database_, context)) {}

SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>, JournalError> SqliteJournal::open(const std::string& path,
                                                                         boost::asio::io_context& context) {
  auto database = std::make_unique<Database>();
  if (auto opened = database->open(path); !opened) return Err(opened.error());
  return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(database), context));
}

Result<std::uint64_t, JournalError> SqliteJournal::load(const Visitor& visit) { return database_->load(visit); }

void SqliteJournal::append(std::vector<JournalEntry> batch, Told told) {
  writer_->append(std::move(batch), std::move(told));
}

void SqliteJournal::limit_pages(int pages) { database_->limit_pages(pages); }

}  // namespace ork::embedded
