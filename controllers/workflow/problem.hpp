#pragma once

// What is wrong with a spec, said so that its author can mend it.

#include <span>
#include <string>
#include <vector>

namespace ork::workflow {

struct Problem {
  std::string path;     // "spec.tasks[3].dependsOn[0]"
  std::string message;  // one sentence without a full stop: what is wrong, and what to do
  friend bool operator==(const Problem&, const Problem&) = default;
};

// A condition's message: the first problems as "path: message", joined by "; ", then "and 3 more".
// At most max_description bytes of valid UTF-8 that is safe to print, whatever the spec held.
std::string describe(std::span<const Problem> problems);

}  // namespace ork::workflow
