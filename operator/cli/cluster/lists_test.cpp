#include "operator/cli/cluster/lists.hpp"

#include "operator/cli/cluster/event_feed.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/cluster/test_session.hpp"

namespace ork::cli {
namespace {

using kube::Method;

const std::string runs = "/apis/ork.dev/v1alpha1/namespaces/a/workflowruns";

std::string page(const Json& items, const char* next = "") {
  return Json{{"metadata", {{"resourceVersion", "42"}, {"continue", next}}}, {"items", items}}.dump();
}

Json named(const char* name) { return {{"metadata", {{"name", name}}}}; }

TEST(Ask, GivesTheObjectOrTheFailure) {
  TestSession session;
  session.api.answer(Method::Get, runs, 200, R"({"a":1})");
  session.api.answer(Method::Get, runs, 404);
  session.api.answer(Method::Get, runs, 200, "<html>");
  session.api.answer(Method::Get, runs, 200, std::string(600, '[') + std::string(600, ']'));
  session.api.answer(Method::Post, runs, 201, R"({"b":1})");
  const kube::Request get = kube::get_request(workflow_runs, "a", "x");
  EXPECT_EQ(ask(session, get)->object, (Json{{"a", 1}}));
  EXPECT_EQ(ask(session, get).error().code, ExitCode::NotFound);
  EXPECT_EQ(ask(session, get).error().message, "the API server's answer is no JSON");
  EXPECT_EQ(ask(session, get).error().message, "the API server's answer is nested too deep");
  EXPECT_TRUE(ask(session, kube::create_request(workflow_runs, "a", "{}"))->created);
}

TEST(Lists, ReadAllPages) {
  TestSession session;
  session.api.answer(Method::Get, runs, 200, page({named("a"), named("b")}, "p2"));
  session.api.answer(Method::Get, runs, 200, page(Json::array({named("c")})));
  const auto listed =
      list_objects(session, workflow_runs, {.ns = "a", .labels = "k=v", .fields = "status.phase=Failed"});
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->items.size(), 3U);
  EXPECT_EQ(listed->resource_version, "42");
  // Alone, an item says what it is.
  EXPECT_EQ(listed->items[2],
            Json::parse(R"({"apiVersion":"ork.dev/v1alpha1","kind":"WorkflowRun","metadata":{"name":"c"}})"));
  EXPECT_EQ(session.api.requests()[1].request.path,
            runs + "?limit=500&labelSelector=k%3Dv&fieldSelector=status.phase%3DFailed&continue=p2");
}

TEST(Lists, EndWithTheFirstFailure) {
  TestSession session;
  session.api.answer(Method::Get, runs, 200, page(Json::array({named("a")}), "p2"));
  session.api.answer(Method::Get, runs, 403);
  EXPECT_EQ(list_objects(session, workflow_runs, {.ns = "a"}).error().code, ExitCode::Refused);
}

TEST(Lists, TakeAnythingForAPage) {
  for (const char* body :
       {"[]", "1", "{}", R"({"items":1})", R"({"items":[1,null]})", R"({"metadata":1,"items":[]})"}) {
    TestSession session;
    session.api.answer(Method::Get, runs, 200, body);
    const auto listed = list_objects(session, workflow_runs, {.ns = "a"});
    EXPECT_TRUE(!listed || listed->items.empty()) << body;
  }
}

TEST(Lists, AskForTablesAsKubectlDoes) {
  TestSession session;
  session.api.answer(Method::Get, runs, 200, R"({"kind":"Table","metadata":{"resourceVersion":"7"},"rows":[]})");
  std::vector<Json> tables;
  const auto version = list_tables(session, workflow_runs, {.ns = "a"}, [&](const Json& t) { tables.push_back(t); });
  EXPECT_EQ(*version, "7");
  EXPECT_EQ(tables.size(), 1U);
  EXPECT_EQ(session.api.requests()[0].request.accept, kube::accept_table);
}

class EventFeedTest : public ::testing::Test {
 protected:
  // Runs the feed; what the API server does stands in the streams' script.
  std::optional<Failure> follow() {
    EventFeed feed(session, workflow_runs, {.ns = "a"}, "", [&](std::string_view type, const Json& object) {
      seen.push_back(std::string(type) + " " + object.at("metadata").value("name", ""));
      if (seen.size() == stop_after) feed_->stop();
    });
    feed_ = &feed;
    return feed.follow("10");
  }
  static std::string event(const char* type, const char* name, const char* version) {
    return Json{{"type", type}, {"object", {{"metadata", {{"name", name}, {"resourceVersion", version}}}}}}.dump();
  }

  TestSession session;
  std::vector<std::string> seen;
  std::size_t stop_after = 0;
  EventFeed* feed_ = nullptr;
};

TEST_F(EventFeedTest, GoesOnWhereAStreamEnded) {
  int streams = 0;
  session.api.on_stream(runs, [&](runtime::testing::FakeStream& stream) {
    if (++streams == 1) {
      stream.line(event("ADDED", "a", "11"));
      stream.line(event("BOOKMARK", "", "15"));
      stream.end();
    } else {
      stream.line(event("DELETED", "b", "16"));
    }
  });
  stop_after = 2;
  EXPECT_FALSE(follow().has_value());
  EXPECT_EQ(seen, (std::vector<std::string>{"ADDED a", "DELETED b"}));
  EXPECT_NE(session.api.requests()[1].request.path.find("resourceVersion=15&"), std::string::npos);
}

TEST_F(EventFeedTest, IsNotOpenedInACircle) {
  int streams = 0;
  session.api.on_stream(runs, [&](runtime::testing::FakeStream& stream) {
    if (++streams < 5) return stream.end();
    stream.line(event("ADDED", "a", "11"));
  });
  stop_after = 1;
  const auto begun = session.time.now();
  follow();
  EXPECT_GE(session.time.now() - begun, std::chrono::seconds(4));
}

TEST_F(EventFeedTest, EndsWhereTheServerRefusesOrForgets) {
  session.api.on_stream(runs, [](runtime::testing::FakeStream& stream) {
    stream.line(R"({"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old resource version"}})");
  });
  EXPECT_EQ(follow()->message, "the watch ended: too old resource version");
  session.api.refuse_stream(runs, runtime::testing::status_error(403));
  EXPECT_EQ(follow()->code, ExitCode::Refused);
}

TEST_F(EventFeedTest, TakesNoGarbageForAnEvent) {
  for (const char* line : {"x", "[]", "{}", R"({"type":"ADDED"})"}) {
    session.api.on_stream(runs, [line](runtime::testing::FakeStream& stream) { stream.line(line); });
    EXPECT_EQ(follow()->message, "the watch brought something that is no event") << line;
  }
}

}  // namespace
}  // namespace ork::cli
