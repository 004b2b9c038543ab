#pragma once

// What is wrong with a spec, said so that its author can mend it.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ork::workflow {

// A place in the expression that stands at a problem's path.
struct InExpression {
  std::string text;      // of the whole expression
  std::size_t at = 0;    // byte of it
  std::size_t said = 0;  // bytes at the beginning of the message that say so in words, for who can't show it
  friend bool operator==(const InExpression&, const InExpression&) = default;
};

// Path and message are safe to print: see expr/quote.hpp.
struct Problem {
  std::string path;     // "spec.tasks[3].dependsOn[0]"
  std::string message;  // one sentence without a full stop: what is wrong, and what to do
  std::optional<InExpression> expression = {};
  friend bool operator==(const Problem&, const Problem&) = default;
};

// A message about a place in an expression, begun: the words that follow are added to it.
struct Sentence {
  std::string words;
  InExpression expression;
};
inline Sentence operator+(Sentence sentence, std::string_view more) {
  sentence.words += more;
  return sentence;
}

// A condition's message: the first problems as "path: message", joined by "; ", then "and 3 more".
// At most max_description bytes of valid UTF-8 that is safe to print.
std::string describe(std::span<const Problem> problems);

// Where the rules put what they find: bounded, and whatever is put in comes out safe to print.
class ProblemList {
 public:
  void add(std::string path, std::string message);
  void add(std::string path, Sentence sentence);
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }
  // Nothing more is kept, so a rule need not look for more.
  bool full() const;
  // There is a problem with exactly this path.
  bool has(std::string_view path) const;
  // Forgets those from number `from` on that are about one of these paths, or about what is below it.
  void forget_below(std::span<const std::string> paths, std::size_t from);
  std::vector<Problem> take() &&;

 private:
  std::vector<Problem> problems_;
};

// "spec.tasks" and 3: "spec.tasks[3]".
std::string item(std::string_view path, std::size_t index);
// "; did you mean "load"?", or nothing where there is no nearest name.
std::string maybe_meant(std::string_view nearest);

}  // namespace ork::workflow
