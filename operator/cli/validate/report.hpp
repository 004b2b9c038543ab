#pragma once

// What was found in manifests, told to people and to machines. Pure: values in, text out.

#include <cstddef>
#include <string>
#include <vector>

#include "operator/manifest/problem.hpp"

namespace ork::cli {

struct Findings {
  std::size_t files = 0;
  std::size_t workflows = 0;
  std::size_t runs = 0;
  std::size_t passed_over = 0;              // objects of kinds that are not ork's
  std::vector<manifest::Problem> problems;  // at most manifest::limits::problems, and those of the texts
};

// Each problem at its line with a caret, then the summary.
std::string as_text(const Findings& findings);
// One object: the counts, "valid", and problems as {file, line, column, path, message, help}.
std::string as_json(const Findings& findings);
// SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as GitHub code scanning and editors read it.
std::string as_sarif(const Findings& findings);
// An annotation a problem ("::error file=..."), which GitHub shows at the line of a pull request; then the summary.
std::string as_github(const Findings& findings);

// "2 files, 3 Workflows, 1 WorkflowRun: 1 error; 4 objects of other kinds were passed over".
std::string summary(const Findings& findings);

}  // namespace ork::cli
