#include "operator/embedded/node/process_plan.hpp"

#include <algorithm>
#include <array>

#include "operator/embedded/node/expansion.hpp"

namespace ork::embedded {
namespace {

bool is_usual(const std::string& name) {
  static constexpr std::array<std::string_view, 6> usual = {"PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR"};
  return name.starts_with("LC_") || std::find(usual.begin(), usual.end(), name) != usual.end();
}

template <typename Is>
Variables variables_that(const std::vector<std::string>& environment, Is is) {
  Variables out;
  for (const std::string& variable : environment) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos || !is(variable.substr(0, equals))) continue;
    out.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return out;
}

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Variables base_variables(const std::vector<std::string>& environment, const std::vector<std::string>& pass) {
  return variables_that(environment, [&](const std::string& name) { return is_usual(name) || is_among(name, pass); });
}

Variables passed_variables(const std::vector<std::string>& environment, const std::vector<std::string>& pass) {
  return variables_that(environment, [&](const std::string& name) { return is_among(name, pass); });
}

Result<ProcessPlan, std::string> plan_process(const ProcessSetting& setting) {
  const ContainerSpec& container = setting.container;
  if (container.command.empty()) {
    return Err("container \"" + container.name + "\" has no command, and its image \"" + container.image +
               "\" is not used here, so what it would run is not known: give it a command, or use --runtime docker "
               "or podman");
  }
  ProcessPlan plan;
  const Lookup lookup = [&](std::string_view name) { return find_variable(setting.variables, name); };
  for (const auto* words : {&container.command, &container.args}) {
    for (const std::string& word : *words) plan.argv.push_back(setting.paths.text(expand(word, lookup)));
  }
  for (const auto& [name, value] : setting.variables) plan.env.push_back(name + "=" + setting.paths.path(value));
  plan.cwd = setting.project_folder;
  if (container.working_dir.empty()) return plan;
  const std::string wanted = setting.paths.path(container.working_dir);
  if (setting.is_folder(wanted)) {
    plan.cwd = wanted;
  } else {
    plan.missing_folder = container.working_dir;
  }
  return plan;
}

}  // namespace ork::embedded
