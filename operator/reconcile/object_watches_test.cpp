#include "operator/reconcile/object_watches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/reconcile/limits.hpp"
#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::reconcile {
namespace {

using kube::Method;
using run::AwaitedObject;
using run::ObjectReference;
using runtime::Duration;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* apps = R"({"resources": [
  {"name": "deployments/scale", "namespaced": true, "kind": "Scale"},
  {"name": "deployments", "namespaced": true, "kind": "Deployment"},
  {"name": "worlds", "namespaced": false, "kind": "World"}]})";

const ObjectReference web{"apps/v1", "Deployment", "web"};

std::string deployment(int version, int ready) {
  return R"({"metadata":{"name":"web","namespace":"a","resourceVersion":")" + std::to_string(version) +
         R"("},"status":{"readyReplicas":)" + std::to_string(ready) + "}}";
}

std::string listed(const std::string& items) {
  return R"({"metadata":{"resourceVersion":"10"},"items":[)" + items + "]}";
}

class ObjectWatchesTest : public ::testing::Test {
 protected:
  ObjectWatchesTest() {
    api.on(Method::Get, "/apis/apps/v1", [this](const kube::Request& request) { return answered(request); });
  }

  Result<kube::Response, kube::Error> answered(const kube::Request& request) {
    const bool is_list = request.path.find("/namespaces/") != std::string::npos;
    if (is_list && forbidden) return Err(runtime::testing::status_error(403));
    return kube::Response{200, is_list ? listed(items) : discovery};
  }

  void want(const std::string& run, std::set<ObjectReference> objects) {
    watches.want(run, "a", std::move(objects));
    loop.run_until_idle();
  }
  AwaitedObject seen(const ObjectReference& object = web, const std::string& run = "a/r") const {
    return watches.seen_by(run).at(object);
  }
  // -1: it is not there.
  int ready() const {
    return seen().object == nullptr ? -1 : seen().object->at("status").at("readyReplicas").get<int>();
  }

  runtime::ManualLoop loop;
  runtime::testing::FakeTransport api{loop};
  std::vector<std::string> changed;
  std::string discovery = apps;
  std::string items = deployment(5, 1);
  bool forbidden = false;
  ObjectWatches watches{api, loop, [this](const std::string& run) { changed.push_back(run); }};
};

TEST_F(ObjectWatchesTest, WatchesTheOneObjectByItsName) {
  want("a/r", {web});
  EXPECT_EQ(ready(), 1);
  EXPECT_THAT(api.last_stream().request().path, AllOf(HasSubstr("/apis/apps/v1/namespaces/a/deployments?watch=1"),
                                                      HasSubstr("fieldSelector=metadata.name%3Dweb")));
  EXPECT_EQ(changed, std::vector<std::string>{"a/r"});
}

TEST_F(ObjectWatchesTest, TellsEachRunOfEachChange) {
  want("a/r", {web});
  want("a/s", {web});
  changed.clear();
  api.last_stream().line(R"({"type":"MODIFIED","object":)" + deployment(11, 3) + "}");
  EXPECT_EQ(ready(), 3);
  EXPECT_EQ(changed, (std::vector<std::string>{"a/r", "a/s"}));
  api.last_stream().line(R"({"type":"DELETED","object":)" + deployment(12, 3) + "}");
  EXPECT_EQ(ready(), -1);
  EXPECT_TRUE(seen().is_seen);
  EXPECT_EQ(api.open_streams(), 1U);
}

TEST_F(ObjectWatchesTest, KnowsThatNothingIsThere) {
  items.clear();
  want("a/r", {web});
  EXPECT_TRUE(seen().is_seen);
  EXPECT_EQ(ready(), -1);
}

TEST_F(ObjectWatchesTest, LetsGoOfWhatNobodyWaitsFor) {
  want("a/r", {web});
  want("a/s", {web});
  want("a/r", {});
  EXPECT_EQ(api.open_streams(), 1U);
  EXPECT_TRUE(watches.seen_by("a/r").empty());
  want("a/s", {});
  EXPECT_EQ(api.open_streams(), 0U);
}

TEST_F(ObjectWatchesTest, TellsWhatForbidsItAndTriesAgain) {
  forbidden = true;
  want("a/r", {web});
  EXPECT_FALSE(seen().is_seen);
  EXPECT_FALSE(seen().problem.empty());
  forbidden = false;
  loop.advance(Duration{60'000});
  EXPECT_EQ(ready(), 1);
  EXPECT_TRUE(seen().problem.empty());
}

TEST_F(ObjectWatchesTest, TellsOfAKindThatIsNotThereUntilItIs) {
  discovery = R"({"resources": []})";
  want("a/r", {web});
  EXPECT_EQ(seen().problem, "the API server has no kind Deployment in apps/v1");
  discovery = apps;
  loop.advance(Duration{60'000});
  EXPECT_EQ(ready(), 1);
}

TEST_F(ObjectWatchesTest, RefusesWhatStandsInNoNamespace) {
  const ObjectReference world{"apps/v1", "World", "web"};
  want("a/r", {world});
  EXPECT_EQ(seen(world).problem, "World stands in no namespace, and only what is in the run's own is waited for");
}

TEST_F(ObjectWatchesTest, HoldsBackWhatIsTooMany) {
  std::set<ObjectReference> many;
  for (std::size_t i = 0; i <= limits::objects_watched; ++i)
    many.insert({"apps/v1", "Deployment", "d" + std::to_string(1'000 + i)});
  want("a/many", many);
  EXPECT_EQ(api.open_streams(), limits::objects_watched);
  EXPECT_EQ(seen(*many.rbegin(), "a/many").problem, "ork watches 200 other objects, and no more at a time");
  many.erase(many.begin());
  want("a/many", many);
  EXPECT_EQ(api.open_streams(), limits::objects_watched);
  EXPECT_TRUE(seen(*many.rbegin(), "a/many").is_seen);
}

TEST_F(ObjectWatchesTest, IsNotCalledOnceItIsGone) {
  api.set_latency(Duration{50});
  want("a/r", {web});
  watches.want("a/r", "a", {});
  loop.advance(Duration{200});
  EXPECT_EQ(api.open_streams(), 0U);
}

}  // namespace
}  // namespace ork::reconcile
