#include "tests/sim/crash_points.hpp"

#include <algorithm>
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

constexpr std::size_t shapes_of_pairs = 10;

// The second process begins with a write or two that the first had made already.
constexpr std::uint32_t writes_more = 3;

Fault crash_at(std::uint32_t write, const std::pair<Harm, std::int64_t>& position) {
  return {.actor = "operator",
          .counted = Counted::Write,
          .n = write,
          .harm = position.first,
          .wait = position.second,
          .back = back_after_ms};
}

struct CountedShape {
  const Shape* shape = nullptr;
  std::uint32_t writes = 0;
};

std::vector<CountedShape> shapes_by_writes(const std::string& only) {
  std::vector<CountedShape> shapes;
  for (const Shape& shape : named_shapes()) {
    if (!only.empty() && shape.name != only) continue;
    shapes.push_back({&shape, run_world({.shape = shape, .until_quiet = false}).operator_writes});
  }
  std::stable_sort(shapes.begin(), shapes.end(),
                   [](const CountedShape& a, const CountedShape& b) { return a.writes < b.writes; });
  return shapes;
}

}  // namespace

std::vector<CrashPoint> crash_points(const std::string& only) {
  std::vector<CrashPoint> points;
  for (const CountedShape& counted : shapes_by_writes(only)) {
    for (std::uint32_t write = 1; write <= counted.writes; ++write) {
      for (const auto& position : positions) points.push_back({counted.shape, {crash_at(write, position)}});
    }
  }
  return points;
}

std::vector<CrashPoint> crash_pairs(const std::string& only) {
  std::vector<CrashPoint> points;
  std::vector<CountedShape> shapes = shapes_by_writes(only);
  if (shapes.size() > shapes_of_pairs) shapes.resize(shapes_of_pairs);
  for (const CountedShape& counted : shapes) {
    for (std::uint32_t first = 1; first <= counted.writes; ++first) {
      for (std::uint32_t second = first + 1; second <= counted.writes + writes_more; ++second) {
        for (const auto& one : positions) {
          for (const auto& other : positions) {
            points.push_back({counted.shape, {crash_at(first, one), crash_at(second, other)}});
          }
        }
      }
    }
  }
  return points;
}

Case case_of(const CrashPoint& point) {
  return {.shape = *point.shape, .faults = point.faults, .restart_at_end = true};
}

}  // namespace ork::sim
