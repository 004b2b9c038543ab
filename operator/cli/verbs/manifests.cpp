#include "operator/cli/verbs/manifests.hpp"

#include <iostream>
#include <utility>

#include "operator/manifest/check.hpp"
#include "operator/manifest/load.hpp"

namespace ork::cli {

Result<std::vector<manifest::Manifest>, Failure> read_manifests(Console& console, std::span<const std::string> paths,
                                                                bool recursive) {
  manifest::Loaded loaded = manifest::load(paths, recursive, std::cin);
  for (const std::string& error : loaded.errors) console.err_line("error: " + error);
  const std::vector<manifest::Problem> problems = manifest::check_all(loaded);
  for (const manifest::Problem& problem : problems) console.err(manifest::show(problem));
  if (!loaded.errors.empty()) return Err(Failure{ExitCode::Error, ""});
  if (!problems.empty()) {
    const std::string count = std::to_string(problems.size());
    return Err(
        Failure{ExitCode::Invalid, count + (problems.size() == 1 ? " problem" : " problems") + "; nothing was sent"});
  }
  if (loaded.manifests.empty()) return Err(Failure{ExitCode::Error, "there is no object in what was named"});
  return std::move(loaded.manifests);
}

Result<std::string, Failure> namespace_for(const Json& object, const ClusterFlags& flags, const std::string& ns) {
  const std::string own(manifest::namespace_of(object));
  if (own.empty()) return ns;
  if (!flags.ns.empty() && flags.ns != own) {
    return Err(Failure{ExitCode::Usage, std::string(manifest::kind_of(object)) + " " +
                                            std::string(manifest::name_of(object)) + " says namespace " + own +
                                            ", and --namespace says " + flags.ns});
  }
  return own;
}

}  // namespace ork::cli
