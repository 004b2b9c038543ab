#include "tests/sim/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/case_text.hpp"
#include "tests/sim/shape_parts.hpp"

namespace ork::sim {
namespace {

TEST(Shrink, LeavesTheFaultThatMatters) {
  Case what;
  what.faults = random_faults(Chance(3), 8);
  const Fault wanted{"kubelet", Counted::Call, 77, Harm::ServerError};
  what.faults.insert(what.faults.begin() + 1, wanted);
  const auto fails = [&](const Case& other) {
    return std::find(other.faults.begin(), other.faults.end(), wanted) != other.faults.end();
  };
  EXPECT_EQ(shrink(what, fails).faults, Faults{wanted});
}

// It fails while the operator waits for four seconds at least, beside a twin, and the run has the task c.
TEST(Shrink, LeavesAsLittleOfTheWorldAsItCan) {
  using namespace parts;
  Case what{.shape = {.name = "random",
                      .objects = {run_of({task("a"), task("b", {"a"}), task("c", {"a", "b"})})},
                      .programs = {{.task = "b", .program = fails()}, {.task = "c", .program = fails()}},
                      .wishes = {wish(10, Wish::Kind::Suspend), wish(20, Wish::Kind::Resume)}},
            .faults = {{"operator", Counted::Call, 3, Harm::Delay, 10'000, 0}},
            .latency_ms = 400,
            .twin_from_ms = 500,
            .twin_for_ms = 9'000,
            .restart_at_end = true};
  const auto fails = [](const Case& other) {
    const bool has_c = other.shape.objects[0].dump().find("\"name\":\"c\"") != std::string::npos;
    return other.faults.size() == 1 && other.faults[0].wait >= 4'000 && other.twin_for_ms > 0 && has_c;
  };
  Case least{.shape = {.name = "random", .objects = {run_of(Json::array({task("c")}))}},
             .faults = {{"operator", Counted::Call, 3, Harm::Delay, 5'000, 0}},
             .twin_for_ms = 1};
  EXPECT_EQ(to_text(shrink(what, fails)), to_text(least));
}

TEST(Shrink, TriesNoMoreOftenThanItMay) {
  Case what;
  what.faults = random_faults(Chance(3), 8);
  int tries = 0;
  shrink(what, [&](const Case&) { return ++tries > 0; }, 2);
  EXPECT_EQ(tries, 2);
}

}  // namespace
}  // namespace ork::sim
