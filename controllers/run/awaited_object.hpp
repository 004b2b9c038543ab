#pragma once

// Kubernetes objects of any kind, for which a task may wait: whether what it waits for holds of one. What `kubectl
// wait` says of a condition is what is said here: one that was told of an earlier generation of the object does not
// count.

#include <compare>
#include <memory>
#include <string>

#include "controllers/expr/expression.hpp"
#include "controllers/result/result.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::run {

// Of the run's own namespace.
struct ObjectReference {
  std::string api_version;
  std::string kind;
  std::string name;
  friend auto operator<=>(const ObjectReference&, const ObjectReference&) = default;
};

// As the watch that an earlier plan has asked for shows it now.
struct AwaitedObject {
  bool is_seen = false;                     // else nothing is known yet
  std::shared_ptr<const api::Json> object;  // null: it is not there
  std::string problem;                      // why it can't be watched just now; else empty
};

// What is to be told of a wait that is not over; empty `reason`: what is waited for holds.
struct ObjectJudgement {
  std::string reason;
  std::string message;
};

// Err: an expression that has neither true nor false as its value. One without a value, as of a field that is not there
// yet, is waited for. `run`: what the expression may ask for beside the object.
Result<ObjectJudgement, std::string> judge_object(const workflow::CompiledTask& task, const std::string& name,
                                                  const AwaitedObject& awaited, const expr::Scope& run);

}  // namespace ork::run
