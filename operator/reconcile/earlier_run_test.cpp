// Runs that begin with what earlier ones have done: reruns, cached results, earlier revisions.

#include "operator/reconcile/earlier_run.hpp"

#include <gtest/gtest.h>

#include "operator/reconcile/test_operator.hpp"

namespace ork::reconcile::testing {
namespace {

using kube::Method;

// A run of a --> b whose b fails, and then a rerun of it.
class RerunTest : public OperatorTest {
 protected:
  RerunTest() {
    cluster.pod_end = [this](const Json& job, int) {
      if (job.at("metadata").at("labels").at("ork.dev/task") == "a") return PodEnd{0, R"({"n":7})"};
      return PodEnd{mended ? 0 : 1, ""};
    };
    start();
    cluster.create("workflowruns", inline_run("first", {task("a"), task("b", {"a"})}));
    cluster.settle();
    mended = true;
  }
  void rerun(const std::string& of = "first") {
    cluster.create("workflowruns", inline_run("again", {task("a"), task("b", {"a"})},
                                              {{"rerunOf", {{"name", of}, {"from", "Failed"}}}}));
  }

  bool mended = false;
};

TEST_F(RerunTest, MakesNoJobOfWhatItInherits) {
  rerun();
  cluster.forget_requests();
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/again"), "Succeeded");
  EXPECT_EQ(cluster.count("jobs"), 3U);
  EXPECT_EQ(cluster.requests(Method::Get, "/workflowruns/first"), 1U);
  EXPECT_EQ(cluster.requests(Method::Get, ""), 1U);
  const Json& status = cluster.find("workflowruns", "a/again")->at("status");
  EXPECT_EQ(status.at("rerunOf").at("inherited"), 1);
  const Json& a = status.at("tasks").at(0);
  EXPECT_EQ(a, Json::parse(R"({"name":"a","phase":"Succeeded","reason":"Inherited","exitCode":0,"output":{"n":7},
                               "inheritedFrom":{"run":"first"}})"));
}

TEST_F(RerunTest, OfARunThatIsNotThereFails) {
  rerun("fist");
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/again"), "Failed");
  EXPECT_EQ(cluster.reason("a/again"), "RerunSourceNotFound");
}

TEST_F(RerunTest, FailsWhereTheOperatorMayNotReadTheEarlierRun) {
  cluster.refuse = [](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Get || !request.path.ends_with("/workflowruns/first")) return std::nullopt;
    return kube::Error{kube::Errc::Forbidden, 403, "Forbidden", "get workflowruns is forbidden", {}, ""};
  };
  rerun();
  cluster.settle();
  EXPECT_EQ(cluster.reason("a/again"), "RerunSourceUnreadable");
  EXPECT_EQ(cluster.find("workflowruns", "a/again")->at("status").at("message"),
            "run first, which this one is a rerun of, may not be read: get workflowruns is forbidden");
}

TEST_F(RerunTest, IsTheSameAfterACrashAtAnyWrite) {
  rerun();
  cluster.settle();
  const int writes = cluster.writes();
  for (int strike = 1; strike <= writes; ++strike) {
    for (const Fault fault : {Fault::DropRequest, Fault::LoseAnswer}) {
      cluster.remove("workflowruns", "a/again");
      cluster.settle();
      const int from = cluster.writes();
      cluster.fault = [&](const kube::Request&, int number) { return number == from + strike ? fault : Fault::None; };
      rerun();
      cluster.settle();
      if (cluster.phase("a/again") != "Succeeded") start();
      cluster.settle();
      ASSERT_EQ(cluster.phase("a/again"), "Succeeded") << strike;
      ASSERT_EQ(cluster.count("jobs"), 3U) << strike;
    }
  }
}

// The Workflow flow of a --> b, where what a makes is cached, and one run of it that has ended.
class CacheTest : public OperatorTest {
 protected:
  CacheTest() {
    cluster.pod_end = [](const Json&, int) { return PodEnd{0, "7"}; };
    start();
    Json a = task("a");
    a["cache"] = {{"key", "'always'"}, {"ttl", "1h"}};
    cluster.create("workflows", {{"metadata", {{"name", "flow"}, {"namespace", "a"}}},
                                 {"spec", {{"tasks", Json::array({a, task("b", {"a"})})}}}});
    run("first");
    cluster.settle();
  }
  void run(const std::string& name) {
    cluster.create("workflowruns", {{"metadata", {{"name", name}, {"namespace", "a"}}},
                                    {"spec", {{"workflowRef", {{"name", "flow"}}}}}});
  }
  Json a_of(const std::string& name) {
    return cluster.find("workflowruns", "a/" + name)->at("status").at("tasks").at(0);
  }
};

TEST_F(CacheTest, MakesNoJobOfWhatHasAResult) {
  run("again");
  cluster.forget_requests();
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/again"), "Succeeded");
  EXPECT_EQ(cluster.count("jobs"), 3U);
  EXPECT_EQ(cluster.requests(Method::Get, ""), 1U);
  EXPECT_EQ(a_of("again").at("inheritedFrom").at("run"), "first");
  EXPECT_EQ(a_of("again").at("output"), 7);
  EXPECT_EQ(a_of("again").at("cacheKey"), a_of("first").at("cacheKey"));
}

TEST_F(CacheTest, AnotherOperatorKnowsOfItToo) {
  start();
  run("again");
  cluster.settle();
  EXPECT_EQ(a_of("again").at("reason"), "Cached");
}

TEST_F(CacheTest, WhatIsGoneIsNotAskedFor) {
  cluster.remove("workflowruns", "a/first");
  cluster.settle();
  cluster.forget_requests();
  run("again");
  cluster.settle();
  EXPECT_EQ(cluster.requests(Method::Get, ""), 0U);
  EXPECT_EQ(cluster.phase("a/again"), "Succeeded");
  EXPECT_EQ(a_of("again").at("attempt"), 1);
}

TEST_F(CacheTest, WhatMayNotBeReadIsRun) {
  cluster.refuse = [](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Get) return std::nullopt;
    return kube::Error{kube::Errc::Forbidden, 403, "Forbidden", "get workflowruns is forbidden", {}, ""};
  };
  run("again");
  cluster.settle();
  EXPECT_EQ(a_of("again").at("attempt"), 1);
}

