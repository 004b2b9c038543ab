#pragma once

#include "operator/embedded/schema/rules/expression.hpp"

namespace ork::embedded::rules {

struct Evaluated {
  Value value;  // a Failure where evaluation went wrong, or cost too much
  std::int64_t cost = 0;
};

// What a failure says that was stopped for its cost.
inline constexpr std::string_view cost_exceeded = "operation cancelled: actual cost limit exceeded";

// `old_self` may be null where the program does not use it.
Evaluated evaluate(const Program& program, const Value& self, const Value* old_self);

}  // namespace ork::embedded::rules
