#include "operator/cli/graph/formats.hpp"

#include "operator/cli/print/objects.hpp"

namespace ork::cli {
namespace {

using print::Json;
using workflow::Definition;

const std::string& name_of(const Definition& definition, int task) {
  return definition.tasks[static_cast<std::size_t>(task)].name();
}

}  // namespace

// Names of tasks hold nothing that needs an escape.
std::string as_dot(const Definition& definition, const std::string& name) {
  std::string out = "digraph \"" + name + "\" {\n  rankdir=LR\n  node [shape=box]\n";
  for (int task = 0; task < definition.graph.size(); ++task) {
    const bool is_hook = definition.tasks[static_cast<std::size_t>(task)].is_hook();
    out += "  \"" + name_of(definition, task) + "\"" + (is_hook ? " [style=rounded]" : "") + "\n";
    for (const int before : definition.graph.upstream(task)) {
      out += "  \"" + name_of(definition, before) + "\" -> \"" + name_of(definition, task) + "\"\n";
    }
  }
  return out + "}\n";
}

// Nodes have ids of their own: a name such as "end" is a word of the language.
std::string as_mermaid(const Definition& definition) {
  std::string out = "flowchart LR\n";
  for (int task = 0; task < definition.graph.size(); ++task) {
    const bool is_hook = definition.tasks[static_cast<std::size_t>(task)].is_hook();
    out += "  t" + std::to_string(task) + (is_hook ? "([\"" : "[\"") + name_of(definition, task) +
           (is_hook ? "\"])\n" : "\"]\n");
  }
  for (int task = 0; task < definition.graph.size(); ++task) {
    for (const int before : definition.graph.upstream(task)) {
      out += "  t" + std::to_string(before) + " --> t" + std::to_string(task) + "\n";
    }
  }
  return out;
}

std::string as_json(const Definition& definition, const std::string& name) {
  Json tasks = Json::array();
  for (int task = 0; task < definition.graph.size(); ++task) {
    Json before = Json::array();
    for (const int each : definition.graph.upstream(task)) before.push_back(name_of(definition, each));
    Json entry = {
        {"name", name_of(definition, task)}, {"dependsOn", std::move(before)}, {"layer", definition.graph.layer(task)}};
    if (const auto count = definition.tasks[static_cast<std::size_t>(task)].written_count()) entry["count"] = *count;
    if (std::string hook = definition.hook_in_words(static_cast<std::size_t>(task)); !hook.empty())
      entry["hook"] = std::move(hook);
    tasks.push_back(std::move(entry));
  }
  return print::object({{"name", name}, {"tasks", std::move(tasks)}}, print::Format::Json);
}

}  // namespace ork::cli
