#include "operator/embedded/store/store.hpp"

#include <gmock/gmock.h>

#include "operator/embedded/store/limits.hpp"
#include "operator/embedded/store/memory_journal.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;

class StoreTest : public ::testing::Test {
 protected:
  StoredPtr state(const std::string& text) {
    auto stored = std::make_shared<Stored>();
    stored->text = std::make_shared<const std::string>(text);
    stored->version = store.next_version();
    return stored;
  }
  void put(const std::string& key, const std::string& text) {
    store.put("jobs", key, state(text));
    store.when_stored([](const auto&) {});
  }
  void remove(const std::string& key) {
    store.remove("jobs", key, state("last of " + key));
    store.when_stored([](const auto&) {});
  }
  static std::vector<std::string> texts(const std::optional<Page>& page) {
    std::vector<std::string> out;
    for (const auto& [key, object] : page->objects) out.push_back(*object->text);
    return out;
  }
  std::unique_ptr<Store::Watch> watch(std::uint64_t from) {
    return store.watch("jobs", from, [this](const ChangePtr& change) {
      const char* sign = change->after == nullptr ? "-" : change->before == nullptr ? "+" : "~";
      seen.push_back(sign + change->key + "@" + std::to_string(change->version));
    });
  }

  runtime::ManualLoop loop;
  MemoryJournal journal{loop};
  Store store{loop, journal};
  std::vector<std::string> seen;
};

TEST_F(StoreTest, ListsByNamespaceInOrderOfNames) {
  for (const char* key : {"b/x", "a/y", "a/x", "ab/x"}) put(key, key);
  EXPECT_THAT(texts(store.list("jobs", {})), ElementsAre("a/x", "a/y", "ab/x", "b/x"));
  EXPECT_THAT(texts(store.list("jobs", {.ns = "a"})), ElementsAre("a/x", "a/y"));
  EXPECT_THAT(texts(store.list("jobs", {.ns = "a", .after_key = "a/x"})), ElementsAre("a/y"));
  EXPECT_THAT(texts(store.list("pods", {})), ElementsAre());
}

TEST_F(StoreTest, ShowsAListAsItWasAtAnEarlierVersion) {
  put("a/kept", "kept 1");
  put("a/gone", "gone 1");
  const std::uint64_t then = store.version();
  put("a/kept", "kept 2");
  remove("a/gone");
  put("a/new", "new 1");
  EXPECT_THAT(texts(store.list("jobs", {.at = then})), ElementsAre("gone 1", "kept 1")) << "before they are stored";
  loop.run_until_idle();
  EXPECT_THAT(texts(store.list("jobs", {.at = then})), ElementsAre("gone 1", "kept 1"));
  EXPECT_THAT(texts(store.list("jobs", {})), ElementsAre("kept 2", "new 1"));
  store.compact();
  EXPECT_FALSE(store.list("jobs", {.at = then}).has_value());
}

TEST_F(StoreTest, TellsNobodyOfAWriteBeforeItIsInTheJournal) {
  const auto watching = watch(0);
  bool told = false;
  store.put("jobs", "a/x", state("1"));
  store.when_stored([&](const Status<JournalError>& outcome) { told = outcome.ok(); });
  EXPECT_EQ(*store.find("jobs", "a/x")->text, "1") << "a writer reads his own writes";
  EXPECT_FALSE(told);
  EXPECT_THAT(seen, ElementsAre());
  loop.run_until_idle();
  EXPECT_TRUE(told);
  EXPECT_THAT(seen, ElementsAre("+a/x@1"));
}

TEST_F(StoreTest, WritesOfOneTurnOfTheLoopAreOneBatch) {
  for (int i = 0; i < 100; ++i) put("a/" + std::to_string(i), "1");
  loop.run_until_idle();
  EXPECT_EQ(journal.batches(), 1);
}

