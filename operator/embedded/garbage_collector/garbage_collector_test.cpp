#include "operator/embedded/garbage_collector/garbage_collector.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/client/resources.hpp"
#include "operator/embedded/client/test_cluster.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

using kube::Method;
using runtime::Duration;
using testing::Json;

class GarbageCollectorTest : public ::testing::Test {
 protected:
  void start() {
    collector = std::make_unique<GarbageCollector>(
        cluster, loop,
        GarbageCollectorOptions{
            .kinds = {{job_resource()}, {pod_resource()}, {config_map_resource()}, {event_resource(), true, false}}});
    collector->start();
    loop.run_until_idle();
    ASSERT_TRUE(collector->synced());
  }
  Json owner_ref(const std::string& job, bool blocks = false) const {
    return {{"apiVersion", "batch/v1"},
            {"kind", "Job"},
            {"name", job},
            {"uid", cluster.at("jobs", "n/" + job, "/metadata/uid")},
            {"controller", true},
            {"blockOwnerDeletion", blocks}};
  }
  void create(const std::string& plural, const std::string& name, std::vector<Json> owners = {}) {
    Json meta = {{"name", name}, {"namespace", "n"}};
    if (!owners.empty()) meta["ownerReferences"] = owners;
    cluster.create(plural, {{"metadata", meta}, {"spec", Json::object()}});
  }
  void remove(const std::string& plural, const std::string& name, const std::string& policy = "Background") {
    cluster.remove(plural, "n/" + name, std::nullopt, policy);
    loop.advance(Duration{1'000});
  }
  std::vector<std::string> keys(const std::string& plural) const { return cluster.keys(plural); }

  runtime::ManualLoop loop;
  testing::TestCluster cluster{loop};
  std::unique_ptr<GarbageCollector> collector;
};

TEST_F(GarbageCollectorTest, DeletesWhatItsOwnerLeavesBehindAndItsDependentsAfterIt) {
  start();
  create("jobs", "top");
  create("jobs", "middle", {owner_ref("top")});
  create("pods", "leaf", {owner_ref("middle")});
  create("pods", "free");
  loop.run_until_idle();
  remove("jobs", "top");
  EXPECT_TRUE(keys("jobs").empty());
  EXPECT_EQ(keys("pods"), std::vector<std::string>{"n/free"});
  EXPECT_EQ(collector->objects(), 1U);
}

TEST_F(GarbageCollectorTest, CostsNothingWhileOwnersAreThere) {
  start();
  create("jobs", "a");
  cluster.forget_requests();
  for (int i = 0; i < 10; ++i) create("pods", "p" + std::to_string(i), {owner_ref("a")});
  loop.advance(Duration{10'000});
  EXPECT_TRUE(cluster.log().empty());
}

TEST_F(GarbageCollectorTest, OneDeletionForEachDependentAndNoLookUp) {
  start();
  create("jobs", "a");
  for (int i = 0; i < 10; ++i) create("pods", "p" + std::to_string(i), {owner_ref("a")});
  loop.run_until_idle();
  cluster.forget_requests();
  remove("jobs", "a");
  EXPECT_EQ(cluster.log().size(), 10U);
  EXPECT_TRUE(keys("pods").empty());
}

TEST_F(GarbageCollectorTest, DeletesWhatWasLeftBehindBeforeItCame) {
  create("jobs", "a");
  create("pods", "p", {owner_ref("a")});
  cluster.remove("jobs", "n/a");
  start();
  loop.advance(Duration{1'000});
  EXPECT_TRUE(keys("pods").empty());
}

TEST_F(GarbageCollectorTest, DoesNotTakeANewOwnerOfThatNameForTheOld) {
  start();
  create("jobs", "a");
  create("pods", "old", {owner_ref("a")});
  cluster.remove("jobs", "n/a");
  create("jobs", "a");
  create("pods", "new", {owner_ref("a")});
  loop.advance(Duration{1'000});
  EXPECT_EQ(keys("pods"), std::vector<std::string>{"n/new"});
}

TEST_F(GarbageCollectorTest, DropsAnOwnerThatIsGoneWhereAnotherStays) {
  start();
  create("jobs", "a");
  create("jobs", "b");
  create("configmaps", "c", {owner_ref("a"), owner_ref("b")});
  loop.run_until_idle();
  remove("jobs", "a");
  EXPECT_EQ(cluster.at("configmaps", "n/c", "/metadata/ownerReferences"), Json::array({owner_ref("b")}));
  remove("jobs", "b");
  EXPECT_TRUE(keys("configmaps").empty());
}

TEST_F(GarbageCollectorTest, InTheForegroundTheOwnerGoesLast) {
  start();
  create("jobs", "a");
  create("pods", "p", {owner_ref("a", true)});
  cluster.patch("pods", "n/p", {{"spec", {{"nodeName", "local"}}}});
  loop.run_until_idle();
  remove("jobs", "a", "Foreground");
  EXPECT_FALSE(cluster.at("pods", "n/p", "/metadata/deletionTimestamp").is_null());
  EXPECT_EQ(keys("jobs").size(), 1U) << "its Pod still has its grace";
  cluster.remove("pods", "n/p", 0);
  loop.advance(Duration{1'000});
  EXPECT_TRUE(keys("jobs").empty());
}

TEST_F(GarbageCollectorTest, AnOwnerMayLeaveOrphans) {
  start();
  create("jobs", "a");
  create("jobs", "b");
  create("pods", "p", {owner_ref("a")});
  create("pods", "q", {owner_ref("a"), owner_ref("b")});
  loop.run_until_idle();
  remove("jobs", "a", "Orphan");
  EXPECT_EQ(keys("jobs"), std::vector<std::string>{"n/b"});
  EXPECT_EQ(cluster.at("pods", "n/p", "/metadata/ownerReferences"), Json::array());
  EXPECT_EQ(cluster.at("pods", "n/q", "/metadata/ownerReferences"), Json::array({owner_ref("b")}));
}

TEST_F(GarbageCollectorTest, TriesAgainWhereItIsRefused) {
  start();
  create("jobs", "a");
  create("pods", "p", {owner_ref("a")});
  loop.run_until_idle();
  int refusals = 5;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Delete || refusals-- <= 0) return std::nullopt;
    return kube::Error{.code = kube::Errc::Server, .status = 500, .message = "busy"};
  };
  cluster.remove("jobs", "n/a");
  loop.advance(Duration{60'000});
  EXPECT_TRUE(keys("pods").empty());
}

TEST_F(GarbageCollectorTest, MakesOrphansOfAllDependentsThoughItIsRefusedNowAndThen) {
  start();
  create("jobs", "a");
  for (int i = 0; i < 5; ++i) create("pods", "p" + std::to_string(i), {owner_ref("a")});
  loop.run_until_idle();
  int requests = 0;
  cluster.refuse = [&](const kube::Request&) -> std::optional<kube::Error> {
    if (++requests % 3 != 0) return std::nullopt;
    return kube::Error{.code = kube::Errc::Server, .status = 500, .message = "busy"};
  };
  cluster.remove("jobs", "n/a", std::nullopt, "Orphan");
  loop.advance(Duration{60'000});
  EXPECT_TRUE(keys("jobs").empty());
  EXPECT_EQ(keys("pods").size(), 5U);
  for (const std::string& key : keys("pods"))
    EXPECT_EQ(cluster.at("pods", key, "/metadata/ownerReferences"), Json::array());
}

TEST_F(GarbageCollectorTest, ReadsMetadataOnly) {
  bool whole = false;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    whole =
        whole || (request.method == Method::Get && request.accept.find("PartialObjectMetadata") == std::string::npos);
    return std::nullopt;
  };
  start();
  create("jobs", "a");
  create("pods", "p", {owner_ref("a")});
  remove("jobs", "a");
  EXPECT_FALSE(whole);
}

TEST_F(GarbageCollectorTest, EmptiesANamespaceThatIsBeingDeletedAndLetsItGo) {
  start();
  cluster.create("namespaces", {{"metadata", {{"name", "n"}}}});
  cluster.create("namespaces", {{"metadata", {{"name", "other"}}}});
  create("jobs", "a");
  create("pods", "p");
  cluster.patch("pods", "n/p", {{"spec", {{"nodeName", "local"}}}});
  create("events", "e");
  cluster.create("pods", {{"metadata", {{"name", "p"}, {"namespace", "other"}}}});
  loop.run_until_idle();
  cluster.remove("namespaces", "/n");
  loop.advance(Duration{3'000});
  EXPECT_TRUE(keys("jobs").empty());
  EXPECT_TRUE(keys("events").empty());
  EXPECT_EQ(keys("pods"), (std::vector<std::string>{"n/p", "other/p"})) << "a Pod has its grace";
  EXPECT_EQ(keys("namespaces").size(), 2U);
  cluster.remove("pods", "n/p", 0);
  loop.advance(Duration{10'000});
  EXPECT_EQ(keys("namespaces"), std::vector<std::string>{"/other"});
  EXPECT_EQ(keys("pods"), std::vector<std::string>{"other/p"});
}

TEST_F(GarbageCollectorTest, EmptiesANamespaceOfWhatWasCreatedAsBeingDeleted) {
  start();
  cluster.create("namespaces", {{"metadata", {{"name", "n"}}}});
  const Json metadata = {{"name", "c"}, {"namespace", "n"}, {"deletionTimestamp", "2001-01-01T00:00:00Z"}};
  cluster.create("configmaps", {{"metadata", metadata}});
  loop.run_until_idle();
  ASSERT_EQ(keys("configmaps"), std::vector<std::string>{"n/c"});
  cluster.remove("namespaces", "/n");
  loop.advance(Duration{10'000});
  EXPECT_TRUE(keys("configmaps").empty());
  EXPECT_TRUE(keys("namespaces").empty());
}

TEST_F(GarbageCollectorTest, LetsANamespaceGoWhoseDependentsWereToBeOrphans) {
  start();
  cluster.create("namespaces", {{"metadata", {{"name", "n"}}}});
  loop.run_until_idle();
  cluster.patch("namespaces", "/n", {{"metadata", {{"finalizers", {"orphan"}}}}});
  cluster.remove("namespaces", "/n");
  loop.advance(Duration{3'000});
  EXPECT_TRUE(keys("namespaces").empty());
}

TEST_F(GarbageCollectorTest, EmptiesANamespaceThatWasBeingDeletedBeforeItCame) {
  cluster.create("namespaces", {{"metadata", {{"name", "n"}}}});
  create("configmaps", "c");
  cluster.remove("namespaces", "/n");
  start();
  loop.advance(Duration{3'000});
  EXPECT_TRUE(keys("namespaces").empty());
}

}  // namespace
}  // namespace ork::embedded
