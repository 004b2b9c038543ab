#pragma once

// An object as a user wrote it: its value, and where in which file everything of it stands.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "operator/manifest/place.hpp"

namespace ork::manifest {

using Json = nlohmann::json;

struct Source {
  std::string name;  // as the user named it: "etl.yaml", "-" for standard input
  std::string text;
};

struct Manifest {
  std::shared_ptr<const Source> source;
  Json value;
  Place place;
};

// Of an object that may be anything; empty where there is none, or no string.
std::string_view api_version_of(const Json& object);
std::string_view kind_of(const Json& object);
std::string_view name_of(const Json& object);
std::string_view namespace_of(const Json& object);

// True for ork's own Workflow and WorkflowRun, of whatever version.
bool is_workflow(const Json& object);
bool is_workflow_run(const Json& object);

}  // namespace ork::manifest
