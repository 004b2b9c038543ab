#pragma once

// Numbered work on several processes: so a crash of one case is a finding, not the end.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ork::sim {

// What was counted, by a name for people, and the reports of what failed.
struct Tally {
  std::map<std::string, std::uint64_t> counts;
  std::vector<std::string> failures;
};

struct Work {
  std::uint64_t first = 0;
  std::uint64_t count = 0;                   // items: first, first + 1, ...
  std::optional<std::chrono::seconds> time;  // stop beginning new ones after this
  std::size_t workers = 2;
  std::size_t failures_kept = 10;  // a worker stops after so many
  std::function<void(std::uint64_t item, Tally& tally)> do_one;
};

struct WorkDone {
  Tally tally;
  std::uint64_t items = 0;
  std::chrono::duration<double> took{0};
};

// `progress` is told about once in two seconds how far it is, and at once of a failure.
WorkDone carry_out(const Work& work, const std::function<void(const WorkDone& so_far)>& progress);

}  // namespace ork::sim
