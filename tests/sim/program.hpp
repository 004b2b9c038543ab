#pragma once

// What containers do: how long they run and how they end, by task, attempt and index.

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "operator/runtime/loop.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

struct Program {
  runtime::Duration runs{800};
  // How long it goes on once it is asked to end (SIGTERM), unless it ends by itself before. At most 30 s, a Pod's
  // grace.
  runtime::Duration stops{100};
  int exit_code = 0;
  std::string output;          // what it leaves in its termination message
  bool out_of_memory = false;  // killed for it: exit code 137
  bool stuck = false;          // its image can't be pulled, so it never starts
  bool evicted = false;        // the node ends the Pod, whatever the program would do
};

inline constexpr int every_attempt = 1'000'000;

// For attempts up to and including `up_to_attempt`, and for one index or (-1) all.
struct ProgramRule {
  std::string task;
  int up_to_attempt = every_attempt;
  std::int64_t index = -1;
  Program program;
};

// The first rule that fits; without one a Program as it is by default.
Program program_of(const std::vector<ProgramRule>& rules, const Process& process);

// What a Pod runs, by ork's labels and its index.
Process process_of(const nlohmann::json& pod);

// What each Pod ran when it was made: its labels may say something else by the time that its node looks.
class Processes {
 public:
  void note(const nlohmann::json& pod) { by_pod_.try_emplace(process_of(pod).pod_uid, process_of(pod)); }
  // As noted; else as its labels say.
  Process of(const nlohmann::json& pod) const;

 private:
  std::map<std::string, Process> by_pod_;
};

// Tries that a node took from a program before it could show how it ends: the next one behaves as that one would have.
class LostTries {
 public:
  void add(const Process& process) { attempts_[place_of(process)].insert(process.attempt); }
  // A queued Job makes another Pod of the same attempt, which ork does not count as one more.
  void tried_again(const Process& process) { attempts_[place_of(process)].erase(process.attempt); }
  // The same process, counting only the tries that were not lost.
  Process without(Process process) const;

 private:
  using Place = std::tuple<std::string, std::string, std::int64_t>;  // run, task, index
  static Place place_of(const Process& process) { return {process.run_uid, process.task, process.index}; }
  std::map<Place, std::set<int>> attempts_;
};

}  // namespace ork::sim
