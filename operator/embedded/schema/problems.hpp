#pragma once

// FieldProblems in the words of Kubernetes: `field` is a path ("spec.tasks[0].name"), `value` what
// stands there.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/schema/field_problem.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded::problems {

FieldProblem invalid(std::string field, const Json& value, std::string_view detail);
// Without the value, which may be long or secret.
FieldProblem invalid(std::string field, std::string_view detail);
FieldProblem type_invalid(std::string field, const Json& value, std::string_view detail);
FieldProblem required(std::string field, std::string_view detail);
FieldProblem not_supported(std::string field, const Json& value, const std::vector<std::string>& supported);
FieldProblem duplicate(std::string field, const Json& value);
FieldProblem forbidden(std::string field, std::string_view detail);
FieldProblem not_found(std::string field, const Json& value);
FieldProblem too_long(std::string field, std::int64_t most);
FieldProblem too_many(std::string field, std::int64_t actual, std::int64_t most);
FieldProblem internal(std::string field, std::string_view detail);

// A value as the messages print it: strings quoted, other scalars plain, the rest as JSON.
std::string printed(const Json& value);

}  // namespace ork::embedded::problems
