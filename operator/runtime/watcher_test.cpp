#include "operator/runtime/watcher.hpp"

#include <gtest/gtest.h>

#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"
#include "operator/runtime/test_object.hpp"

namespace ork::runtime {
namespace {

using kube::Method;
using testing::bookmark;
using testing::error_event;
using testing::event;
using testing::json_of;
using testing::list;
using testing::object;
using testing::status_error;

const std::string path = "/apis/example.com/v1/things";

class WatcherTest : public ::testing::Test {
 protected:
  explicit WatcherTest() {
    WatchHooks hooks;
    hooks.on_synced = [this] { sink.log += "S"; };
    hooks.on_quarantine = [this](const Unreadable& o) { quarantined.push_back(o.name + ": " + o.reason); };
    hooks.on_trouble = [this](const std::string& what, Duration wait) {
      troubles.push_back(what);
      waits.push_back(wait);
    };
    watcher = std::make_unique<Watcher>(api, loop, sink, WatchTarget{{"example.com", "v1", "things", "Thing"}, {}, {}},
                                        hooks);
  }

  // Listed at version 10, with objects a and b, and watching.
  void sync() {
    answer_list(list(10, {json_of(object("a", "ua", 5)), json_of(object("b", "ub", 6))}));
    watcher->start();
    loop.run_until_idle();
    ASSERT_EQ(watcher->state(), WatchState::Watching);
    sink.log.clear();
  }
  void answer_list(std::string body) { api.answer(Method::Get, "/apis/example.com/v1/", 200, std::move(body)); }
  std::size_t lists() const { return watcher->stats().lists; }
  std::size_t watches() const { return watcher->stats().watches; }
  testing::FakeStream& stream() { return api.last_stream(); }
  std::string last_path() const { return api.requests().back().request.path; }
  std::string names() const {
    std::string joined;
    sink.store.for_each([&](const auto& o) { joined += o.meta.name + " "; });
    return joined;
  }

