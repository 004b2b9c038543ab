#include "controllers/workflow/schedule_rules.hpp"

#include <algorithm>
#include <string>

#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/params.hpp"

namespace ork::workflow {
namespace {

// "Europe/Berlin", "Etc/GMT+3", "UTC".
bool may_be_time_zone(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '/' ||
           c == '+' || c == '-';
  };
  return !text.empty() && text.size() <= max_time_zone && std::all_of(text.begin(), text.end(), fits) &&
         text.front() != '/';
}

// Nobody is there to give a run what it needs.
void check_params(const api::Schedule& schedule, std::span<const CompiledParam> params, const std::string& path,
                  ProblemList& problems) {
  const auto resolved = resolve_params(params, schedule.params, path + ".params");
  if (resolved) return;
  for (const Problem& problem : resolved.error()) problems.add(problem.path, problem.message);
}

}  // namespace

std::optional<CompiledSchedule> compile_schedule(const api::WorkflowSpec& spec, std::span<const CompiledParam> params,
                                                 std::string_view path, ProblemList& problems) {
  if (!spec.schedule) return std::nullopt;
  const std::string here = std::string(path) + ".schedule";
  if (path != "spec") {
    problems.add(here, "is said of a Workflow; a run that holds its workflow inline is made once: remove it");
    return std::nullopt;
  }
  const api::Schedule& written = *spec.schedule;
  if (!written.time_zone.empty() && !may_be_time_zone(written.time_zone))
    problems.add(here + ".timeZone", "must be the name of a time zone, such as Europe/Berlin");
  auto cron = cron::parse(written.cron);
  if (!cron) {
    if (!problems.has(here + ".cron"))
      problems.add(here + ".cron", Sentence{{}, {written.cron, cron.error().at, 0}} + cron.error().message);
    return std::nullopt;
  }
  if (problems.empty()) check_params(written, params, here, problems);
  return CompiledSchedule{written, *cron};
}

}  // namespace ork::workflow
