#include "operator/manifest/calls.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::manifest {
namespace {

using Call = DeclaredWorkflow::Call;

void check_params(const Call& call, const DeclaredWorkflow& callee, const std::string& path,
                  workflow::ProblemList& problems) {
  std::vector<std::string_view> names;
  for (const workflow::CompiledParam& param : callee.params) {
    names.push_back(param.name);
    const bool given = std::find(call.params.begin(), call.params.end(), param.name) != call.params.end();
    if (!given && !param.schema->default_value)
      problems.add(path + ".workflow", "Workflow " + call.workflow + " needs the param " + expr::in_quotes(param.name) +
                                           ", which has no default: give it in workflow.params");
  }
  for (const std::string& name : call.params) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto nearest = dag::nearest(name, names);
    problems.add(path + ".workflow.params", "Workflow " + call.workflow + " has no param " + expr::in_quotes(name) +
                                                (nearest.empty() ? ": remove it" : workflow::maybe_meant(nearest)));
  }
}

// How calls lead from `from` to `to`: "b > c > to". Empty: they don't. Each Workflow is gone through once.
std::string way_to(std::string_view to, std::string_view from, const DeclaredWorkflows& others,
                   std::set<std::string, std::less<>>& seen) {
  // Without recursion: manifests may declare any number of them, one calling the next.
  std::vector<std::pair<std::string, std::string>> open = {{std::string(from), std::string(from)}};  // name, way
  while (!open.empty()) {
    auto [name, way] = std::move(open.back());
    open.pop_back();
    if (name == to) return way;
    const auto found = others.find(name);
    if (found == others.end() || !seen.insert(name).second) continue;
    for (const Call& call : found->second.calls) open.emplace_back(call.workflow, way + " > " + call.workflow);
  }
  return {};
}

}  // namespace

DeclaredWorkflow declared_of(workflow::Definition definition) {
  DeclaredWorkflow out;
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
    const workflow::CompiledTask& task = definition.tasks[i];
    if (!task.calls()) continue;
    Call call{i, task.task.workflow->name, {}};
    for (const workflow::Input& param : task.inputs) call.params.push_back(param.name);
    out.calls.push_back(std::move(call));
  }
  out.params = std::move(definition.params);
  return out;
}

std::vector<workflow::Problem> check_calls(std::string_view name, const DeclaredWorkflow& of,
                                           const DeclaredWorkflows& others, const std::string& path) {
  workflow::ProblemList problems;
  for (const Call& call : of.calls) {
    const std::string here = workflow::item(path + ".tasks", call.task);
    std::set<std::string, std::less<>> seen;
    const std::string way = name.empty() ? "" : way_to(name, call.workflow, others, seen);
    if (!way.empty())
      problems.add(here + ".workflow.name", "Workflow " + std::string(name) + " would call itself: " +
                                                std::string(name) + " > " + way + "; remove one of these calls");
    const auto callee = others.find(call.workflow);
    if (callee != others.end()) check_params(call, callee->second, here, problems);
  }
  return std::move(problems).take();
}

}  // namespace ork::manifest
