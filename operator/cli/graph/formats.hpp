#pragma once

// A graph of tasks for other programs. Pure: values in, text out.

#include <string>

#include "controllers/workflow/definition.hpp"

namespace ork::cli {

// Graphviz: `ork graph -o dot etl.yaml | dot -Tsvg`.
std::string as_dot(const workflow::Definition& definition, const std::string& name);
// A Mermaid flowchart, as Markdown on GitHub shows it.
std::string as_mermaid(const workflow::Definition& definition);
// {name, tasks: [{name, dependsOn, layer, count, hook}]}; dependsOn holds what follows from expressions too, and of a
// task's hook that task.
std::string as_json(const workflow::Definition& definition, const std::string& name);

}  // namespace ork::cli
