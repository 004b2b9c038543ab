#pragma once

// Rules about what passes through to the Pod: only what ork itself depends on, and what would make
// every Job of the task be refused. The rest is for the API server to judge.

#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// A list of EnvVar, or null. Names that begin with ORK_ are ours.
void check_env(const api::Json& env, const std::string& path, ProblemList& problems);

// A list of EnvFromSource, or null.
void check_env_from(const api::Json& env_from, const std::string& path, ProblemList& problems);

// {metadata, spec}, an object.
void check_pod_template(const api::Json& pod_template, const std::string& path, ProblemList& problems);

// The place of the container that is the task: the one named main, or else the first. `containers` is a list that is
// not empty.
std::size_t main_container_of(const api::Json& containers);

}  // namespace ork::workflow
