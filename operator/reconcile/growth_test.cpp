// What runs that are gone leave behind in an operator's memory: nothing, however many they were.

#include <gtest/gtest.h>
#include <malloc.h>

#include <memory>
#include <string>

#include "operator/reconcile/test_operator.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // gcc brings no header for it
#endif

namespace ork::reconcile::testing {
namespace {

std::size_t bytes_in_use() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;  // large pieces have pages of their own
#endif
}

// A run of a Workflow, or one of its own that succeeds, is cancelled, or is deleted in mid-run.
void come_and_go(TestCluster& cluster, int number) {
  const std::string name = "r" + std::to_string(number);
  Json run = inline_run(name, {task("a"), task("b", {"a"})});
  if (number % 4 == 0)
    run = {{"metadata", {{"name", name}, {"namespace", "a"}}}, {"spec", {{"workflowRef", {{"name", "w"}}}}}};
  cluster.create("workflowruns", std::move(run));
  if (number % 4 == 1) cluster.patch("workflowruns", "a/" + name, {{"spec", {{"cancel", true}}}});
  if (number % 4 != 2) cluster.settle();
  cluster.remove("workflowruns", "a/" + name);
  cluster.settle();
}

// What an operator holds after so many runs.
std::size_t held_after(int runs) {
  ManualLoop loop;
  TestCluster cluster(loop);
  cluster.create("workflows", {{"metadata", {{"name", "w"}, {"namespace", "a"}}}, {"spec", {{"tasks", {task("t")}}}}});
  auto process = std::make_unique<Process>(cluster, loop);
  for (int number = 0; number < runs; ++number) come_and_go(cluster, number);
  EXPECT_EQ(cluster.count("workflowruns"), 0U);
  const std::size_t with = bytes_in_use();
  process.reset();
  return with - bytes_in_use();
}

// By then what is kept up to a bound goes up and down.
constexpr int warm_up = 100;
constexpr int more = 800;
// Of those ups and downs, and less than an entry of a map for each run.
constexpr std::size_t noise = more * 50;

TEST(GrowthTest, OfRunsThatAreGoneNothingIsHeld) { EXPECT_LT(held_after(warm_up + more), held_after(warm_up) + noise); }

}  // namespace
}  // namespace ork::reconcile::testing
