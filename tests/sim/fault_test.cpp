#include "tests/sim/fault.hpp"

#include <gtest/gtest.h>

namespace ork::sim {
namespace {

TEST(Fault, IsReadAsItWasWritten) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Faults faults = random_faults(Chance(seed), 8);
    for (Fault& fault : random_node_faults(Chance(seed))) faults.push_back(std::move(fault));
    for (Fault& fault : random_edits(Chance(seed))) faults.push_back(std::move(fault));
    for (Fault& fault : random_forgeries(Chance(seed))) faults.push_back(std::move(fault));
    for (Fault& fault : random_clock_rates(Chance(seed))) faults.push_back(std::move(fault));
    const auto read = faults_from(to_text(faults));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, faults);
  }
}

TEST(Fault, ComesAloneOrSeveralTogetherButNeverTooOften) {
  int clocks = 0, lags = 0, rows = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Faults faults = random_faults(Chance(seed), 8, true);
    ASSERT_LE(faults.size(), 8U);
    for (std::size_t i = 0; i < faults.size(); ++i) {
      const Fault& fault = faults[i];
      clocks += fault.n == 1 && (fault.harm == Harm::ClockForward || fault.harm == Harm::ClockBack) ? 1 : 0;
      lags += fault.actor == "operator" && fault.n <= 5 && fault.harm == Harm::StreamDelay ? 1 : 0;
      Fault next = fault;
      ++next.n;
      rows += i + 1 < faults.size() && faults[i + 1] == next ? 1 : 0;
    }
  }
  EXPECT_GT(clocks, 25);
  EXPECT_GT(lags, 75);
  EXPECT_GT(rows, 25);
}

TEST(Fault, IsALineThatAPersonCanWrite) {
  EXPECT_EQ(to_text(Fault{"operator", Counted::Write, 7, Harm::CrashUnanswered, 0, 1000}),
            "operator write 7 crash-unanswered wait=0 back=1000");
  EXPECT_EQ(faults_from("# kept\n\nkubelet stream 1 stream-gone wait=2 back=0\n")->size(), 1U);
}

TEST(Fault, OfWhichALineIsWrongIsRefusedWithThatLine) {
  EXPECT_EQ(faults_from("operator write 1 delay wait=1 back=0\noperator write x delay wait=1 back=0").error(),
            "line 2 is no fault: operator write x delay wait=1 back=0");
  for (const char* line : {"operator", "operator write 0 delay wait=1 back=0", "operator write 1 delay wait=-1 back=0",
                           "operator write 1 stream-end wait=1 back=0", "operator stream 1 delay wait=1 back=0",
                           "operator write 1 delay wait=1 back=0 more", "operator write 1 melt wait=1 back=0",
                           "operator write 1 drain wait=0 back=0"}) {
    EXPECT_FALSE(faults_from(line)) << line;
  }
}

TEST(FaultTable, FindsTheFirstFaultOfARequest) {
  const Fault first{"kubelet", Counted::Call, 3, Harm::ServerError};
  const FaultTable table({first, {"kubelet", Counted::Call, 3, Harm::Delay}});
  EXPECT_EQ(table.find("kubelet", Counted::Call, 3), first);
  EXPECT_EQ(table.find("kubelet", Counted::Write, 3), std::nullopt);
  EXPECT_EQ(table.find("operator", Counted::Call, 3), std::nullopt);
}

}  // namespace
}  // namespace ork::sim