TEST_F(StoreTest, AWatchResumesWhereItWas) {
  put("a/x", "1");
  put("a/x", "2");
  remove("a/x");
  loop.run_until_idle();
  const auto watching = watch(1);
  put("a/y", "1");
  loop.run_until_idle();
  EXPECT_THAT(seen, ElementsAre("~a/x@2", "-a/x@3", "+a/y@4"));
}

TEST_F(StoreTest, AWatchThatBeginsWhileABatchIsToldHearsOfItOnce) {
  std::unique_ptr<Store::Watch> watching;
  store.put("jobs", "a/x", state("1"));
  store.when_stored([&](const auto&) { watching = watch(0); });
  loop.run_until_idle();
  EXPECT_THAT(seen, ElementsAre("+a/x@1"));
}

TEST_F(StoreTest, AWatchEndsWithItsHandle) {
  auto watching = watch(0);
  watching.reset();
  put("a/x", "1");
  loop.run_until_idle();
  EXPECT_THAT(seen, ElementsAre());
}

TEST_F(StoreTest, RefusesAWatchFromBeforeItsHistory) {
  put("a/x", "1");
  put("a/x", "2");
  loop.run_until_idle();
  store.compact();
  EXPECT_EQ(watch(1), nullptr);
  EXPECT_NE(watch(2), nullptr);
}

TEST_F(StoreTest, ForgetsTheOldestHistoryWhenItIsFull) {
  for (std::size_t i = 0; i < limits::history_changes + 10; ++i) put("a/x", std::to_string(i));
  loop.run_until_idle();
  EXPECT_EQ(watch(9), nullptr);
  EXPECT_NE(watch(10), nullptr);
}

TEST_F(StoreTest, AFailedBatchIsUndoneWithAllThatStoodOnIt) {
  put("a/x", "1");
  put("a/y", "1");
  loop.run_until_idle();
  const auto watching = watch(store.version());
  journal.fail_next = JournalError{JournalErrc::Full, "full"};
  int failed = 0;
  const auto count = [&](const Status<JournalError>& outcome) { failed += outcome.ok() ? 0 : 1; };
  store.put("jobs", "a/x", state("2"));
  store.when_stored(count);
  store.remove("jobs", "a/y", state("gone"));
  store.when_stored(count);
  store.put("jobs", "a/z", state("1"));
  store.when_stored(count);
  loop.run_until_idle();
  EXPECT_EQ(failed, 3);
  EXPECT_THAT(texts(store.list("jobs", {})), ElementsAre("1", "1"));
  EXPECT_EQ(store.find("jobs", "a/z"), nullptr);
  EXPECT_THAT(seen, ElementsAre());

  journal.fail_next.reset();
  put("a/z", "again");
  loop.run_until_idle();
  EXPECT_THAT(seen, ElementsAre("+a/z@6")) << "versions are not used twice";
}

TEST_F(StoreTest, ReadsBackWhatTheJournalHolds) {
  put("a/x", "1");
  put("a/y", "1");
  remove("a/y");
  loop.run_until_idle();
  Store again(loop, journal);
  const auto read = [](std::string_view, std::uint64_t version, std::string_view text) {
    auto stored = std::make_shared<Stored>();
    stored->text = std::make_shared<const std::string>(text);
    stored->version = version;
    return stored;
  };
  ASSERT_TRUE(again.load(read));
  EXPECT_EQ(again.version(), 3u);
  EXPECT_EQ(*again.find("jobs", "a/x")->text, "1");
  EXPECT_EQ(again.find("jobs", "a/y"), nullptr);
  EXPECT_EQ(again.watch("jobs", 2, [](const ChangePtr&) {}), nullptr) << "the history is not kept";
}

TEST_F(StoreTest, RefusesToLoadWhatCanNotBeRead) {
  put("a/x", "not json");
  loop.run_until_idle();
  Store again(loop, journal);
  const auto loaded = again.load([](auto, auto, auto) { return StoredPtr{}; });
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "the stored object jobs a/x is not JSON");
}

}  // namespace
}  // namespace ork::embedded
