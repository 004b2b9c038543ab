#pragma once

// A graph of tasks for other programs. Pure: values in, text out.

#include <string>

#include "controllers/workflow/definition.hpp"
#include "operator/cli/graph/timing.hpp"

namespace ork::cli {

// In each, `timing` may be null: then nothing is said of how long tasks take.

// Graphviz: `ork graph -o dot etl.yaml | dot -Tsvg`.
std::string as_dot(const workflow::Definition& definition, const std::string& name, const Timing* timing = nullptr);
// A Mermaid flowchart, as Markdown on GitHub shows it.
std::string as_mermaid(const workflow::Definition& definition, const Timing* timing = nullptr);
// {name, tasks: [{name, dependsOn, layer, count, hook, typicalSeconds}], criticalPath: {tasks, seconds, runs}};
// dependsOn holds what follows from expressions too, and of a task's hook that task.
std::string as_json(const workflow::Definition& definition, const std::string& name, const Timing* timing = nullptr);

}  // namespace ork::cli
