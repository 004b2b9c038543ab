#pragma once

// Objects as `kubectl get -o json|yaml|name` prints them.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "operator/cli/print/format.hpp"

namespace ork::print {

using Json = nlohmann::json;

// "workflowrun.ork.dev/etl-1": how kubectl names an object in its answers.
std::string name_of(const Json& object);

// One object, without metadata.managedFields, which nobody reads. `format` is Json, Yaml or Name.
std::string object(const Json& value, Format format);

// Several as a v1 List, of which none is a List too; Name: one a line. Items may be moved from.
std::string list(std::vector<Json> items, Format format);

}  // namespace ork::print
