#pragma once

// What is known of `item` before anything is evaluated: every expression that an index has of its own is checked by
// this.

#include <map>
#include <optional>
#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/expr/type.hpp"

namespace ork::workflow {

// What an expression may ask for beside what all may. One that is evaluated for each index: `index`, a whole number,
// where the task fans out, and `item` where it goes over items. Items are JSON, whatever they were made of. That of a
// wait for a Kubernetes object: `object`, as the API server shows it.
struct LocalVariables {
  bool fans_out = false;
  std::optional<expr::Type> item;
  bool object = false;
};

// Whether it asks for one of them, and so has a value of its own for each index.
bool is_of_index(const expr::Expression& expression);

// Of a forEach by the type of its value.
expr::Type type_of_item(const expr::Type& elements);
// Of a forEach that is written out.
expr::Type type_of_item(const api::Json& elements);
// Of a matrix. `types`: of its fields that are expressions, by name.
expr::Type type_of_combination(const api::Json& matrix, const std::map<std::string, expr::Type, std::less<>>& types);

}  // namespace ork::workflow
