#include "controllers/api/queue_labels.hpp"

#include <gtest/gtest.h>

#include "controllers/api/workflow_run.hpp"

namespace ork::api {
namespace {

TEST(QueueLabels, AreThoseOfTheQueueingSystemAndNoOthers) {
  const Json metadata = Json::parse(R"({"labels": {"app": "etl", "kueue.x-k8s.io/queue-name": "team-a",
      "kueue.x-k8s.io/priority-class": "low", "other/queue-name": "b"}})");
  const QueueLabels labels = queue_labels_in(metadata);
  EXPECT_EQ(labels, (QueueLabels{{"kueue.x-k8s.io/priority-class", "low"}, {"kueue.x-k8s.io/queue-name", "team-a"}}));
  EXPECT_EQ(queue_of(labels), "team-a");
}

TEST(QueueLabels, OfWhatHoldsNoneAreEmpty) {
  for (const char* metadata : {"{}", "null", "7", R"({"labels": null})", R"({"labels": ["a"]})",
                               R"({"labels": {"kueue.x-k8s.io/queue-name": 7}})"}) {
    EXPECT_TRUE(queue_labels_in(Json::parse(metadata)).empty()) << metadata;
  }
  EXPECT_EQ(queue_of({}), "");
}

TEST(QueueLabels, AreNoMoreThanTheirLimit) {
  for (const std::size_t n : {max_queue_labels, max_queue_labels + 1}) {
    Json labels = Json::object();
    for (std::size_t i = 0; i < n; ++i) labels["kueue.x-k8s.io/label-" + std::to_string(100 + i)] = "v";
    const QueueLabels read = queue_labels_in({{"labels", labels}});
    EXPECT_EQ(read.size(), max_queue_labels) << n;
    EXPECT_EQ(read.count("kueue.x-k8s.io/label-100"), 1U);
  }
}

TEST(QueueLabels, AreReadOfWorkflowsAndRuns) {
  const Json object = Json::parse(R"({"metadata": {"name": "a", "uid": "u",
      "labels": {"kueue.x-k8s.io/queue-name": "team-a"}}, "spec": {"workflowRef": {"name": "w"}}})");
  EXPECT_EQ(queue_of(decode_workflow(object)->queue_labels), "team-a");
  EXPECT_EQ(queue_of(decode_workflow_run(object)->queue_labels), "team-a");
}

}  // namespace
}  // namespace ork::api
