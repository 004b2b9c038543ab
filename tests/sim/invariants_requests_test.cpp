// What must hold of requests: each rule with a log that breaks it, and what the log reads from a request.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using kube::Method;
using runtime::Duration;
using runtime::Instant;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const kube::Resource runs{"ork.dev", "v1alpha1", "workflowruns", "WorkflowRun"};
const std::string status_path = "/apis/ork.dev/v1alpha1/namespaces/default/workflowruns/r/status";

SentRequest patch(std::int64_t at_ms, std::uint64_t base, std::uint64_t stored = 0) {
  SentRequest request;
  request.at = Instant{} + Duration{at_ms};
  request.answered = request.at;
  request.process = 1;
  request.method = Method::Patch;
  request.path = status_path;
  request.base = base;
  request.code = stored > 0 ? 200 : 409;
  request.stored = stored;
  return request;
}

SentRequest refused(std::int64_t at_ms, std::int64_t retry_after_ms) {
  SentRequest request = patch(at_ms, 1);
  request.code = 429;
  request.retry_after = Duration{retry_after_ms};
  return request;
}

RequestLog log_of(const std::vector<SentRequest>& requests) {
  RequestLog log;
  for (const SentRequest& request : requests) log.add(request);
  return log;
}

template <typename Check>
std::vector<std::string> said(Check check, const RequestLog& log) {
  Violations violations;
  check(log, violations);
  std::vector<std::string> out;
  for (const Violation& violation : violations) out.push_back(violation.invariant + ": " + violation.what);
  return out;
}

TEST(Requests, AreReadWithTheVersionAndTheUidThatTheyInsistOn) {
  RequestLog log;
  log.sent({}, 1,
           kube::patch_request(runs, "default", "r", "status", kube::PatchType::Json,
                               R"([{"op":"replace","path":"/metadata/resourceVersion","value":"17"}])"));
  log.sent({}, 1,
           kube::patch_request(runs, "default", "r", "", kube::PatchType::Merge,
                               R"({"metadata":{"resourceVersion":"18"},"spec":{}})"));
  log.sent({}, 1, kube::delete_request(runs, "default", "r", "uid-1"));
  log.sent({}, 1, kube::create_request(runs, "default", R"({"kind":"WorkflowRun","metadata":{"name":"r"}})"));
  log.answered(0, Instant{} + Duration{5}, kube::Response{200, R"({"metadata":{"resourceVersion":"19"}})"});
  EXPECT_EQ(log.all()[0].base, 17U);
  EXPECT_EQ(log.all()[0].stored, 19U);
  EXPECT_EQ(log.all()[1].base, 18U);
  EXPECT_TRUE(log.all()[2].insists_on_uid);
  EXPECT_EQ(target_of(log.all()[3]), "POST /apis/ork.dev/v1alpha1/namespaces/default/workflowruns/r");
  EXPECT_THAT(said(check_preconditions, log), IsEmpty());
}

TEST(Requests, I11FindsAChangeWithoutAVersion) {
  EXPECT_THAT(said(check_preconditions, log_of({patch(7, 0)})),
              ElementsAre("I11: PATCH " + status_path + " (process 1, at 7 ms) changes without a resourceVersion"));
}

TEST(Requests, I11FindsADeletionByNameAndAnObjectWithoutOne) {
  SentRequest deletion = patch(1, 0);
  deletion.method = Method::Delete;
  SentRequest creation = patch(2, 0);
  creation.method = Method::Post;
  EXPECT_THAT(said(check_preconditions, log_of({deletion, creation})),
              ElementsAre("I11: DELETE " + status_path + " (process 1, at 1 ms) deletes by name alone",
                          "I11: POST " + status_path + " (process 1, at 2 ms) makes an object without a name"));
}

TEST(Requests, I12FindsAStatusThatStartsFromBeforeItsProcessOwnLast) {
  EXPECT_THAT(said(check_views, log_of({patch(1, 5, 9), patch(2, 7)})),
              ElementsAre("I12: PATCH " + status_path +
                          " (process 1, at 2 ms) starts from version 7 although its process has stored 9"));
  EXPECT_THAT(said(check_views, log_of({patch(1, 5, 9), patch(2, 9, 11), patch(3, 14)})), IsEmpty());
  SentRequest of_another = patch(2, 7);
  of_another.process = 2;
  EXPECT_THAT(said(check_views, log_of({patch(1, 5, 9), of_another})), IsEmpty());
}

SentRequest list_of(std::int64_t at_ms, const std::string& path, int code = 200) {
  SentRequest request = patch(at_ms, 0);
  request.method = Method::Get;
  request.path = path + "?limit=500";
  request.answered = request.at + Duration{5};
  request.code = code;
  return request;
}

