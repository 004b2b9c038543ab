#include "tests/sim/crash_points.hpp"

#include <array>
#include <utility>

namespace ork::sim {
namespace {

constexpr std::int64_t back_after_ms = 700;

// The last: it arrives when the next process has listed everything.
constexpr std::array<std::pair<Harm, std::int64_t>, 4> positions{{{Harm::CrashBeforeSend, 0},
                                                                  {Harm::CrashUnanswered, 0},
                                                                  {Harm::CrashAfterAnswer, 0},
                                                                  {Harm::CrashUnanswered, back_after_ms + 50}}};

}  // namespace

std::vector<CrashPoint> crash_points(const std::string& only) {
  std::vector<CrashPoint> points;
  for (const Shape& shape : named_shapes()) {
    if (!only.empty() && shape.name != only) continue;
    const std::uint32_t writes = run_world({.shape = shape}).operator_writes;
    for (std::uint32_t write = 1; write <= writes; ++write) {
      for (const auto& [harm, wait] : positions) points.push_back({&shape, write, harm, wait});
    }
  }
  return points;
}

Case case_of(const CrashPoint& point) {
  Fault fault{.actor = "operator",
              .counted = Counted::Write,
              .n = point.write,
              .harm = point.harm,
              .wait = point.wait,
              .back = back_after_ms};
  return {.shape = *point.shape, .faults = {std::move(fault)}, .restart_at_end = true};
}

}  // namespace ork::sim
