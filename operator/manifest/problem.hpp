#pragma once

// Something wrong with a manifest, shown at its line:
//
//   etl.yaml:12:17: spec.tasks[1].dependsOn[0]: there is no task "lst"
//      12 |     dependsOn: [lst]
//         |                 ^
//         did you mean "list"?

#include <string>
#include <string_view>

#include "controllers/workflow/problem.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::manifest {

struct Problem {
  std::string file;
  Position at;          // line 0: the file as a whole
  std::string path;     // "spec.tasks[1].dependsOn[0]"; empty where it is about the text
  std::string message;  // one sentence without a full stop
  std::string help;     // what was probably meant; may be empty
  std::string line;     // of the source; empty: not shown
};

// About the text of a file.
Problem problem_at(const Source& source, Position at, std::string message);
// About the value at `path`, as controllers/workflow tells problems: where the message names a field
// that should not be there, at that field; a "did you mean" at its end becomes the help.
Problem problem_of(const Manifest& manifest, std::string path, std::string_view message);
// Of an expression: at the very character.
Problem problem_of(const Manifest& manifest, const workflow::Problem& problem);

// The lines above, each with its end; printable whatever the file holds.
std::string show(const Problem& problem);

}  // namespace ork::manifest
