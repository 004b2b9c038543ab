// What the API server promises, as a client sees it. The words are those of a real kube-apiserver;
// tests/conformance holds many more of them against one.

#include "operator/embedded/api/api_server.hpp"

#include <gmock/gmock.h>

#include "operator/embedded/api/test_api.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Reply;

const std::string maps = "/api/v1/namespaces/default/configmaps";
const std::string workflows = "/apis/ork.dev/v1alpha1/namespaces/default/workflows";
const std::string jobs = "/apis/batch/v1/namespaces/default/jobs";
const std::string pods = "/api/v1/namespaces/default/pods";

Json map_named(const std::string& name, const Json& data = Json::object()) {
  return {{"metadata", {{"name", name}}}, {"data", data}};
}

Json workflow_named(const std::string& name) {
  return {{"apiVersion", "ork.dev/v1alpha1"},
          {"kind", "Workflow"},
          {"metadata", {{"name", name}}},
          {"spec", {{"tasks", Json::array({{{"name", "a"}, {"image", "x"}}})}}}};
}

Json pod_named(const std::string& name) {
  return {{"metadata", {{"name", name}}},
          {"spec", {{"containers", Json::array({{{"name", "main"}, {"image", "x"}}})}}}};
}

class ApiServerTest : public ::testing::Test {
 protected:
  testing::TestApi api;
};

TEST_F(ApiServerTest, CreatesWithUidTimeAndVersion) {
  const Reply created = api.post(maps, map_named("a", {{"x", "1"}}));
  EXPECT_EQ(created.status, 201);
  const Json& metadata = created.body["metadata"];
  EXPECT_EQ(metadata["namespace"], "default");
  EXPECT_THAT(metadata["uid"].get<std::string>(),
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_THAT(metadata["creationTimestamp"].get<std::string>(), ::testing::MatchesRegex("[0-9]{4}-.*T.*[0-9]Z"));
  EXPECT_EQ(created.body["kind"], "ConfigMap");
  EXPECT_EQ(api.get(maps + "/a").body, created.body);
}

TEST_F(ApiServerTest, NamesAnObjectByItsPrefix) {
  const Reply created = api.post(maps, {{"metadata", {{"generateName", "gen-"}}}});
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.body["metadata"]["name"].get<std::string>(), ::testing::MatchesRegex("gen-[b-z2-9]{5}"));
}

TEST_F(ApiServerTest, RefusesASecondOfTheSameName) {
  api.post(maps, map_named("a"));
  const Reply again = api.post(maps, map_named("a"));
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.reason(), "AlreadyExists");
  EXPECT_EQ(again.message(), "configmaps \"a\" already exists");
}

TEST_F(ApiServerTest, RefusesToCreateInANamespaceThatIsNotThere) {
  const Reply refused = api.post("/api/v1/namespaces/none/configmaps", map_named("a"));
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.message(), "namespaces \"none\" not found");
}

TEST_F(ApiServerTest, WarnsOfUnknownFieldsOrRefusesThem) {
  Json map = map_named("a");
  map["foo"] = 1;
  const Reply warned = api.post(maps, map);
  EXPECT_EQ(warned.status, 201);
  EXPECT_THAT(warned.headers, ElementsAre(::testing::Pair("Warning", "299 - \"unknown field \\\"foo\\\"\"")));
  EXPECT_FALSE(warned.body.contains("foo"));
  const Reply refused = api.post(maps + "?fieldValidation=Strict", map);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(
      refused.message(),
      "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"foo\"");
}

