#include "operator/embedded/node/room.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/node/test_pods.hpp"

namespace ork::embedded {
namespace {

using testing::pod_with;

TEST(RoomTest, IsBoundedByPodsProcessorsAndMemory) {
  Room room({.pods = 2, .cpu_millis = 1000, .memory_bytes = 100});
  EXPECT_TRUE(room.fits({.cpu_millis = 1000, .memory_bytes = 100}));
  room.take({.cpu_millis = 600});
  EXPECT_FALSE(room.fits({.cpu_millis = 401}));
  EXPECT_TRUE(room.fits({.memory_bytes = 100}));
  EXPECT_FALSE(room.fits({.memory_bytes = 101}));
  room.take({});
  EXPECT_FALSE(room.fits({})) << "no third Pod";
  room.give_back({.cpu_millis = 600});
  EXPECT_TRUE(room.fits({.cpu_millis = 1000}));
}

// As Kubernetes 1.34's scheduler puts it, for a cluster of one node.
TEST(WhyUnschedulable, NamesWhatIsMissing) {
  const NodeCapacity capacity{.cpu_millis = 2000, .memory_bytes = 1 << 20, .labels = {{"kubernetes.io/os", "linux"}}};
  EXPECT_EQ(
      why_unschedulable(
          pod_with(R"({"containers":[{"name":"a","resources":{"requests":{"cpu":"5","memory":"2Mi"}}}]})"), capacity),
      "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. no new claims to deallocate, preemption: "
      "0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
  EXPECT_EQ(
      why_unschedulable(pod_with(R"({"nodeSelector":{"color":"ultraviolet"}})"), capacity),
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, "
      "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
  EXPECT_EQ(why_unschedulable(pod_with(R"({"nodeSelector":{"kubernetes.io/os":"linux"}})"), capacity), "");
  EXPECT_EQ(why_unschedulable(pod_with(R"({"nodeName":"local","nodeSelector":{"a":"b"}})"), capacity), "");
}

}  // namespace
}  // namespace ork::embedded
