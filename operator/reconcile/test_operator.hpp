#pragma once

// For tests: the whole operator on a small cluster under virtual time.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "operator/reconcile/operator.hpp"
#include "operator/reconcile/test_cluster.hpp"

namespace ork::reconcile::testing {

using runtime::ManualLoop;

// One operator process; destroying it is kill -9.
struct Process {
  Process(TestCluster& cluster, ManualLoop& loop, OperatorOptions options = {.ns = "", .instance = "test"})
      : connection(cluster),
        op(connection, loop, std::move(options),
           {.on_trouble = [this](const std::string& what) { troubles.push_back(what); }}) {
    op.start();
  }
  Connection connection;
  std::vector<std::string> troubles;
  Operator op;
};

inline Json task(const std::string& name, std::vector<std::string> depends_on = {}, Json more = Json::object()) {
  Json out = {{"name", name}, {"image", "busybox:1.36"}, {"dependsOn", depends_on}};
  out.update(more);
  return out;
}

inline Json inline_run(const std::string& name, Json tasks, Json more = Json::object()) {
  Json spec = {{"workflow", {{"tasks", std::move(tasks)}}}};
  spec.update(more);
  return {{"metadata", {{"name", name}, {"namespace", "a"}}}, {"spec", std::move(spec)}};
}

class OperatorTest : public ::testing::Test {
 protected:
  void start() { process = std::make_unique<Process>(cluster, loop); }
  void expect_one_pod_a_job() {
    for (const auto& [job, pods] : cluster.pods_started()) EXPECT_EQ(pods, 1) << job;
  }

  ManualLoop loop;
  TestCluster cluster{loop};
  std::unique_ptr<Process> process;
};

}  // namespace ork::reconcile::testing