TEST_F(ApiServerTest, UpdatesOnlyWhatHasNotMovedOn) {
  const Json first = api.post(maps, map_named("a", {{"x", "1"}})).body;
  Json next = first;
  next["data"]["x"] = "2";
  const Reply updated = api.put(maps + "/a", next);
  EXPECT_EQ(updated.status, 200);
  EXPECT_NE(updated.body["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
  const Reply stale = api.put(maps + "/a", next);
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(stale.reason(), "Conflict");
  EXPECT_EQ(api.put(maps + "/a", map_named("a")).status, 200) << "without a version: whatever is there";
}

TEST_F(ApiServerTest, AnUpdateThatChangesNothingIsNoWrite) {
  const Json first = api.post(maps, map_named("a", {{"x", "1"}})).body;
  api.loop.advance(std::chrono::seconds(5));
  EXPECT_EQ(api.put(maps + "/a", first).body, first);
  EXPECT_EQ(api.merge(maps + "/a", {{"data", {{"x", "1"}}}}).body, first);
}

TEST_F(ApiServerTest, AKindOfACrdWantsItsVersionInAnUpdate) {
  api.post(workflows, workflow_named("w"));
  const Reply refused = api.put(workflows + "/w", workflow_named("w"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.message(),
              HasSubstr("metadata.resourceVersion: Invalid value: 0: must be specified for an update"));
}

TEST_F(ApiServerTest, DefaultsAndValidatesBySchema) {
  const Reply created = api.post(workflows, workflow_named("w"));
  EXPECT_EQ(created.status, 201) << created.message();
  EXPECT_EQ(created.body["status"]["observedGeneration"], -1);
  Json wrong = workflow_named("v");
  wrong["spec"]["tasks"][0]["name"] = 1;
  const Reply refused = api.post(workflows, wrong);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body["details"]["causes"][0]["field"], "spec.tasks[0].name");
}

TEST_F(ApiServerTest, StatusAndSpecAreWrittenApart) {
  api.post(workflows, workflow_named("w"));
  const Reply main =
      api.merge(workflows + "/w", {{"status", {{"observedGeneration", 9}}}, {"metadata", {{"labels", {{"a", "b"}}}}}});
  EXPECT_EQ(main.body["status"]["observedGeneration"], -1);
  EXPECT_EQ(main.body["metadata"]["labels"]["a"], "b");
  const Reply status = api.merge(workflows + "/w/status", {{"status", {{"observedGeneration", 1}}},
                                                           {"spec", {{"failedRunsHistoryLimit", 9}}},
                                                           {"metadata", {{"labels", {{"a", "c"}}}}}});
  EXPECT_EQ(status.body["status"]["observedGeneration"], 1);
  EXPECT_FALSE(status.body["spec"].contains("failedRunsHistoryLimit"));
  EXPECT_EQ(status.body["metadata"]["labels"]["a"], "b");
  EXPECT_EQ(status.body["metadata"]["generation"], 1);
}

TEST_F(ApiServerTest, AChangeOfTheSpecIsANewGeneration) {
  api.post(workflows, workflow_named("w"));
  EXPECT_EQ(api.merge(workflows + "/w", {{"metadata", {{"labels", {{"a", "b"}}}}}}).body["metadata"]["generation"], 1);
  EXPECT_EQ(api.merge(workflows + "/w", {{"spec", {{"failedRunsHistoryLimit", 9}}}}).body["metadata"]["generation"], 2);
}

TEST_F(ApiServerTest, APatchTestThatFailsIsRefused) {
  api.post(maps, map_named("a", {{"x", "1"}}));
  const Reply refused = api.send(kube::Method::Patch, maps + "/a", R"([{"op":"test","path":"/data/x","value":"7"}])",
                                 "application/json-patch+json");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(api.send(kube::Method::Patch, maps + "/a", "{}", "application/json").status, 415);
}

TEST_F(ApiServerTest, TwoManagersApplySideBySideAndConflictWhereTheyMeet) {
  const auto config = [](const Json& data) {
    return Json{{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", "a"}}}, {"data", data}};
  };
  EXPECT_EQ(api.apply(maps + "/a?fieldManager=one", config({{"x", "1"}})).status, 201);
  EXPECT_EQ(api.apply(maps + "/a?fieldManager=two", config({{"y", "2"}})).body["data"], (Json{{"x", "1"}, {"y", "2"}}));
  const Reply conflict = api.apply(maps + "/a?fieldManager=two", config({{"x", "9"}, {"y", "2"}}));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.body["details"]["causes"][0]["field"], ".data.x");
  EXPECT_EQ(api.apply(maps + "/a?fieldManager=two&force=true", config({{"x", "9"}})).body["data"], (Json{{"x", "9"}}))
      << "y was two's alone and is no longer applied";
}

TEST_F(ApiServerTest, DeletesAndSaysWhat) {
  const Json created = api.post(maps, map_named("a")).body;
  const Reply deleted = api.remove(maps + "/a");
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(deleted.body["status"], "Success");
  EXPECT_EQ(deleted.body["details"]["uid"], created["metadata"]["uid"]);
  EXPECT_EQ(api.get(maps + "/a").status, 404);
}

TEST_F(ApiServerTest, DeletesOnlyTheObjectThatIsMeant) {
  api.post(maps, map_named("a"));
  const Reply refused = api.remove(maps + "/a", R"({"preconditions":{"uid":"other"}})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(api.get(maps + "/a").status, 200);
}

TEST_F(ApiServerTest, AFinalizerKeepsADeletedObjectUntilItGoes) {
  Json workflow = workflow_named("w");
  workflow["metadata"]["finalizers"] = {"ork.dev/x"};
  api.post(workflows, workflow);
  const Reply deleted = api.remove(workflows + "/w");
  EXPECT_TRUE(deleted.body["metadata"].contains("deletionTimestamp"));
  EXPECT_EQ(deleted.body["metadata"]["generation"], 2);
  EXPECT_EQ(api.merge(workflows + "/w", {{"metadata", {{"finalizers", nullptr}}}}).status, 200);
  EXPECT_EQ(api.get(workflows + "/w").status, 404);
}

TEST_F(ApiServerTest, APodOnANodeIsDeletedAfterItsGracePeriod) {
  Json pod = pod_named("p");
  pod["spec"]["nodeName"] = "local";
  ASSERT_EQ(api.post(pods, pod).status, 201);
  const Reply deleted = api.remove(pods + "/p");
  EXPECT_EQ(deleted.body["metadata"]["deletionGracePeriodSeconds"], 30);
  EXPECT_EQ(api.get(pods + "/p").status, 200);
  EXPECT_EQ(api.remove(pods + "/p", R"({"gracePeriodSeconds":0})").status, 200);
  EXPECT_EQ(api.get(pods + "/p").status, 404);
}

TEST_F(ApiServerTest, BindsAPodOnce) {
  api.post(pods, pod_named("p"));
  const Json binding = {{"target", {{"kind", "Node"}, {"name", "local"}}}};
  EXPECT_EQ(api.post(pods + "/p/binding", binding).status, 201);
  EXPECT_EQ(api.get(pods + "/p").body["spec"]["nodeName"], "local");
  EXPECT_EQ(api.post(pods + "/p/binding", binding).status, 409);
}

TEST_F(ApiServerTest, ListsInPagesAsOfTheFirst) {
  for (const char* name : {"a", "b", "c"}) api.post(maps, map_named(name));
  const Reply first = api.get(maps + "?limit=2");
  ASSERT_EQ(first.body["items"].size(), 2u);
  EXPECT_EQ(first.body["metadata"]["remainingItemCount"], 1);
  api.remove(maps + "/c");
  const Reply second = api.get(maps + "?limit=2&continue=" + first.body["metadata"]["continue"].get<std::string>());
  ASSERT_EQ(second.body["items"].size(), 1u) << second.text;
  EXPECT_EQ(second.body["items"][0]["metadata"]["name"], "c");
  EXPECT_EQ(second.body["metadata"]["resourceVersion"], first.body["metadata"]["resourceVersion"]);
  EXPECT_EQ(api.get(maps).body["items"].size(), 2u);
}

TEST_F(ApiServerTest, AContinuedListThatIsTooOldIsGone) {
  for (const char* name : {"a", "b", "c"}) api.post(maps, map_named(name));
  const std::string token = api.get(maps + "?limit=2").body["metadata"]["continue"];
  api.post(maps, map_named("d"));
  api.store->compact();
  const Reply gone = api.get(maps + "?limit=2&continue=" + token);
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.reason(), "Expired");
}

TEST_F(ApiServerTest, WatchesFromAVersion) {
  const Json first = api.post(maps, map_named("a")).body;
  const auto watch =
      api.watch(maps + "?watch=1&resourceVersion=" + first["metadata"]["resourceVersion"].get<std::string>());
  api.post(maps, map_named("b"));
  api.merge(maps + "/a", {{"data", {{"x", "1"}}}});
  api.remove(maps + "/b");
  api.post("/api/v1/namespaces/kube-system/configmaps", map_named("elsewhere"));
  EXPECT_THAT(watch->events(), ElementsAre("ADDED b", "MODIFIED a", "DELETED b"));
}

TEST_F(ApiServerTest, AWatchWithASelectorTellsOfWhatEntersAndLeavesIt) {
  const auto watch = api.watch(maps + "?watch=1&labelSelector=on%3Dyes");
  api.post(maps, map_named("a"));
  api.merge(maps + "/a", {{"metadata", {{"labels", {{"on", "yes"}}}}}});
  api.merge(maps + "/a", {{"data", {{"x", "1"}}}});
  api.merge(maps + "/a", {{"metadata", {{"labels", {{"on", "no"}}}}}});
  api.remove(maps + "/a");
  EXPECT_THAT(watch->events(), ElementsAre("ADDED a", "MODIFIED a", "DELETED a"));
}

TEST_F(ApiServerTest, AWatchFromBeforeTheHistoryEndsWithAnError) {
  api.post(maps, map_named("a"));
  api.post(maps, map_named("b"));
  api.store->compact();
  const auto watch = api.watch(maps + "?watch=1&resourceVersion=1");
  EXPECT_TRUE(watch->ended);
  EXPECT_EQ(Json::parse(watch->bytes)["object"]["code"], 410);
}

TEST_F(ApiServerTest, AWatchGivesBookmarksAndEnds) {
  const std::string version = api.get(maps).body["metadata"]["resourceVersion"];
  const auto watch =
      api.watch(maps + "?watch=1&resourceVersion=" + version + "&allowWatchBookmarks=true&timeoutSeconds=90");
  api.loop.advance(std::chrono::seconds(61));
  EXPECT_THAT(watch->events(), ElementsAre("BOOKMARK "));
  api.loop.advance(std::chrono::seconds(30));
  EXPECT_TRUE(watch->ended);
}

TEST_F(ApiServerTest, InitialEventsEndWithABookmark) {
  api.post(maps, map_named("a"));
  const auto watch =
      api.watch(maps + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
  EXPECT_THAT(watch->events(), ElementsAre("ADDED a", "BOOKMARK "));
  EXPECT_THAT(watch->bytes, HasSubstr("k8s.io/initial-events-end"));
}

// Its row says what it marks, as in a list of objects.
TEST_F(ApiServerTest, ABookmarkOfATableHasARow) {
  const std::string target =
      maps + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  std::string bytes;
  std::unique_ptr<kube::Stream> stream;
  api.server->serve({kube::Method::Get, target, "", "", "application/json;as=Table;v=v1;g=meta.k8s.io", "test/1.0"},
                    [&](const Answer& answer) {
                      stream = answer.open({.on_data = [&](std::string_view data) { bytes += data; }, .on_end = {}});
                    });
  api.loop.run_until_idle();
  const Json table = Json::parse(bytes)["object"];
  EXPECT_EQ(table["columnDefinitions"].size(), 3U);
  const Json metadata = {{"resourceVersion", table["metadata"]["resourceVersion"]},
                         {"annotations", {{"k8s.io/initial-events-end", "true"}}}};
  const Json object = {{"apiVersion", "meta.k8s.io/v1"}, {"kind", "PartialObjectMetadata"}, {"metadata", metadata}};
  EXPECT_EQ(table["rows"], Json::array({{{"cells", {"", 0, "<unknown>"}}, {"object", object}}}));
}

TEST_F(ApiServerTest, EventsOfBothGroupsAreTheSame) {
  const Json event = {{"metadata", {{"name", "e"}}},
                      {"regarding", {{"kind", "Pod"}, {"name", "p"}, {"namespace", "default"}}},
                      {"reason", "Started"},
                      {"note", "it runs"},
                      {"type", "Normal"},
                      {"action", "Start"},
                      {"reportingController", "ork.dev/operator"},
                      {"reportingInstance", "x"},
                      {"eventTime", "2026-11-21T10:00:00.000000Z"}};
  const Reply created = api.post("/apis/events.k8s.io/v1/namespaces/default/events", event);
  ASSERT_EQ(created.status, 201) << created.text;
  Json core = api.get("/api/v1/namespaces/default/events/e").body;
  EXPECT_EQ(core["involvedObject"]["name"], "p");
  EXPECT_EQ(core["message"], "it runs");
  EXPECT_EQ(core["apiVersion"], "v1");
}

TEST_F(ApiServerTest, ANamespaceTerminatesAndTakesNothingIn) {
  ASSERT_EQ(api.post("/api/v1/namespaces", {{"metadata", {{"name", "n"}}}}).status, 201);
  EXPECT_EQ(api.remove("/api/v1/namespaces/n").body["status"]["phase"], "Terminating");
  const Reply refused = api.post("/api/v1/namespaces/n/configmaps", map_named("a"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["details"]["causes"][0]["reason"], "NamespaceTerminating");
  Json ns = api.get("/api/v1/namespaces/n").body;
  ns["spec"]["finalizers"] = Json::array();
  EXPECT_EQ(api.put("/api/v1/namespaces/n/finalize", ns).status, 200);
  EXPECT_EQ(api.get("/api/v1/namespaces/n").status, 404);
  EXPECT_EQ(api.remove("/api/v1/namespaces/default").status, 403);
}

TEST_F(ApiServerTest, ADryRunChangesNothing) {
  EXPECT_EQ(api.post(maps + "?dryRun=All", map_named("a")).status, 201);
  EXPECT_EQ(api.get(maps + "/a").status, 404);
  api.post(maps, map_named("a"));
  EXPECT_EQ(api.merge(maps + "/a?dryRun=All", {{"data", {{"x", "1"}}}}).body["data"]["x"], "1");
  EXPECT_FALSE(api.get(maps + "/a").body["data"].contains("x"));
  EXPECT_EQ(api.remove(maps + "/a?dryRun=All").status, 200);
  EXPECT_EQ(api.get(maps + "/a").status, 200);
}

TEST_F(ApiServerTest, ShowsOnlyMetadataWhereThatIsAsked) {
  api.post(maps, map_named("a", {{"x", "1"}}));
  const Reply shown = api.send(kube::Method::Get, maps + "/a", "", "",
                               "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
  EXPECT_EQ(shown.body["kind"], "PartialObjectMetadata");
  EXPECT_EQ(shown.body["apiVersion"], "meta.k8s.io/v1");
  EXPECT_EQ(shown.body["metadata"]["name"], "a");
  EXPECT_FALSE(shown.body.contains("data"));
  EXPECT_EQ(api.send(kube::Method::Get, maps, "", "", "application/vnd.kubernetes.protobuf").status, 406);
}

TEST_F(ApiServerTest, FindsTheMetadataAmongDataThatLooksLikeIt) {
  Json object = map_named("a", {{"metadata", "{\"metadata\":{}"}, {"quoted", "}\\\"{["}});
  object["metadata"]["annotations"] = {{"metadata", "\\"}, {"braces", "}]\"}"}};
  const Json stored = api.post(maps, object).body;
  const Reply shown =
      api.send(kube::Method::Get, maps + "/a", "", "", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
  EXPECT_EQ(shown.body["metadata"], stored["metadata"]);
}

TEST_F(ApiServerTest, CrdsCanBeReadAndNotWritten) {
  const Reply list = api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
  EXPECT_EQ(list.body["items"].size(), 2u);
  EXPECT_EQ(api.remove("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/workflows.ork.dev").status, 405);
}

TEST_F(ApiServerTest, AFullDiskIsAnErrorAndNothingChanges) {
  api.post(maps, map_named("a"));
  api.journal.fail_next = JournalError{JournalErrc::Full, "the disk is full"};
  const Reply failed = api.post(maps, map_named("b"));
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.message(), "the disk is full");
  api.journal.fail_next.reset();
  EXPECT_EQ(api.get(maps + "/b").status, 404);
  EXPECT_EQ(api.get(maps + "/a").status, 200);
}

TEST_F(ApiServerTest, ARestartFindsEverythingAgainAndWritesNothing) {
  const Json created = api.post(maps, map_named("a")).body;
  const std::uint64_t version = api.store->version();
  api.restart();
  EXPECT_EQ(api.get(maps + "/a").body, created);
  EXPECT_EQ(api.store->version(), version);
}

TEST_F(ApiServerTest, SurvivesHostileBodies) {
  const std::string deep(5'000, '[');
  for (const std::string& body : {std::string(), std::string("not json"), std::string("[]"), std::string("null"),
                                  std::string(R"({"metadata":7})"), std::string(R"({"metadata":{"name":7}})"),
                                  std::string(R"({"kind":7})"), std::string(R"({"metadata":{"name":"a","labels":7}})"),
                                  std::string(R"({"metadata":{"name":"a","finalizers":{"x":1}}})"),
                                  std::string(R"({"metadata":{"name":"a"},"data":[]})"), "{\"data\":" + deep}) {
    const Reply reply = api.send(kube::Method::Post, maps, body);
    EXPECT_GE(reply.status, 400) << body.substr(0, 60);
    EXPECT_LT(reply.status, 500) << body.substr(0, 60) << reply.text;
    EXPECT_GE(api.send(kube::Method::Patch, maps + "/a", body, "application/merge-patch+json").status, 400);
    EXPECT_GE(api.send(kube::Method::Post, workflows, body).status, 400);
  }
}

}  // namespace
}  // namespace ork::embedded
