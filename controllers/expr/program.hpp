#pragma once

// The parsed form of an expression: private to this folder, so that it may become a tree when the
// language grows.

#include <cstddef>
#include <string>
#include <vector>

#include "controllers/expr/expression.hpp"

namespace ork::expr {

enum class Root { Param, TaskOutput, RunName };

// .field or ["field"], or [index].
struct Step {
  bool is_index = false;
  std::string field;
  std::size_t index = 0;
  std::size_t end = 0;  // byte of the text after this step: what stands before it names its value
};

struct Program {
  std::string text;
  Root root = Root::RunName;
  std::string name;          // of the param or the task
  std::size_t root_end = 0;  // byte of the text after the root, as for steps
  std::vector<Step> steps;
  References references;
};

}  // namespace ork::expr
