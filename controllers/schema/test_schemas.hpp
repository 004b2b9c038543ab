#pragma once

// For tests: schemas and values as text.

#include <string>
#include <vector>

#include "controllers/schema/check.hpp"
#include "controllers/schema/parse.hpp"

namespace ork::schema {

inline std::vector<std::string> lines(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const Problem& problem : problems) out.push_back(problem.path + ": " + problem.message);
  return out;
}

inline std::vector<std::string> problems_of(const std::string& schema, const std::string& types = "{}") {
  std::vector<Problem> problems;
  const Types known = parse_types(Json::parse(types), problems);
  (void)parse(Json::parse(schema), known, {}, problems);
  return lines(problems);
}

// The schema must be right.
inline SchemaPtr schema_of(const std::string& schema, const std::string& types = "{}") {
  std::vector<Problem> problems;
  const Types known = parse_types(Json::parse(types), problems);
  SchemaPtr out = parse(Json::parse(schema), known, {}, problems);
  return problems.empty() ? out : nullptr;
}

inline std::vector<std::string> wrong(const std::string& schema, const std::string& value) {
  const SchemaPtr parsed = schema_of(schema);
  return parsed == nullptr ? problems_of(schema) : lines(check(Json::parse(value), *parsed));
}

}  // namespace ork::schema