TEST_F(OperatorTest, RunsOfASuspendedWorkflowStartOnceItIsNot) {
  start();
  cluster.pod_end = [](const Json&, int) { return PodEnd{1, ""}; };
  cluster.create("workflows", {{"metadata", {{"name", "flow"}, {"namespace", "a"}}},
                               {"spec", {{"circuitBreaker", {{"failures", 1}}}, {"tasks", Json::array({task("a")})}}}});
  const auto make = [&](const std::string& name) {
    cluster.create("workflowruns", {{"metadata", {{"name", name}, {"namespace", "a"}}},
                                    {"spec", {{"workflowRef", {{"name", "flow"}}}}}});
    loop.advance(runtime::Duration{1'000});
    cluster.settle();
  };
  cluster.settle();
  loop.advance(runtime::Duration{1'000});
  make("first");
  EXPECT_EQ(cluster.phase("a/first"), "Failed");
  make("second");
  EXPECT_EQ(cluster.phase("a/second"), "Pending");
  EXPECT_EQ(cluster.reason("a/second"), "WorkflowSuspended");
  EXPECT_EQ(cluster.find("workflows", "a/flow")->at("status").at("circuitBreaker").at("lastRun"), "first");
  cluster.patch("workflows", "a/flow", {{"metadata", {{"annotations", {{"ork.dev/resumed-at", "now"}}}}}});
  loop.advance(runtime::Duration{1'000});
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/second"), "Failed");
}

TEST_F(OperatorTest, ARunMayStartFromAnEarlierRevision) {
  start();
  const auto workflow_of = [](const std::string& image) {
    return Json{{"metadata", {{"name", "flow"}, {"namespace", "a"}}},
                {"spec", {{"tasks", Json::array({{{"name", "a"}, {"image", image}}})}}}};
  };
  const auto run_of = [](const std::string& name, const std::string& revision) {
    return Json{{"metadata", {{"name", name}, {"namespace", "a"}}},
                {"spec", {{"workflowRef", {{"name", "flow"}, {"revision", revision}}}}}};
  };
  cluster.create("workflows", workflow_of("old"));
  cluster.settle();
  const std::string revision = cluster.find("workflows", "a/flow")->at("status").at("revision");
  cluster.patch("workflows", "a/flow", {{"spec", workflow_of("new").at("spec")}});
  cluster.settle();
  ASSERT_NE(cluster.find("workflows", "a/flow")->at("status").at("revision"), revision);
  cluster.create("workflowruns", run_of("r", revision));
  cluster.create("workflowruns", run_of("lost", "flow-nowhere"));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(cluster.find("workflowruns", "a/r")->at("status").at("revision"), revision);
  EXPECT_EQ(cluster.reason("a/lost"), "RevisionNotFound");
}

}  // namespace
}  // namespace ork::reconcile::testing
