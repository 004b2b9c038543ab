#pragma once

// Rules about `resources`: what a container asks of a node, as in a Pod.

#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// `resources` is an object, or null for none.
void check_resources(const api::Json& resources, const std::string& path, ProblemList& problems);

// True for an amount as Kubernetes writes it: 500m, 2, 64Mi, 1e3.
bool is_quantity(std::string_view text);
// How much that is; nullopt: it is none.
std::optional<double> amount_of(std::string_view text);

}  // namespace ork::workflow
