#pragma once

// From a container to the process that stands for it. Pure.

#include <functional>
#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/node/environment.hpp"
#include "operator/embedded/node/path_map.hpp"
#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded {

// Of `environment` ("NAME=value", as environ holds it) what every process gets: PATH, HOME, USER, LANG,
// LC_*, TZ, TMPDIR, and the names in `pass`. Nothing else of the machine's reaches a container.
Variables base_variables(const std::vector<std::string>& environment, const std::vector<std::string>& pass);
// Only those in `pass`.
Variables passed_variables(const std::vector<std::string>& environment, const std::vector<std::string>& pass);

struct ProcessPlan {
  std::vector<std::string> argv;
  std::vector<std::string> env;  // "NAME=value"
  std::string cwd;
  std::string missing_folder;  // the container's workingDir, where this machine does not have it
};

struct ProcessSetting {
  const ContainerSpec& container;
  const Variables& variables;
  const PathMap& paths;
  const std::string& project_folder;                         // where it runs unless it says otherwise
  const std::function<bool(const std::string&)>& is_folder;  // of this machine
};

// The error is a sentence that says what to do.
Result<ProcessPlan, std::string> plan_process(const ProcessSetting& setting);

}  // namespace ork::embedded
