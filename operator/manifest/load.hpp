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
  std::vector<std::string> files;  // what was read, in that order
  std::vector<Manifest> manifests;
  std::vector<Problem> problems;    // documents that are no YAML; the others are read all the same
  std::vector<std::string> errors;  // files that could not be read at all, one sentence each
};

// Each path is a file, a folder (its *.yaml, *.yml and *.json, by name; `recursive`: and those of the
// folders in it) or "-" for `standard_input`. A List stands for its items.
Loaded load(std::span<const std::string> paths, bool recursive, std::istream& standard_input);

// The manifests of one text. What is wrong with one of its documents leaves the others as they are.
Loaded load_text(std::string name, std::string text);

}  // namespace ork::manifest
