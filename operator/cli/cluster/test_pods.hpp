#pragma once

// For tests: Pods of a run's tasks as the API server shows them.

#include <string>

#include "operator/cli/cluster/session.hpp"

namespace ork::cli {

// `state` of the task's container: {"running": {...}}, {"terminated": {...}}, {"waiting": {...}} or none.
inline Json pod(const std::string& name, const std::string& task, int attempt, const Json& state,
                const std::string& phase = "Running") {
  Json out = {{"metadata",
               {{"name", name},
                {"namespace", "a"},
                {"uid", "u-" + name},
                {"resourceVersion", "1"},
                {"labels", {{"ork.dev/task", task}, {"ork.dev/attempt", std::to_string(attempt)}}}}},
              {"spec", {{"containers", Json::array({{{"name", "main"}}})}}},
              {"status", {{"phase", phase}}}};
  if (!state.is_null()) {
    out["status"]["containerStatuses"] = Json::array({{{"name", "main"}, {"state", state}}});
  }
  return out;
}

inline Json running(const std::string& since = "2026-11-21T03:32:00Z") { return {{"running", {{"startedAt", since}}}}; }
inline Json terminated(const std::string& since = "2026-11-21T03:32:00Z") {
  return {{"terminated", {{"startedAt", since}, {"exitCode", 0}}}};
}
inline Json waiting() { return {{"waiting", {{"reason", "ContainerCreating"}}}}; }

}  // namespace ork::cli
