#include "operator/cli/validate/validate_command.hpp"

#include "operator/cli/cluster/failure.hpp"
#include "operator/cli/validate/report.hpp"
#include "operator/manifest/check.hpp"

namespace ork::cli {
namespace {

Findings findings_of(const manifest::Loaded& loaded) {
  Findings out;
  out.files = loaded.files.size();
  for (const manifest::Manifest& manifest : loaded.manifests) {
    if (manifest::is_workflow(manifest.value)) {
      ++out.workflows;
    } else if (manifest::is_workflow_run(manifest.value)) {
      ++out.runs;
    } else {
      ++out.passed_over;
    }
  }
  out.problems = manifest::check_all(loaded, manifest::Others::PassedOver);
  return out;
}

std::string report(const Findings& findings, ReportFormat format) {
  switch (format) {
    case ReportFormat::Json: return as_json(findings);
    case ReportFormat::Sarif: return as_sarif(findings);
    case ReportFormat::Github: return as_github(findings);
    case ReportFormat::Text: break;
  }
  return as_text(findings);
}

}  // namespace

int run_validate(const ValidateFlags& flags, Console& console, std::istream& standard_input) {
  manifest::Loaded loaded = manifest::load(flags.paths, flags.recursive, standard_input);
  std::vector<std::string> errors = std::move(loaded.errors);
  if (errors.empty() && loaded.manifests.empty() && loaded.problems.empty()) {
    errors.emplace_back("there is no object in what was named");
  }
  for (const std::string& error : errors) console.err_line("error: " + error);
  const Findings findings = findings_of(loaded);
  if (findings.files > 0) console.out(report(findings, flags.output));
  if (!errors.empty()) return static_cast<int>(ExitCode::Error);
  return static_cast<int>(findings.problems.empty() ? ExitCode::Ok : ExitCode::Invalid);
}

}  // namespace ork::cli
