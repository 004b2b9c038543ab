#include "controllers/workflow/problem.hpp"

#include <algorithm>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::workflow {

std::string describe(std::span<const Problem> problems) {
  // Room for the closing "and 95 more", and a line at least for whatever is begun.
  constexpr std::size_t closing = 32;
  constexpr std::size_t shortest = 48;
  std::string text;
  std::size_t told = 0;
  while (told < std::min(problems.size(), max_described_problems)) {
    const std::size_t used = text.size() + closing;
    if (used + shortest > max_description) break;
    const Problem& problem = problems[told++];
    if (told > 1) text += "; ";
    text +=
        expr::printable(problem.path + ": " + problem.message, std::min(max_described_problem, max_description - used));
  }
  if (told == problems.size()) return text;
  // The list itself is cut at max_problems, so there may be more than it knows.
  const char* at_least = problems.size() >= max_problems ? "at least " : "";
  return text + "; and " + at_least + std::to_string(problems.size() - told) + " more";
}

bool ProblemList::full() const { return problems_.size() >= max_problems; }

void ProblemList::add(std::string path, std::string message) {
  if (full()) return;
  problems_.push_back({expr::printable(path, max_problem_text), expr::printable(message, max_problem_text)});
}

void ProblemList::add(std::string path, Sentence sentence) {
  if (full()) return;
  add(std::move(path), std::move(sentence.words));
  problems_.back().expression = std::move(sentence.expression);
}

bool ProblemList::has(std::string_view path) const {
  const std::string shown = expr::printable(path, max_problem_text);
  return std::any_of(problems_.begin(), problems_.end(), [&](const Problem& problem) { return problem.path == shown; });
}

void ProblemList::forget_below(std::span<const std::string> paths, std::size_t from) {
  const auto is_below = [&](const Problem& problem) {
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
      if (!problem.path.starts_with(path)) return false;
      const char next = problem.path.size() > path.size() ? problem.path[path.size()] : '.';
      return next == '.' || next == '[';
    });
  };
  const auto begin = problems_.begin() + static_cast<std::ptrdiff_t>(std::min(from, problems_.size()));
  problems_.erase(std::remove_if(begin, problems_.end(), is_below), problems_.end());
}

std::vector<Problem> ProblemList::take() && { return std::move(problems_); }

std::string item(std::string_view path, std::size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

std::string maybe_meant(std::string_view nearest) {
  return nearest.empty() ? std::string() : "; did you mean " + expr::in_quotes(nearest) + "?";
}

}  // namespace ork::workflow
