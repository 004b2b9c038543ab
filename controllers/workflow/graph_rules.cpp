#include "controllers/workflow/graph_rules.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/hook_rules.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Says a GraphError in the words of the spec.
class Teller {
 public:
  Teller(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions, std::string_view path)
      : spec_(spec), tasks_(spec.tasks), expressions_(expressions), path_(path) {}

  void tell(const dag::GraphError& error, ProblemList& problems) const {
    const std::string here = place_of(error.node);
    switch (error.code) {
      case dag::GraphErrc::DuplicateName:
        // That names are missing, the table of fields has said.
        if (name_of(error.node).empty()) return;
        problems.add(here + ".name", expr::in_quotes(name_of(error.node)) + " is the name of " + place_of(error.first) +
                                         " already: rename one of them");
        return;
      case dag::GraphErrc::Cycle:
        problems.add(here, "is part of a cycle, in which each task waits for the one before it: " + cycle(error.path) +
                               "; remove one of these dependencies");
        return;
      case dag::GraphErrc::UnknownDependency:
      case dag::GraphErrc::SelfDependency: tell_dependency(error, here, problems); return;
    }
  }

 private:
  const std::string& name_of(int task) const { return tasks_[at(task)].name; }
  std::string place_of(int task) const { return path_of_task(spec_, path_, at(task)); }

  // A dependency's place is in dependsOn, or after it in the references of the expressions.
  void tell_dependency(const dag::GraphError& error, const std::string& here, ProblemList& problems) const {
    const bool self = error.code == dag::GraphErrc::SelfDependency;
    const auto& depends_on = tasks_[at(error.node)].depends_on;
    auto place = at(error.dependency);
    if (place < depends_on.size()) {
      problems.add(item(here + ".dependsOn", place),
                   self ? "is the task itself: remove it" : no_such_task(depends_on[place], error.nearest));
      return;
    }
    place -= depends_on.size();
    const TaskExpressions& expressions = expressions_[at(error.node)];
    const auto all = expressions.all();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& names = all[i]->references().tasks;
      if (place < names.size()) {
        problems.add(expressions.path_of(i, here), self
                                                       ? "refers to the task itself, of which nothing is known yet then"
                                                       : no_such_task(names[place], error.nearest));
        return;
      }
      place -= names.size();
    }
  }

  static std::string no_such_task(const std::string& name, const std::string& nearest) {
    return "there is no task " + expr::in_quotes(name) +
           (nearest.empty() ? ": add it, or refer to another" : maybe_meant(nearest));
  }

  // "a -> b -> c -> a"; of a long one the beginning and the end.
  std::string cycle(const std::vector<int>& nodes) const {
    const std::size_t head = nodes.size() <= max_told_cycle ? nodes.size() : max_told_cycle / 2;
    const std::size_t tail = nodes.size() <= max_told_cycle ? nodes.size() : nodes.size() - max_told_cycle / 2;
    std::string text;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (i >= head && i < tail) continue;
      if (i > 0) text += " -> ";
      if (i == tail) text += "... " + std::to_string(tail - head) + " more ... -> ";
      text += expr::printable(name_of(nodes[i]));
    }
    return text;
  }

  const api::WorkflowSpec& spec_;
  const std::vector<api::Task>& tasks_;
  const std::vector<TaskExpressions>& expressions_;
  std::string_view path_;
};

std::vector<dag::Node> nodes_of(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions) {
  std::vector<dag::Node> nodes;
  nodes.reserve(spec.tasks.size());
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    const api::Task& task = spec.tasks[i];
    dag::Node node{task.name, {task.depends_on.begin(), task.depends_on.end()}};
    for (const expr::Expression* expression : expressions[i].all()) {
      const auto& names = expression->references().tasks;
      node.depends_on.insert(node.depends_on.end(), names.begin(), names.end());
    }
    if (task.hook && task.hook->of >= 0) node.depends_on.push_back(spec.tasks[at(task.hook->of)].name);
    nodes.push_back(std::move(node));
  }
  return nodes;
}

// A trigger other than the usual one, of a task that waits for nothing, was meant for something else.
void check_triggers(const api::WorkflowSpec& spec, const dag::Graph& graph, std::string_view path,
                    ProblemList& problems) {
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    if (spec.tasks[i].trigger == api::Trigger::AllSucceeded) continue;
    const auto upstream = graph.upstream(static_cast<int>(i));
    const bool is_hook = spec.tasks[i].hook != nullptr;
    // A hook's time comes by itself; how other hooks end may matter.
    const bool waits = std::any_of(upstream.begin(), upstream.end(),
                                   [&](int up) { return !is_hook || spec.tasks[at(up)].hook != nullptr; });
    if (waits) continue;
    problems.add(path_of_task(spec, path, i) + ".trigger",
                 is_hook ? "says when to start by how other hooks end, and this one waits for none: add dependsOn, or "
                           "remove trigger"
                         : "says when to start by how other tasks end, and this one waits for none: add dependsOn, or "
                           "remove trigger");
  }
}

}  // namespace

std::optional<dag::Graph> build_graph(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions,
                                      std::string_view path, ProblemList& problems) {
  auto graph = dag::Graph::build(nodes_of(spec, expressions));
  if (graph) {
    check_triggers(spec, *graph, path, problems);
    check_what_hooks_wait_for(spec, expressions, path, problems);
    return std::move(*graph);
  }
  const Teller teller(spec, expressions, path);
  for (const dag::GraphError& error : graph.error()) teller.tell(error, problems);
  return std::nullopt;
}

}  // namespace ork::workflow
