#include "operator/cli/verbs/params.hpp"

#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include "controllers/expr/depth.hpp"
#include "controllers/workflow/params.hpp"
#include "operator/cli/cluster/limits.hpp"
#include "operator/manifest/load.hpp"

namespace ork::cli {
namespace {

Failure told(const std::vector<workflow::Problem>& problems) {
  std::string out;
  for (const workflow::Problem& problem : problems) {
    if (!out.empty()) out += "\nerror: ";
    out += problem.path + ": " + problem.message;
  }
  return {ExitCode::Invalid, out};
}

Result<Json, Failure> read_file(const std::string& path) {
  const std::vector<std::string> paths = {path};
  manifest::Loaded loaded = manifest::load(paths, /*recursive=*/false, std::cin);
  if (!loaded.errors.empty()) return Err(Failure{ExitCode::Error, loaded.errors.front()});
  if (!loaded.problems.empty()) return Err(Failure{ExitCode::Invalid, manifest::show(loaded.problems.front())});
  if (loaded.manifests.size() != 1 || !loaded.manifests.front().value.is_object()) {
    return Err(Failure{ExitCode::Invalid, path + " must hold one object that gives each param's value by its name"});
  }
  return std::move(loaded.manifests.front().value);
}

}  // namespace

Result<GivenParam, Failure> read_param(const std::string& text, std::span<const workflow::CompiledParam> declared) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Err(Failure{ExitCode::Usage, "--param takes NAME=VALUE, and not " + text});
  }
  GivenParam out{text.substr(0, equals), text.substr(equals + 1)};
  const auto it = std::find_if(declared.begin(), declared.end(),
                               [&](const workflow::CompiledParam& p) { return p.name == out.name; });
  if (it == declared.end() || it->schema->type == schema::Type::String) return out;
  Json parsed = Json::parse(text.substr(equals + 1), nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_discarded() && !expr::is_deeper_than(parsed, limits::answer_depth)) out.value = std::move(parsed);
  return out;
}

Result<Json, Failure> params_of(const RunStartFlags& flags, Json params,
                                std::span<const workflow::CompiledParam> declared) {
  if (params.is_null()) params = Json::object();
  if (!params.is_object()) {
    return Err(Failure{ExitCode::Invalid, "spec.params: must be an object that gives each param's value by its name"});
  }
  if (!flags.params_file.empty()) {
    auto file = read_file(flags.params_file);
    if (!file) return file;
    for (auto& [name, value] : file->items()) params[name] = value;
  }
  for (const std::string& text : flags.params) {
    auto given = read_param(text, declared);
    if (!given) return Err(given.error());
    params[given->name] = std::move(given->value);
  }
  auto resolved = workflow::resolve_params(declared, params, "params");
  if (!resolved) return Err(told(resolved.error()));
  return params;
}

}  // namespace ork::cli
