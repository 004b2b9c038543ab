#pragma once

// Tasks that are Workflows, as far as those stand among the same manifests. Of others nothing can be said here: the
// operator tells when it makes the child run.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::manifest {

// What is known of a Workflow that a manifest declares.
struct DeclaredWorkflow {
  struct Call {
    std::size_t task = 0;  // its place in spec.tasks
    std::string workflow;
    std::vector<std::string> params;  // by name, those that are given
  };
  std::vector<workflow::CompiledParam> params;
  std::vector<Call> calls;
};
// By name, of one namespace.
using DeclaredWorkflows = std::map<std::string, DeclaredWorkflow, std::less<>>;

DeclaredWorkflow declared_of(workflow::Definition definition);

// What is wrong with the calls of the one called `name` (empty: inline, which nobody can call); `path` is that of its
// spec.
std::vector<workflow::Problem> check_calls(std::string_view name, const DeclaredWorkflow& of,
                                           const DeclaredWorkflows& others, const std::string& path);

}  // namespace ork::manifest