TEST(Requests, I12FindsAWriteBeforeAllKindsHaveBeenListed) {
  std::vector<SentRequest> requests;
  for (const char* path : {"/apis/ork.dev/v1alpha1/workflows", "/apis/apps/v1/controllerrevisions",
                           "/apis/ork.dev/v1alpha1/workflowruns", "/apis/batch/v1/jobs", "/api/v1/pods"}) {
    requests.push_back(list_of(1, path));
  }
  const auto with_write_at = [&](std::int64_t at_ms) {
    std::vector<SentRequest> all = requests;
    all.push_back(patch(at_ms, 1));
    return log_of(all);
  };
  EXPECT_THAT(said(check_whole_views, with_write_at(6)), IsEmpty());
  EXPECT_THAT(
      said(check_whole_views, with_write_at(5)),
      ElementsAre("I12: PATCH " + status_path + " (process 1, at 5 ms) is sent before workflows have been listed"));
  requests.back() = list_of(1, "/api/v1/pods", 500);
  EXPECT_THAT(said(check_whole_views, with_write_at(6)),
              ElementsAre("I12: PATCH " + status_path + " (process 1, at 6 ms) is sent before pods have been listed"));
  requests.back() = list_of(1, "/api/v1/namespaces/default/pods");
  EXPECT_THAT(said(check_whole_views, with_write_at(6)),
              ElementsAre("I12: PATCH " + status_path + " (process 1, at 6 ms) is sent before pods have been listed"));
}

TEST(Requests, I12LetsALeaseBeAskedForBeforeAnythingIsListed) {
  SentRequest lease = patch(1, 0);
  lease.path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/ork";
  EXPECT_THAT(said(check_whole_views, log_of({lease})), IsEmpty());
}

TEST(Requests, I11LetsAProcessRenewAndRemoveItsOwnLease) {
  SentRequest lease = patch(1, 0);
  lease.path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/ork-sim-1";
  EXPECT_THAT(said(check_preconditions, log_of({lease})), IsEmpty());
  lease.path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/ork";
  EXPECT_EQ(said(check_preconditions, log_of({lease})).size(), 1U);
}

TEST(Requests, I14FindsOneThatDoesNotWaitAsLongAsTheServerAsks) {
  EXPECT_THAT(said(check_pace, log_of({refused(10, 1'000), patch(1'009, 1)})),
              ElementsAre("I14: PATCH " + status_path +
                          " (process 1, at 1009 ms) does not wait for the 1000 ms that the server asked for"));
  EXPECT_THAT(said(check_pace, log_of({refused(10, 1'000), patch(1'010, 1)})), IsEmpty());
}

TEST(Requests, I14FindsTriesAndRequestsWithoutAPause) {
  std::vector<SentRequest> tries;
  for (int i = 0; i < 12; ++i) tries.push_back(patch(80 * i, 1));
  EXPECT_THAT(said(check_pace, log_of(tries)),
              ElementsAre("I14: too many tries of PATCH " + status_path + " (process 1, at 880 ms)"));
  std::vector<SentRequest> reads(100, patch(1, 0));
  for (SentRequest& read : reads) read.method = Method::Get;
  EXPECT_THAT(said(check_pace, log_of(reads)),
              ElementsAre("I14: process 1 makes a storm, up to GET " + status_path + " (process 1, at 1 ms)"));
  reads.pop_back();
  EXPECT_THAT(said(check_pace, log_of(reads)), IsEmpty());
}

TEST(Requests, I15FindsAnObjectOfMoreThanAMebibyte) {
  SentRequest large = patch(1, 1);
  large.bytes = 1'048'577;
  EXPECT_THAT(said(check_sizes, log_of({large})),
              ElementsAre("I15: PATCH " + status_path + " (process 1, at 1 ms) sends 1048577 bytes"));
  large.bytes = 1'048'576;
  EXPECT_THAT(said(check_sizes, log_of({large})), IsEmpty());
}

std::vector<std::string> over_budget(const std::vector<SentRequest>& requests, const Script& script) {
  return script.found(
      [&](const History& history, Violations& found) { check_budget(history, log_of(requests), 0, found); });
}

TEST(Requests, OverTheBudgetAreFound) {
  Script script;  // two tasks
  script.run(status("Running")).job("a", 1).starts("a", 1, "p");
  std::vector<SentRequest> most;
  for (std::uint64_t i = 1; i <= 4; ++i) most.push_back(patch(static_cast<std::int64_t>(i), i, i + 1));
  EXPECT_THAT(over_budget(most, script), IsEmpty());
  most.push_back(patch(5, 5, 6));
  EXPECT_THAT(over_budget(most, script), ElementsAre("budget: 5 statuses of runs, of at most 4"));
  EXPECT_THAT(over_budget({patch(1, 5, 5)}, script),
              ElementsAre("budget: PATCH " + status_path + " (process 1, at 1 ms) changes nothing"));
  SentRequest create = patch(1, 0);
  create.method = Method::Post;
  create.path = "/apis/batch/v1/namespaces/default/jobs";
  SentRequest read = create;
  read.method = Method::Get;
  EXPECT_THAT(over_budget({create, create, read}, script),
              ElementsAre("budget: 2 creates for 1 Jobs", "budget: 1 reads beside the watches"));
}

}  // namespace
}  // namespace ork::sim
