#pragma once

// One thing that is wrong with a field, as the API server says it: it becomes a cause of a Status.

#include <string>

namespace ork::embedded {

// The `reason` of a Status' cause.
enum class ProblemType {
  Required,      // FieldValueRequired
  NotSupported,  // FieldValueNotSupported: not one of an enum's values
  Invalid,       // FieldValueInvalid
  Duplicate,     // FieldValueDuplicate
  Forbidden,     // FieldValueForbidden
  TooLong,       // FieldValueTooLong
  TooMany,       // FieldValueTooMany
  TypeInvalid,   // FieldValueTypeInvalid
  NotFound,      // FieldValueNotFound
  Internal,      // InternalError
};

struct FieldProblem {
  ProblemType type = ProblemType::Invalid;
  std::string field;    // "spec.tasks[0].name"
  std::string message;  // what follows the field: `Invalid value: "": must not be empty`
  friend bool operator==(const FieldProblem&, const FieldProblem&) = default;
};

}  // namespace ork::embedded
