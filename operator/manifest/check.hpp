#pragma once

// What is wrong with manifests, before any cluster is asked: the rules of controllers/workflow for
// Workflows and runs, and what every object needs. All problems at once.

#include <span>
#include <vector>

#include "operator/manifest/manifest.hpp"
#include "operator/manifest/problem.hpp"

namespace ork::manifest {

// In the order of the manifests; at most limits::problems. A run's params are checked against its
// Workflow where that is among the manifests too. Other kinds are only looked at as far as all
// objects are alike; their own rules are the API server's.
std::vector<Problem> check(std::span<const Manifest> manifests);

}  // namespace ork::manifest
