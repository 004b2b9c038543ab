#pragma once

// What is wrong with manifests, before any cluster is asked: the rules of controllers/workflow for
// Workflows and runs, and what every object needs. All problems at once.

#include <span>
#include <vector>

#include "operator/manifest/load.hpp"
#include "operator/manifest/manifest.hpp"
#include "operator/manifest/problem.hpp"

namespace ork::manifest {

// Objects of kinds that are not ork's: looked at as far as all objects are alike, since they are to be sent (the rest
// is the API server's), or left alone, since they may be no Kubernetes objects at all.
enum class Others { Checked, PassedOver };

// In the order of the manifests; at most limits::problems. A run's params are checked against its
// Workflow where that is among the manifests too.
std::vector<Problem> check(std::span<const Manifest> manifests, Others others = Others::Checked);

// The same and what is wrong with the texts, in the order in which one reads the files.
std::vector<Problem> check_all(const Loaded& loaded, Others others = Others::Checked);

}  // namespace ork::manifest
