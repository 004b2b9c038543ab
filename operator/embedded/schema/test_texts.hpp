#pragma once

// For tests: problems as one line each, so that expected answers read like those of kubectl.

#include <string>
#include <vector>

#include "operator/embedded/schema/field_problem.hpp"

namespace ork::embedded {

inline std::string text_of(const FieldProblem& problem) {
  static const char* const types[] = {"Required", "NotSupported", "Invalid",     "Duplicate", "Forbidden",
                                      "TooLong",  "TooMany",      "TypeInvalid", "NotFound",  "Internal"};
  return std::string(types[static_cast<int>(problem.type)]) + " " + problem.field + ": " + problem.message;
}

inline std::vector<std::string> texts_of(const std::vector<FieldProblem>& problems) {
  std::vector<std::string> texts;
  for (const FieldProblem& problem : problems) texts.push_back(text_of(problem));
  return texts;
}

}  // namespace ork::embedded
