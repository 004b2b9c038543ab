#include "operator/embedded/store/sqlite_journal.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>

#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

using ::testing::HasSubstr;

JournalEntry entry(const std::string& key, std::uint64_t version, const std::string& text) {
  return {"jobs", key, version, std::make_shared<const std::string>(text)};
}

class SqliteJournalTest : public ::testing::Test {
 protected:
  std::string path() const { return (folder.path() / "state.db").string(); }
  std::unique_ptr<SqliteJournal> open() {
    auto journal = SqliteJournal::open(path(), context);
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return std::move(*journal);
  }
  Status<JournalError> append(SqliteJournal& journal, std::vector<JournalEntry> batch) {
    std::optional<Status<JournalError>> outcome;
    journal.append(std::move(batch), [&](Status<JournalError> told) { outcome = std::move(told); });
    context.restart();
    context.run();
    return *outcome;
  }
  std::map<std::string, std::string> load(SqliteJournal& journal, std::uint64_t& version) {
    std::map<std::string, std::string> out;
    auto loaded = journal.load([&](auto, auto key, auto, auto text) { out[std::string(key)] = text; });
    EXPECT_TRUE(loaded.ok());
    version = *loaded;
    return out;
  }

  kube::testing::TemporaryFolder folder;
  boost::asio::io_context context;
};

TEST_F(SqliteJournalTest, HoldsWhatWasAppendedAcrossProcesses) {
  {
    const auto journal = open();
    ASSERT_TRUE(append(*journal, {entry("a/x", 1, "one"), entry("a/y", 2, "two")}));
    ASSERT_TRUE(append(*journal, {entry("a/x", 3, "three"), {"jobs", "a/y", 4, nullptr}}));
  }
  const auto journal = open();
  std::uint64_t version = 0;
  EXPECT_EQ(load(*journal, version), (std::map<std::string, std::string>{{"a/x", "three"}}));
  EXPECT_EQ(version, 4u) << "the version of a deletion counts too";
}

TEST_F(SqliteJournalTest, TextsWithAnyBytesComeBackAsTheyWere) {
  std::string odd = "\"\xc3\xa4\xf0\x9f\x98\x80\" '; DROP TABLE objects; --";
  odd.push_back('\0');
  odd += "after the zero";
  {
    const auto journal = open();
    ASSERT_TRUE(append(*journal, {entry("a/x", 1, odd)}));
  }
  const auto journal = open();
  std::uint64_t version = 0;
  EXPECT_EQ(load(*journal, version)["a/x"], odd);
}

// The child tells of each batch by a pipe as soon as it is acknowledged, and is killed in mid-work.
TEST_F(SqliteJournalTest, AKillAtAnyMomentLosesNothingAcknowledged) {
  for (int round = 0; round < 5; ++round) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      boost::asio::io_context own;
      auto journal = SqliteJournal::open(path(), own);
      if (!journal) _exit(1);
      for (std::uint64_t version = 1;; ++version) {
        (*journal)->append({entry("a/" + std::to_string(version % 7), version, std::string(3'000, 'x'))},
                           [&](const Status<JournalError>& outcome) {
                             if (outcome && write(pipe_ends[1], &version, sizeof version) < 0) _exit(1);
                           });
        own.restart();
        own.run();
      }
    }
    close(pipe_ends[1]);
    std::uint64_t acknowledged = 0;
    const std::uint64_t enough = 50 + static_cast<std::uint64_t>(round) * 37;
    while (acknowledged < enough && read(pipe_ends[0], &acknowledged, sizeof acknowledged) > 0) {
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) > 0) {
    }
    close(pipe_ends[0]);
    const auto journal = open();
    std::uint64_t version = 0;
    EXPECT_EQ(load(*journal, version).size(), 7u);
    EXPECT_GE(version, acknowledged);
    EXPECT_GE(acknowledged, enough);
  }
}

TEST_F(SqliteJournalTest, AFullDiskIsSaidAndHarmsNothing) {
  {
    const auto journal = open();
    ASSERT_TRUE(append(*journal, {entry("a/x", 1, "one")}));
    journal->limit_pages(20);
    const auto outcome = append(*journal, {entry("a/y", 2, std::string(200'000, 'y')), entry("a/x", 3, "lost")});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, JournalErrc::Full);
    EXPECT_THAT(outcome.error().message, HasSubstr("the disk is full; nothing that was stored is lost"));
    ASSERT_TRUE(append(*journal, {entry("a/z", 4, "small enough")})) << "and it goes on";
  }
  const auto journal = open();
  std::uint64_t version = 0;
  EXPECT_EQ(load(*journal, version), (std::map<std::string, std::string>{{"a/x", "one"}, {"a/z", "small enough"}}));
}

TEST_F(SqliteJournalTest, SaysThatAnotherProcessHasIt) {
  const auto first = open();
  ASSERT_TRUE(append(*first, {entry("a/x", 1, "one")}));
  const auto second = SqliteJournal::open(path(), context);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, JournalErrc::InUse);
  EXPECT_THAT(second.error().message, HasSubstr("another process uses it"));
}

TEST_F(SqliteJournalTest, SaysThatAFileIsNoDatabase) {
  std::ofstream(path()) << std::string(10'000, 'x');
  const auto journal = SqliteJournal::open(path(), context);
  ASSERT_FALSE(journal.ok());
  EXPECT_EQ(journal.error().code, JournalErrc::Damaged);
  EXPECT_THAT(journal.error().message, HasSubstr(path()));
}

TEST_F(SqliteJournalTest, SaysThatAFolderIsNotThere) {
  const auto journal = SqliteJournal::open((folder.path() / "none" / "state.db").string(), context);
  ASSERT_FALSE(journal.ok());
  EXPECT_EQ(journal.error().code, JournalErrc::Open);
}

}  // namespace
}  // namespace ork::embedded
