// SARIF 2.1.0 of findings. Section numbers are the standard's.

#include <array>
#include <string_view>

#include "operator/cli/print/objects.hpp"
#include "operator/cli/validate/report.hpp"

namespace ork::cli {
namespace {

using manifest::Problem;
using print::Json;

constexpr const char* text_rule = "ork-yaml";
constexpr const char* object_rule = "ork-manifest";

// A relative reference (3.4.3): what a URI can't hold is escaped, byte by byte.
std::string uri_of(std::string_view path) {
  constexpr std::string_view plain = "-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
  return out.starts_with("./") ? out.substr(2) : out;
}

Json rule(const char* id, const char* description) {
  return {{"id", id}, {"shortDescription", {{"text", description}}}, {"defaultConfiguration", {{"level", "error"}}}};
}

Json location_of(const Problem& problem) {
  Json physical = {{"artifactLocation", {{"uri", uri_of(problem.file)}}}};
  if (problem.at.line > 0) {
    physical["region"] = {{"startLine", problem.at.line}, {"startColumn", problem.at.column}};
  }
  Json location = {{"physicalLocation", std::move(physical)}};
  if (!problem.path.empty()) location["logicalLocations"] = {{{"fullyQualifiedName", problem.path}}};
  return location;
}

Json result_of(const Problem& problem) {
  std::string text = (problem.path.empty() ? "" : problem.path + ": ") + problem.message;
  if (!problem.help.empty()) text += "; " + problem.help;
  return {{"ruleId", problem.path.empty() ? text_rule : object_rule},
          {"level", "error"},
          {"message", {{"text", std::move(text)}}},
          {"locations", Json::array({location_of(problem)})}};
}

}  // namespace

std::string as_sarif(const Findings& findings) {
  Json results = Json::array();
  for (const Problem& problem : findings.problems) results.push_back(result_of(problem));
  const Json driver = {{"name", "ork"},
                       {"version", ORK_VERSION},
                       {"rules",
                        {rule(text_rule, "The text is YAML as Kubernetes reads it"),
                         rule(object_rule, "A Workflow or WorkflowRun that the operator can carry out")}}};
  const Json run = {
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  return print::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                        {"version", "2.1.0"},
                        {"runs", Json::array({run})}},
                       print::Format::Json);
}

}  // namespace ork::cli
