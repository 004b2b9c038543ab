#include "operator/embedded/job_controller/status_patch.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

Json patch(const JobStatus& is, const JobStatus& wanted) {
  const auto text = status_patch(is, wanted, "7");
  return text ? Json::parse(*text) : Json();
}

TEST(StatusPatch, SaysNothingWhereNothingChanges) {
  JobStatus status;
  status.start_ms = 1'000;
  EXPECT_EQ(status_patch(status, status, "7"), std::nullopt);
  JobStatus later = status;
  later.start_ms = 1'999;
  EXPECT_EQ(status_patch(status, later, "7"), std::nullopt) << "whole seconds are kept";
}

// As Kubernetes 1.34 wrote it for a Job that had just started its Pod.
TEST(StatusPatch, TheFirstStatusHasWhatKubernetesWrites) {
  JobStatus wanted;
  wanted.start_ms = 1'000;
  wanted.active = 1;
  wanted.ready = 0;
  wanted.terminating = 0;
  EXPECT_EQ(patch({}, wanted), Json::parse(R"({"metadata":{"resourceVersion":"7"},"status":{"active":1,"ready":0,
      "startTime":"1970-01-01T00:00:01Z","terminating":0,"uncountedTerminatedPods":{}}})"));
}

TEST(StatusPatch, TheLastStatusTakesAwayWhatIsZero) {
  JobStatus is;
  is.active = 1;
  is.ready = 1;
  is.terminating = 0;
  JobStatus wanted = is;
  wanted.active = 0;
  wanted.ready = 0;
  wanted.succeeded = 1;
  wanted.completion_ms = 5'000;
  wanted.conditions = {{"Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods", 5'000}};
  EXPECT_EQ(patch(is, wanted).at("status"), Json::parse(R"({"active":null,"ready":0,"succeeded":1,
      "completionTime":"1970-01-01T00:00:05Z","conditions":[{"type":"Complete","status":"True",
      "lastProbeTime":"1970-01-01T00:00:05Z","lastTransitionTime":"1970-01-01T00:00:05Z",
      "reason":"CompletionsReached","message":"Reached expected number of succeeded pods"}]})"));
}

TEST(StatusPatch, WritesIndexesAsRanges) {
  JobStatus wanted;
  wanted.completed = *api::IndexSet::parse("0-2,4");
  wanted.failed_indexes = api::IndexSet();
  EXPECT_EQ(patch({}, wanted).at("status"), Json::parse(R"({"completedIndexes":"0-2,4","failedIndexes":""})"));
}

}  // namespace
}  // namespace ork::embedded
