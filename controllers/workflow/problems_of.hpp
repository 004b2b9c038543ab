#pragma once

// For tests: what compile() says of a spec, as lines.

#include <string>
#include <vector>

#include "controllers/workflow/compile.hpp"

namespace ork::workflow {

inline std::vector<std::string> lines(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const Problem& problem : problems) out.push_back(problem.path + ": " + problem.message);
  return out;
}

inline std::vector<std::string> problems_of(const api::Json& spec) {
  auto compiled = compile(spec);
  return compiled ? std::vector<std::string>{} : lines(compiled.error());
}

inline std::vector<std::string> problems_of(const char* spec) { return problems_of(api::Json::parse(spec)); }

// Of a workflow of one task, given as an object's text.
inline std::vector<std::string> problems_of_task(const std::string& task) {
  return problems_of(api::Json{{"tasks", {api::Json::parse(task)}}});
}

}  // namespace ork::workflow
