#include "operator/cli/validate/report.hpp"

#include <string_view>

#include "controllers/expr/quote.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/manifest/limits.hpp"

namespace ork::cli {
namespace {

using manifest::Problem;
using print::Json;

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// Path, message and help in one line.
std::string sentence(const Problem& problem) {
  return (problem.path.empty() ? "" : problem.path + ": ") + problem.message +
         (problem.help.empty() ? "" : "; " + problem.help);
}

Json in_json(const Problem& problem) {
  Json out = {{"file", problem.file}, {"message", problem.message}};
  if (problem.at.line > 0) out.update({{"line", problem.at.line}, {"column", problem.at.column}});
  if (!problem.path.empty()) out["path"] = problem.path;
  if (!problem.help.empty()) out["help"] = problem.help;
  return out;
}

// A workflow command ends at a line's end, and its properties at ',' and ':'.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

std::string summary(const Findings& findings) {
  std::string out = counted(findings.files, "file");
  if (findings.workflows > 0) out += ", " + counted(findings.workflows, "Workflow");
  if (findings.runs > 0) out += ", " + counted(findings.runs, "WorkflowRun");
  if (findings.workflows + findings.runs == 0 && findings.problems.empty()) {
    out += ", no Workflow or WorkflowRun";
  } else if (findings.problems.empty()) {
    out += ": valid";
  } else {
    const bool all_told = findings.problems.size() < manifest::limits::problems;
    out += std::string(": ") + (all_told ? "" : "at least ") + counted(findings.problems.size(), "error");
  }
  if (findings.passed_over == 0) return out;
  return out + "; " + counted(findings.passed_over, "object") + " of other kinds " +
         (findings.passed_over == 1 ? "was" : "were") + " passed over";
}

std::string as_text(const Findings& findings) {
  std::string out;
  for (const Problem& problem : findings.problems) out += manifest::show(problem);
  return out + summary(findings) + "\n";
}

std::string as_json(const Findings& findings) {
  Json problems = Json::array();
  for (const Problem& problem : findings.problems) problems.push_back(in_json(problem));
  return print::object({{"valid", findings.problems.empty()},
                        {"files", findings.files},
                        {"workflows", findings.workflows},
                        {"workflowRuns", findings.runs},
                        {"passedOver", findings.passed_over},
                        {"problems", std::move(problems)}},
                       print::Format::Json);
}

std::string as_github(const Findings& findings) {
  std::string out;
  for (const Problem& problem : findings.problems) {
    out += "::error file=" + escaped(expr::printable_whole(problem.file), true);
    if (problem.at.line > 0) {
      out += ",line=" + std::to_string(problem.at.line) + ",col=" + std::to_string(problem.at.column);
    }
    out += ",title=ork validate::" + escaped(expr::printable_whole(sentence(problem)), false) + "\n";
  }
  return out + summary(findings) + "\n";
}

}  // namespace ork::cli
