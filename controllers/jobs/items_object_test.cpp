#include "controllers/jobs/items_object.hpp"

#include <gtest/gtest.h>

#include "controllers/jobs/names.hpp"

namespace ork::jobs {
namespace {

using api::Json;

TEST(ItemsObject, HoldsAnItemForEachIndexAndGoesWithTheRun) {
  api::ObjectMeta run;
  run.ns = "data";
  run.name = "etl-1";
  run.uid = "u-1";
  const Json items = {{"0", "a b"}, {"1", ""}, {"2", R"({"n":1})"}};
  Json expected = Json::parse(R"({
    "apiVersion": "v1", "kind": "ConfigMap", "immutable": true,
    "metadata": {
      "name": "", "namespace": "data",
      "labels": {"app.kubernetes.io/managed-by": "ork", "ork.dev/workflow": "etl", "ork.dev/run": "etl-1",
                 "ork.dev/run-uid": "u-1", "ork.dev/task": "load"},
      "ownerReferences": [{"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "name": "etl-1", "uid": "u-1",
                           "controller": true, "blockOwnerDeletion": true}]},
    "data": {"0": "a b", "1": "", "2": "{\"n\":1}"}})");
  expected["metadata"]["name"] = items_name("etl-1", "u-1", "load", items);
  EXPECT_EQ(Json::parse(build_items(run, "etl", "load", items)), expected);
  EXPECT_EQ(build_items(run, "etl", "load", items), build_items(run, "etl", "load", items));
}

}  // namespace
}  // namespace ork::jobs
