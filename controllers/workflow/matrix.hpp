#pragma once

// What a task's `matrix` goes over. An axis is a named list, and a combination has one value of each.

#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/workflow.hpp"
#include "controllers/result/result.hpp"

namespace ork::workflow {

// The fields of a matrix that are no axes.
inline constexpr std::string_view matrix_include = "include";
inline constexpr std::string_view matrix_exclude = "exclude";
inline bool is_axis(std::string_view field) { return field != matrix_include && field != matrix_exclude; }

struct MatrixProblem {
  std::string place;  // below the matrix: ".os", ".exclude[0].version"; empty: the whole
  std::string message;
};

// The list of combinations, objects with a field for each axis. `lists`: each field of the matrix, as a list.
//
// - The product of the axes: they come in the order of their names, each in the order of its list, and the last one's
//   values change fastest. Without axes, or with one that is empty, there are none.
// - Those are left out that agree with an entry of `exclude` in all fields that it has.
// - Each entry of `include` is added to all that are left and agree with it in the axes that it names. What earlier
//   entries have added it may change; the value of an axis, never. One that agrees with none is a combination of its
//   own, after all others.
//
// Nothing is made of what would be too many (max_count before any is left out), or too large to be handed out.
Result<api::Json, MatrixProblem> combinations_of(const api::Json& lists);

// What is wrong with the entries of `include` or `exclude`, if that is a list; `matrix`: as it is written or as above.
std::optional<MatrixProblem> problem_of_entries(const api::Json& matrix, std::string_view field);

}  // namespace ork::workflow
