#include "operator/cli/graph/formats.hpp"

#include "operator/cli/print/objects.hpp"

namespace ork::cli {
namespace {

using print::Json;
using workflow::Definition;

const std::string& name_of(const Definition& definition, int task) {
  return definition.tasks[static_cast<std::size_t>(task)].name();
}

// "name", or the name and how long it takes, parted as the format has it.
std::string label_of(const Definition& definition, int task, const Timing* timing, const char* new_line) {
  const std::string typical = timing == nullptr ? std::string() : typical_in_words(*timing, task);
  return name_of(definition, task) + (typical.empty() ? "" : new_line) + typical;
}

constexpr const char* critical_in_dot = "color=red, penwidth=2";

std::string dot_node(const Definition& definition, int task, const Timing* timing) {
  const std::string label = label_of(definition, task, timing, "\\n");
  std::string says;
  const auto add = [&](const std::string& attribute) { says += (says.empty() ? "" : ", ") + attribute; };
  if (definition.tasks[static_cast<std::size_t>(task)].is_hook()) add("style=rounded");
  if (label != name_of(definition, task)) add("label=\"" + label + "\"");
  if (timing != nullptr && timing->is_critical(task)) add(critical_in_dot);
  return "  \"" + name_of(definition, task) + "\"" + (says.empty() ? "" : " [" + says + "]") + "\n";
}

}  // namespace

// Names of tasks hold nothing that needs an escape.
std::string as_dot(const Definition& definition, const std::string& name, const Timing* timing) {
  std::string out = "digraph \"" + name + "\" {\n  rankdir=LR\n  node [shape=box]\n";
  for (int task = 0; task < definition.graph.size(); ++task) {
    out += dot_node(definition, task, timing);
    for (const int before : definition.graph.upstream(task)) {
      const bool critical = timing != nullptr && timing->is_critical(before, task);
      out += "  \"" + name_of(definition, before) + "\" -> \"" + name_of(definition, task) + "\"" +
             (critical ? " [" + std::string(critical_in_dot) + "]" : "") + "\n";
    }
  }
  return out + "}\n";
}

// Nodes have ids of their own: a name such as "end" is a word of the language.
std::string as_mermaid(const Definition& definition, const Timing* timing) {
  std::string out = "flowchart LR\n";
  for (int task = 0; task < definition.graph.size(); ++task) {
    const bool is_hook = definition.tasks[static_cast<std::size_t>(task)].is_hook();
    out += "  t" + std::to_string(task) + (is_hook ? "([\"" : "[\"") + label_of(definition, task, timing, "<br/>") +
           (is_hook ? "\"])\n" : "\"]\n");
  }
  for (int task = 0; task < definition.graph.size(); ++task) {
    for (const int before : definition.graph.upstream(task)) {
      const bool critical = timing != nullptr && timing->is_critical(before, task);
      out += "  t" + std::to_string(before) + (critical ? " ==> t" : " --> t") + std::to_string(task) + "\n";
    }
  }
  if (timing == nullptr || timing->critical.empty()) return out;
  std::string nodes;
  for (const int task : timing->critical) nodes += (nodes.empty() ? "t" : ",t") + std::to_string(task);
  return out + "  classDef critical stroke:red,stroke-width:3px\n  class " + nodes + " critical\n";
}

std::string as_json(const Definition& definition, const std::string& name, const Timing* timing) {
  const auto seconds = [](api::DurationMs ms) { return static_cast<double>(ms) / 1000; };
  Json tasks = Json::array();
  for (int task = 0; task < definition.graph.size(); ++task) {
    const auto place = static_cast<std::size_t>(task);
    Json before = Json::array();
    for (const int each : definition.graph.upstream(task)) before.push_back(name_of(definition, each));
    Json entry = {
        {"name", name_of(definition, task)}, {"dependsOn", std::move(before)}, {"layer", definition.graph.layer(task)}};
    if (const auto count = definition.tasks[place].written_count()) entry["count"] = *count;
    if (std::string hook = definition.hook_in_words(place); !hook.empty()) entry["hook"] = std::move(hook);
    if (timing != nullptr && timing->typical[place]) entry["typicalSeconds"] = seconds(*timing->typical[place]);
    tasks.push_back(std::move(entry));
  }
  Json out = {{"name", name}, {"tasks", std::move(tasks)}};
  if (timing != nullptr && !timing->critical.empty()) {
    Json path = Json::array();
    for (const int task : timing->critical) path.push_back(name_of(definition, task));
    out["criticalPath"] = {{"tasks", std::move(path)}, {"seconds", seconds(timing->length_ms)}, {"runs", timing->runs}};
  }
  return print::object(out, print::Format::Json);
}

}  // namespace ork::cli