  ManualLoop loop;
  testing::FakeTransport api{loop};
  testing::StoreSink sink;
  std::vector<std::string> quarantined;
  std::vector<std::string> troubles;
  std::vector<Duration> waits;
  std::unique_ptr<Watcher> watcher;
};

// --- the straight way ---

TEST_F(WatcherTest, ListsAndWatchesOnlyWhatItsSelectorsName) {
  WatchTarget target{{"example.com", "v1", "things", "Thing"}, "ns", "k=v"};
  target.field_selector = "metadata.name=a";
  Watcher one(api, loop, sink, target);
  answer_list(list(10, {}));
  one.start();
  loop.run_until_idle();
  EXPECT_EQ(api.requests().front().request.path,
            "/apis/example.com/v1/namespaces/ns/things?limit=500&labelSelector=k%3Dv&fieldSelector=metadata.name%3Da");
  EXPECT_NE(last_path().find("&labelSelector=k%3Dv&fieldSelector=metadata.name%3Da&resourceVersion=10&"),
            std::string::npos);
}

TEST_F(WatcherTest, ListsAllPagesAndWatchesFromTheListsVersion) {
  answer_list(list(10, {json_of(object("a", "ua", 5))}, "p2"));
  answer_list(list(10, {json_of(object("b", "ub", 6))}));
  EXPECT_EQ(watcher->state(), WatchState::Idle);
  watcher->start();
  EXPECT_EQ(watcher->state(), WatchState::Listing);
  EXPECT_EQ(last_path(), path + "?limit=500");
  loop.run_until_idle();
  EXPECT_EQ(sink.log, "[+a+b]S");
  EXPECT_TRUE(watcher->synced());
  EXPECT_NE(api.requests()[1].request.path.find("continue=p2"), std::string::npos);
  EXPECT_NE(last_path().find("watch=1"), std::string::npos);
  EXPECT_NE(last_path().find("resourceVersion=10"), std::string::npos);
  EXPECT_NE(last_path().find("allowWatchBookmarks=true"), std::string::npos);
  EXPECT_EQ(api.requests().back().request.idle_timeout, Duration{120'000});
  EXPECT_EQ(api.requests().size(), 3U);
}

TEST_F(WatcherTest, IsNotSyncedBeforeTheLastPage) {
  answer_list(list(10, {json_of(object("a", "ua", 5))}, "p2"));
  watcher->start();
  loop.run_until_idle();
  EXPECT_FALSE(watcher->synced());
  EXPECT_EQ(sink.log, "[+a");
}

TEST_F(WatcherTest, HandsEventsOnAndResumesBehindThem) {
  sync();
  stream().line(event("MODIFIED", json_of(object("a", "ua", 11, "Running"))));
  stream().line(event("DELETED", json_of(object("b", "ub", 12))));
  EXPECT_EQ(sink.log, "+a-b");
  EXPECT_EQ(names(), "a ");
  stream().end();
  loop.advance(Duration{100});
  EXPECT_NE(last_path().find("resourceVersion=12"), std::string::npos);
  EXPECT_EQ(lists(), 1U);
}

TEST_F(WatcherTest, BookmarksMoveTheVersionOnAndNothingElse) {
  sync();
  stream().line(bookmark(99));
  EXPECT_EQ(sink.log, "");
  EXPECT_EQ(watcher->resource_version(), "99");
  EXPECT_EQ(watcher->stats().bookmarks, 1U);
  EXPECT_EQ(watcher->stats().events, 0U);
}

TEST_F(WatcherTest, ReadsATranscriptTheSameWayCutAtEveryByte) {
  const std::string transcript = event("ADDED", json_of(object("c", "uc", 11))) + "\n" + bookmark(12) + "\n" +
                                 event("MODIFIED", json_of(object("a", "ua", 13, "Running"))) + "\r\n" +
                                 event("DELETED", json_of(object("b", "ub", 14))) + "\n";
  sync();
  for (std::size_t cut = 0; cut <= transcript.size(); ++cut) {
    testing::StoreSink cut_sink;
    testing::FakeTransport cut_api{loop};
    cut_api.answer(Method::Get, path, 200, list(10, {json_of(object("a", "ua", 5)), json_of(object("b", "ub", 6))}));
    Watcher cut_watcher(cut_api, loop, cut_sink, watcher->target());
    cut_watcher.start();
    loop.run_until_idle();
    cut_api.last_stream().data(std::string_view{transcript}.substr(0, cut));
    cut_api.last_stream().data(std::string_view{transcript}.substr(cut));
    ASSERT_EQ(cut_sink.log, "[+a+b]+c+a-b") << "cut at " << cut;
    ASSERT_EQ(cut_watcher.resource_version(), "14");
    ASSERT_EQ(cut_watcher.stats().malformed_lines, 0U);
  }
}

TEST_F(WatcherTest, StopEndsTheStreamAndNothingFollows) {
  sync();
  watcher->stop();
  EXPECT_EQ(watcher->state(), WatchState::Stopped);
  EXPECT_EQ(api.open_streams(), 0U);
  loop.advance(Duration{3'600'000});
  EXPECT_EQ(api.requests().size(), 2U);
  watcher->start();
  EXPECT_EQ(watcher->state(), WatchState::Stopped);
}

TEST_F(WatcherTest, AnAnswerThatComesAfterStopOrDestructionIsIgnored) {
  watcher->start();
  watcher->stop();
  api.reply(200, list(10, {json_of(object("a", "ua", 5))}));
  loop.run_until_idle();
  EXPECT_EQ(names(), "");

  auto other = std::make_unique<Watcher>(api, loop, sink, watcher->target());
  other->start();
  other.reset();
  api.reply(200, list(10, {json_of(object("a", "ua", 5))}));
  loop.run_until_idle();
  EXPECT_EQ(names(), "");
}

TEST_F(WatcherTest, AHookMayStopTheWatcher) {
  WatchHooks hooks;
  std::unique_ptr<Watcher> stopping;
  hooks.on_synced = [&] { stopping->stop(); };
  stopping = std::make_unique<Watcher>(api, loop, sink, watcher->target(), hooks);
  answer_list(list(10, {}));
  stopping->start();
  loop.advance(Duration{60'000});
  EXPECT_EQ(stopping->state(), WatchState::Stopped);
  EXPECT_EQ(api.requests().size(), 1U);
}

// --- the end of a stream ---

TEST_F(WatcherTest, ACleanEndAfterEventsResumesAtOnceWithoutAList) {
  sync();
  for (int version = 11; version < 111; ++version) {
    stream().line(event("MODIFIED", json_of(object("a", "ua", version))));
    stream().end();
    loop.advance(Duration{50});  // the spacing of watches
    ASSERT_EQ(watcher->state(), WatchState::Watching);
  }
  EXPECT_EQ(watches(), 101U);
  EXPECT_EQ(lists(), 1U);
}

TEST_F(WatcherTest, AThousandCleanEndsThatBringNothingCostABoundedRateOfRequests) {
  api.on(Method::Get, path, [](const auto&) { return kube::Response{200, list(10, {})}; });
  api.on_stream(path, [](testing::FakeStream& s) { s.end(); });
  watcher->start();
  const Instant start = loop.now();
  while (watcher->stats().ends.empty() || watcher->stats().ends.at(StreamEnd::Clean) < 1000)
    ASSERT_TRUE(loop.advance_to_next());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(loop.now() - start).count();
  // Streams come in threes (one at once, two after waits of at least 15 s) and then a list.
  EXPECT_GT(seconds, 1000 * 15 / 2);
  EXPECT_LT(api.requests().size(), static_cast<std::size_t>(seconds) / 4);
}

TEST_F(WatcherTest, StreamsThatEndAtOnceAfterOneEventEachAreSpaced) {
  sync();
  int version = 10;
  api.on_stream(path, [&](testing::FakeStream& s) {
    s.line(bookmark(++version));
    s.end();
  });
  stream().end();
  loop.advance(Duration{10'000});
  EXPECT_LE(watches(), 202U);
  EXPECT_GE(watches(), 190U);
}

TEST_F(WatcherTest, TheServersTimeoutAfterAQuietTimeIsNoFailure) {
  sync();
  for (int i = 0; i < 20; ++i) {
    loop.advance(Duration{119'000});  // within the idle bound
    stream().data("\n");              // some servers send empty lines
    loop.advance(Duration{119'000});
    stream().end();
    loop.run_until_idle();
    ASSERT_EQ(watcher->state(), WatchState::Watching) << i;
  }
  EXPECT_EQ(lists(), 1U);
  EXPECT_TRUE(troubles.empty());
}

TEST_F(WatcherTest, ASilentStreamIsGivenUpAndResumed) {
  sync();
  stream().line(bookmark(11));
  loop.advance(Duration{119'999});
  EXPECT_EQ(watcher->state(), WatchState::Watching);
  loop.advance(Duration{1});
  EXPECT_EQ(watcher->state(), WatchState::BackingOff);
  EXPECT_EQ(watcher->stats().ends.at(StreamEnd::Silent), 1U);
  loop.advance(Duration{800});
  EXPECT_EQ(watcher->state(), WatchState::Watching);
  EXPECT_NE(last_path().find("resourceVersion=11"), std::string::npos);
}

TEST_F(WatcherTest, StreamsThatStaySilentAgainAndAgainLeadToAList) {
  // What etcd restored from a backup looks like where the watch waits for a version yet to come.
  sync();
  answer_list(list(3, {json_of(object("a", "ua", 2))}));
  loop.advance(Duration{3 * 120'000 + 3 * 30'000});
  EXPECT_EQ(lists(), 2U);
  EXPECT_EQ(names(), "a ");
  EXPECT_EQ(watcher->resource_version(), "3");
}

TEST_F(WatcherTest, AServerThatIsAwayIsAskedLessAndLessAndNeverListed) {
  sync();
  kube::Error refused;
  refused.code = kube::Errc::Connect;
  refused.message = "connection refused";
  for (int i = 0; i < 20; ++i) api.refuse_stream(path, refused);
  stream().end(refused);
  for (int i = 0; i < 10; ++i) loop.advance(Duration{30'000});
  EXPECT_EQ(lists(), 1U);
  ASSERT_GE(waits.size(), 8U);
  const int most[] = {800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_LE(waits[i].count(), most[i]);
    EXPECT_GE(waits[i].count(), most[i] / 2);
  }
}

TEST_F(WatcherTest, TwoReplicasDoNotComeBackInTheSameMoment) {
  std::vector<Duration> first;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    ManualLoop own_loop(seed);
    testing::FakeTransport own_api{own_loop};
    own_api.answer(Method::Get, path, 503);
    WatchHooks hooks;
    hooks.on_trouble = [&](const std::string&, Duration wait) { first.push_back(wait); };
    Watcher replica(own_api, own_loop, sink, watcher->target(), hooks);
    replica.start();
    own_loop.run_until_idle();
  }
  std::sort(first.begin(), first.end());
  ASSERT_EQ(first.size(), 4U);
  EXPECT_GT(first.back() - first.front(), Duration{50});
}

TEST_F(WatcherTest, FailuresAreForgottenAfterTwoHealthyMinutes) {
  sync();
  kube::Error broken;
  broken.code = kube::Errc::Connect;
  for (int i = 0; i < 6; ++i) {
    stream().end(broken);
    loop.advance(Duration{30'000});
  }
  EXPECT_GE(waits.back(), Duration{12'800});
  for (int i = 0; i < 4; ++i) {
    loop.advance(Duration{60'000});
    stream().line(bookmark(20 + i));
  }
  stream().end(broken);
  EXPECT_LE(waits.back(), Duration{800});
}

TEST_F(WatcherTest, AStreamThatBreaksOnceItHasShownSomethingIsResumedWithoutAGrowingWait) {
  sync();
  kube::Error broken;
  broken.code = kube::Errc::Interrupted;
  for (int i = 0; i < 6; ++i) {
    stream().line(bookmark(11 + i));
    stream().end(broken);
    EXPECT_LE(waits.back(), Duration{800});
    loop.advance(Duration{1'000});
  }
}

// --- 410 ---

TEST_F(WatcherTest, GoneAsHttpStatusLeadsToAList) {
  sync();
  api.refuse_stream(path, status_error(410, "Expired"));
  stream().end();
  loop.run_until_idle();
  loop.advance(Duration{50});
  EXPECT_EQ(watcher->state(), WatchState::BackingOff);
  answer_list(list(50, {json_of(object("b", "ub", 6)), json_of(object("c", "uc", 40))}));
  loop.advance(Duration{800});
  EXPECT_EQ(sink.log, "[+b+c]");
  EXPECT_EQ(names(), "b c ");
  EXPECT_EQ(sink.removed, std::vector<std::string>{"a"});
  EXPECT_NE(last_path().find("resourceVersion=50"), std::string::npos);
  EXPECT_TRUE(watcher->synced());
}

TEST_F(WatcherTest, GoneWithinTheStreamLeadsToAList) {
  sync();
  stream().line(error_event(410, "Expired"));
  EXPECT_EQ(watcher->stats().ends.at(StreamEnd::Gone), 1U);
  EXPECT_EQ(api.open_streams(), 0U);
  answer_list(list(50, {}));
  loop.advance(Duration{800});
  EXPECT_EQ(lists(), 2U);
  EXPECT_EQ(names(), "");
}

TEST_F(WatcherTest, GoneInTheMidstOfAPagedListBeginsTheListAnew) {
  answer_list(list(10, {json_of(object("a", "ua", 5))}, "p2"));
  api.answer(Method::Get, path, 410, "Expired");
  answer_list(list(20, {json_of(object("b", "ub", 15))}, "q2"));
  answer_list(list(20, {json_of(object("c", "uc", 16))}));
  watcher->start();
  loop.advance(Duration{800});
  EXPECT_EQ(sink.log, "[+a[+b+c]S");
  EXPECT_EQ(names(), "b c ");
  EXPECT_EQ(api.requests()[2].request.path, path + "?limit=500");
  EXPECT_EQ(watcher->resource_version(), "20");
}

TEST_F(WatcherTest, AServerThatAnswersGoneForEverIsAskedAtABoundedRate) {
  api.on(Method::Get, path, [](const auto&) { return kube::Response{200, list(10, {})}; });
  api.on_stream(path, [](testing::FakeStream& s) { s.line(error_event(410, "Expired")); });
  watcher->start();
  loop.advance(Duration{3'600'000});
  EXPECT_LT(api.requests().size(), 2U * 3600 / 15 + 20);
  EXPECT_GT(lists(), 100U);
}

// --- other failures ---

TEST_F(WatcherTest, AnErrorWithinTheStreamResumesAfterAWait) {
  sync();
  stream().line(event("MODIFIED", json_of(object("a", "ua", 11))));
  stream().line(error_event(500, "InternalError"));
  EXPECT_EQ(watcher->state(), WatchState::BackingOff);
  loop.advance(Duration{800});
  EXPECT_EQ(watcher->state(), WatchState::Watching);
  EXPECT_NE(last_path().find("resourceVersion=11"), std::string::npos);
  EXPECT_EQ(lists(), 1U);
}

TEST_F(WatcherTest, ErrorsAgainAndAgainLeadToAList) {
  sync();
  for (int i = 0; i < 3; ++i) {
    stream().line(error_event(500, "InternalError"));
    if (i == 2) answer_list(list(30, {}));
    loop.advance(Duration{30'000});
  }
  EXPECT_EQ(lists(), 2U);
  EXPECT_EQ(watcher->resource_version(), "30");
}

TEST_F(WatcherTest, WaitsAsLongAsTheServerWishes) {
  auto busy = status_error(429, "TooManyRequests");
  busy.retry_after = Duration{17'000};
  api.answer(Method::Get, path, busy);
  watcher->start();
  loop.advance(Duration{16'999});
  EXPECT_EQ(api.requests().size(), 1U);
  answer_list(list(10, {}));
  loop.advance(Duration{1});
  EXPECT_EQ(watcher->state(), WatchState::Watching);
}

TEST_F(WatcherTest, APageThatFailsIsAskedForAgainWithoutBeginningAnew) {
  answer_list(list(10, {json_of(object("a", "ua", 5))}, "p2"));
  api.answer(Method::Get, path, 503);
  answer_list(list(10, {json_of(object("b", "ub", 6))}));
  watcher->start();
  loop.advance(Duration{800});
  EXPECT_EQ(sink.log, "[+a+b]S");
  EXPECT_NE(api.requests()[2].request.path.find("continue=p2"), std::string::npos);
}

TEST_F(WatcherTest, APageThatFailsTooOftenBeginsTheListAnew) {
  answer_list(list(10, {json_of(object("a", "ua", 5))}, "p2"));
  for (int i = 0; i < 6; ++i) api.answer(Method::Get, path, 503);
  answer_list(list(20, {}));
  watcher->start();
  loop.advance(Duration{120'000});
  EXPECT_EQ(sink.log, "[+a[]S");
}

TEST_F(WatcherTest, AListThatFailsIsTriedAgainForEverAtABoundedRate) {
  for (const int status : {401, 403, 404, 500, 503}) {
    testing::FakeTransport own_api{loop};
    own_api.on(Method::Get, path,
               [status](const auto&) -> testing::FakeTransport::Answer { return Err(status_error(status)); });
    Watcher own(own_api, loop, sink, watcher->target());
    own.start();
    loop.advance(Duration{3'600'000});
    EXPECT_LT(own_api.requests().size(), 3600U / 15 + 10) << status;
    EXPECT_GT(own_api.requests().size(), 3600U / 30 - 10) << status;
    EXPECT_FALSE(own.synced());
  }
}

TEST_F(WatcherTest, ABodyThatIsNoListIsAFailureAndTheNextOneCounts) {
  answer_list("<html>proxy</html>");
  answer_list(list(10, {json_of(object("a", "ua", 5))}));
  watcher->start();
  loop.advance(Duration{800});
  EXPECT_EQ(names(), "a ");
  EXPECT_EQ(watcher->stats().list_failures, 1U);
}

TEST_F(WatcherTest, AVersionThatGoesBackLeadsToAListThatReplacesEverything) {
  sync();
  stream().line(event("MODIFIED", json_of(object("a", "ua", 1000, "Done"))));
  stream().line(bookmark(400));
  EXPECT_EQ(watcher->stats().ends.at(StreamEnd::WentBack), 1U);
  answer_list(list(401, {json_of(object("a", "ua", 300, "Running"))}));
  loop.advance(Duration{800});
  EXPECT_EQ(sink.store.find({"ns", "a"})->phase, "Running");
  EXPECT_EQ(watcher->resource_version(), "401");
}

// --- what can not be read ---

TEST_F(WatcherTest, AMalformedObjectIsQuarantinedWhileTheOthersArrive) {
  sync();
  stream().line(event("ADDED", json_of(object("c", "uc", 11))));
  stream().line(
      event("MODIFIED", R"({"metadata":{"name":"a","namespace":"ns","uid":"ua","resourceVersion":"12"},"status":7})"));
  stream().line(event("ADDED", json_of(object("d", "ud", 13, "Throw"))));
  stream().line(event("ADDED", json_of(object("e", "ue", 14))));
  EXPECT_EQ(watcher->state(), WatchState::Watching);
  EXPECT_EQ(names(), "a b c e ");
  EXPECT_EQ(quarantined, (std::vector<std::string>{"a: status is no object", "d: thrown by the decoder"}));
  EXPECT_EQ(watcher->stats().quarantined, 2U);
  EXPECT_EQ(watcher->stats().events, 4U);
  ASSERT_EQ(watcher->quarantine().size(), 2U);
  EXPECT_EQ(watcher->quarantine().at("ns/a").reason, "status is no object");
  EXPECT_EQ(watcher->resource_version(), "14");
  // It heals, or it goes.
  stream().line(event("MODIFIED", json_of(object("a", "ua", 15))));
  stream().line(event("DELETED", json_of(object("d", "ud", 16, "Throw"))));
  EXPECT_TRUE(watcher->quarantine().empty());
}

TEST_F(WatcherTest, AMalformedObjectThatIsDeletedIsHeldNoLonger) {
  sync();
  stream().line(
      event("DELETED", R"({"metadata":{"name":"a","namespace":"ns","uid":"ua","resourceVersion":"12"},"status":7})"));
  EXPECT_EQ(names(), "b ");
}

TEST_F(WatcherTest, AMalformedObjectInAListIsQuarantinedAndNotTakenForVanished) {
  sync();
  stream().line(error_event(410, "Expired"));
  answer_list(list(50, {R"({"metadata":{"name":"a","namespace":"ns"},"status":7})", json_of(object("c", "uc", 40))}));
  loop.advance(Duration{800});
  EXPECT_EQ(names(), "a c ");
  EXPECT_EQ(watcher->quarantine().count("ns/a"), 1U);
}

TEST_F(WatcherTest, RemembersABoundedNumberOfMalformedObjects) {
  sync();
  for (int i = 0; i < 1500; ++i) {
    stream().line(event("ADDED", R"({"metadata":{"namespace":"ns","name":"n)" + std::to_string(i) + R"("}})"));
  }
  EXPECT_EQ(watcher->stats().quarantined, 1500U);
  EXPECT_EQ(watcher->quarantine().size(), limits::quarantine_kept);
}

TEST_F(WatcherTest, AMalformedLineReopensTheStreamWhereItWas) {
  sync();
  stream().line(event("ADDED", json_of(object("c", "uc", 11))));
  stream().line("{\"type\":\"ADDED\",\"obj");
  EXPECT_EQ(watcher->stats().malformed_lines, 1U);
  EXPECT_EQ(api.open_streams(), 0U);
  loop.advance(Duration{800});
  EXPECT_EQ(watcher->state(), WatchState::Watching);
  EXPECT_NE(last_path().find("resourceVersion=11"), std::string::npos);
  EXPECT_EQ(lists(), 1U);
}

TEST_F(WatcherTest, ALineThatStaysMalformedLeadsToAListInsteadOfMeetingItForEver) {
  sync();
  api.on_stream(path, [&](testing::FakeStream& s) {
    if (s.request().path.find("resourceVersion=10&") != std::string::npos) s.line("no json");
  });
  stream().line("no json");
  answer_list(list(50, {}));
  loop.advance(Duration{30'000});
  EXPECT_EQ(lists(), 2U);
  EXPECT_EQ(watcher->state(), WatchState::Watching);
}

TEST_F(WatcherTest, ALineBeyondTheBoundIsNotKeptInMemory) {
  sync();
  const std::string piece(1U << 20U, 'x');
  for (int i = 0; i < 9; ++i) stream().data(piece);
  EXPECT_EQ(watcher->stats().malformed_lines, 1U);
  EXPECT_EQ(watcher->stats().ends.at(StreamEnd::Malformed), 1U);
  answer_list(list(50, {}));
  loop.advance(Duration{800});
  EXPECT_EQ(lists(), 2U);
}

TEST_F(WatcherTest, NothingBehindAMalformedLineInTheSameChunkIsRead) {
  sync();
  stream().data("garbage\n" + event("ADDED", json_of(object("c", "uc", 11))) + "\n");
  EXPECT_EQ(names(), "a b ");
}

}  // namespace
}  // namespace ork::runtime
