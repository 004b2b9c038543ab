#pragma once

// What is wrong with a spec, said so that its author can mend it.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ork::workflow {

// Both are safe to print: see expr/quote.hpp.
struct Problem {
  std::string path;     // "spec.tasks[3].dependsOn[0]"
  std::string message;  // one sentence without a full stop: what is wrong, and what to do
  friend bool operator==(const Problem&, const Problem&) = default;
};

// A condition's message: the first problems as "path: message", joined by "; ", then "and 3 more".
// At most max_description bytes of valid UTF-8 that is safe to print.
std::string describe(std::span<const Problem> problems);

// Where the rules put what they find: bounded, and whatever is put in comes out safe to print.
class ProblemList {
 public:
  void add(std::string path, std::string message);
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }
  // Nothing more is kept, so a rule need not look for more.
  bool full() const;
  // There is a problem with exactly this path.
  bool has(std::string_view path) const;
  std::vector<Problem> take() &&;

 private:
  std::vector<Problem> problems_;
};

// "spec.tasks" and 3: "spec.tasks[3]".
std::string item(std::string_view path, std::size_t index);
// "; did you mean "load"?", or nothing where there is no nearest name.
std::string maybe_meant(std::string_view nearest);

}  // namespace ork::workflow
