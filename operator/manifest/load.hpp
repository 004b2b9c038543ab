#pragma once

// Reads manifests from files, folders and standard input.

#include <istream>
#include <span>
#include <string>
#include <vector>

#include "operator/manifest/manifest.hpp"
#include "operator/manifest/problem.hpp"

namespace ork::manifest {

struct Loaded {
  std::vector<Manifest> manifests;
  std::vector<Problem> problems;    // texts that are no YAML; the other files are read all the same
  std::vector<std::string> errors;  // files that could not be read at all, one sentence each
};

// Each path is a file, a folder (its *.yaml, *.yml and *.json, by name; `recursive`: and those of the
// folders in it) or "-" for `standard_input`. A List stands for its items.
Loaded load(std::span<const std::string> paths, bool recursive, std::istream& standard_input);

// The manifests of one text.
Loaded load_text(std::string name, std::string text);

}  // namespace ork::manifest
