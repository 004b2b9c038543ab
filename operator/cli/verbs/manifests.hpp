#pragma once

// Files that a verb is given: read, checked, and told about where they are wrong.

#include <span>
#include <string>
#include <vector>

#include "operator/cli/verbs/verbs.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {

// The failure's message is only a summary: each problem has been written to stderr, with its line and a caret.
Result<std::vector<manifest::Manifest>, Failure> read_manifests(Console& console, std::span<const std::string> paths,
                                                                bool recursive);

// The namespace of an object: its own, or else the context's. A failure where the user asked for another one.
Result<std::string, Failure> namespace_for(const Json& object, const ClusterFlags& flags, const std::string& ns);

}  // namespace ork::cli
