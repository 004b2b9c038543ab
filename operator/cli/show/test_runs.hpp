#pragma once

// For this folder's tests: runs as the API server would show them.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controllers/workflow/compile.hpp"
#include "operator/cli/show/run_view.hpp"

namespace ork::show {

// 2026-11-21T03:32:00Z: when the runs of these tests start.
inline constexpr api::TimeMs start = 1'795'231'920'000;

inline std::string at(int seconds) { return api::format_time(start + seconds * 1000); }

inline api::WorkflowRun run_of(const api::Json& status, const std::string& name = "etl-1") {
  const api::Json object = {{"metadata", {{"name", name}, {"namespace", "default"}, {"uid", "u"}}},
                            {"spec", api::Json::object()},
                            {"status", status}};
  auto run = api::decode_workflow_run(object);
  if (!run) ADD_FAILURE() << run.error().sentence();
  return run ? *std::move(run) : api::WorkflowRun{};
}

// Counts, start and phase filled in from the tasks.
inline api::WorkflowRun run_with(const api::Json& tasks, const std::string& phase = "Running") {
  const std::map<std::string, std::string> fields = {
      {"Pending", "pending"},     {"Queued", "queued"}, {"Running", "running"}, {"Retrying", "retrying"},
      {"Succeeded", "succeeded"}, {"Failed", "failed"}, {"Skipped", "skipped"}, {"UpstreamFailed", "upstreamFailed"},
      {"Cancelled", "cancelled"}};
  api::Json counts = {{"total", tasks.size()}};
  for (const api::Json& task : tasks) {
    const std::string& field = fields.at(task.at("phase").get<std::string>());
    counts[field] = counts.value(field, 0) + 1;
  }
  return run_of(
      {{"phase", phase}, {"observedGeneration", 1}, {"startTime", at(0)}, {"counts", counts}, {"tasks", tasks}});
}

inline workflow::Definition definition_of(const char* tasks) {
  auto compiled = workflow::compile({{"defaults", {{"image", "i"}}}, {"tasks", api::Json::parse(tasks)}});
  if (!compiled) ADD_FAILURE() << workflow::describe(compiled.error());
  return compiled ? *std::move(compiled) : workflow::Definition{};
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace ork::show
