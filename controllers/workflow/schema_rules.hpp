#pragma once

// Rules about what values have to be: the types, the params, and what tasks write as their output.

#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

struct Schemas {
  std::vector<CompiledParam> params;       // in declared order
  std::vector<schema::SchemaPtr> outputs;  // by task; null: none is declared
};

// Said of what is given for a secret param, in place of what it is.
inline constexpr std::string_view not_a_reference =
    "must be a reference to a Secret, as in {secretKeyRef: {name: db, key: password}}";

// `path` is that of the spec.
Schemas compile_schemas(const api::WorkflowSpec& spec, std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
