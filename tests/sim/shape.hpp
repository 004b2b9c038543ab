#pragma once

// A small workflow to try everything on: what the user asks for, how its programs behave, and how it
// must end however the weather is.

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/chance.hpp"
#include "tests/sim/program.hpp"

namespace ork::sim {

// What the user does, `at` after the objects were made.
struct Wish {
  enum class Kind {
    Cancel,
    Suspend,
    Resume,
    DeleteRun,
    DeleteJobs,
    DeletePods,
    Make,             // `object`
    EditWorkflow,     // `object`: a merge patch of each Workflow
    DeleteWorkflows,  // all of them
    Act,              // `object`: a task and what to do to it, for spec.actions of each run
  };
  runtime::Duration at{0};
  Kind kind = Kind::Cancel;
  nlohmann::json object = {};
};
inline constexpr int wish_kinds = static_cast<int>(Wish::Kind::Act) + 1;
std::string_view to_string(Wish::Kind kind);

struct Shape {
  std::string name;
  std::vector<nlohmann::json> objects;  // made in this order, in the namespace default
  std::vector<ProgramRule> programs;
  std::vector<Wish> wishes;
  // How each run may end, but for those that are deleted.
  std::set<std::string> ends{"Succeeded"};
  // So many runs, by name, are deleted by somebody or by ork before it is quiet.
  std::size_t gone = 0;
  // Whether each task ends the same way in any weather, as it does without a fault.
  bool steady = true;
};

// Whether one of its objects has such a field, anywhere.
bool mentions(const Shape& shape, std::string_view field);

// Built once; the names are unique.
const std::vector<Shape>& named_shapes();
// nullptr: there is none of that name.
const Shape* find_shape(std::string_view name);

// One to six tasks with edges, triggers, conditions, fan-outs, inputs, declared outputs, timeouts, retries and failures
// at random, inline or by name.
Shape random_shape(Chance chance);

}  // namespace ork::sim
