// The patch between any two statuses leads from the one to the other, and both read back as written.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "controllers/run/status_budget.hpp"
#include "controllers/run/status_patch.hpp"

namespace ork::run {
namespace {

using api::Json;

template <typename T>
T below(T bound) {
  return *rc::gen::inRange<T>(0, bound);
}

std::string any_text() {
  return std::string(*rc::gen::element("", "x", "a \"quoted\" word", "two\nlines", "<&>", "\xC3\xA9"));
}

// Milliseconds of some day in 2026, or none.
api::TimeMs any_time() { return below(3) == 0 ? 0 : 1'795'262'400'000 + below(86'400'000); }

api::IndexSet any_indexes() {
  api::IndexSet out;
  for (const int index : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20))) out.insert(index);
  return out;
}

api::Attempt any_attempt() {
  api::Attempt out;
  out.attempt = below(100);
  out.job = any_text();
  out.start_ms = any_time();
  out.completion_ms = any_time();
  out.node = any_text();
  if (below(2)) out.exit_code = below(256);
  out.cause = static_cast<api::Cause>(below(5));
  out.reason = any_text();
  out.message = any_text();
  out.failed_indexes = any_text();
  return out;
}

api::TaskStatus any_task(const std::string& name) {
  api::TaskStatus out;
  out.name = name;
  out.phase = static_cast<api::Phase>(below(10));
  out.reason = any_text();
  out.message = any_text();
  out.attempt = below(100);
  out.job = any_text();
  out.start_ms = any_time();
  out.completion_ms = any_time();
  if (below(2)) out.exit_code = below(256);
  out.cause = static_cast<api::Cause>(below(5));
  if (below(2)) out.output = *rc::gen::element(Json(1), Json("x<&>\n"), Json::parse(R"({"a": [1.5, {"b": false}]})"));
  out.retry_ms = any_time();
  out.program_retries = below(3);
  out.infrastructure_retries = below(3);
  for (int i = below(3); i > 0; --i) out.attempts.push_back(any_attempt());
  if (below(2)) {
    out.count = 20;
    out.active = below(20);
    out.succeeded_indexes = any_indexes();
    out.failed_indexes = any_indexes();
  }
  return out;
}

api::RunStatus any_status(int tasks) {
  api::RunStatus out;
  out.phase = static_cast<api::Phase>(below(10));
  out.observed_generation = 1 + below(3);
  out.start_ms = any_time();
  out.completion_ms = any_time();
  out.expiration_ms = any_time();
  out.workflow = any_text();
  out.revision = any_text();
  out.progress = any_text();
  out.duration = any_text();
  out.message = any_text();
  out.counts = {below(9), below(2), below(2), below(2), below(2), below(2), below(2), below(2), below(2), below(2)};
  for (int i = below(3); i > 0; --i) {
    out.conditions.push_back({"T" + std::to_string(i), static_cast<api::ConditionStatus>(below(3)), below(5),
                              1'795'262'400'000 + below(1000), any_text(), any_text()});
  }
  for (int i = 0; i < tasks; ++i) {
    out.tasks.push_back(std::make_shared<const api::TaskStatus>(any_task("t" + std::to_string(i))));
  }
  return out;
}

RC_GTEST_PROP(StatusPatchProperty, LeadsFromOneStatusToTheOther, ()) {
  api::WorkflowRun run;
  run.meta.resource_version = "7";
  run.status = any_status(below(4));
  api::RunStatus next = any_status(below(4) == 0 ? below(4) : static_cast<int>(run.status.tasks.size()));
  for (std::size_t i = 0; i < next.tasks.size() && i < run.status.tasks.size(); ++i) {
    if (below(2)) next.tasks[i] = run.status.tasks[i];
  }
  const Json stored = {{"metadata", {{"resourceVersion", "7"}}}, {"status", api::encode_status(run.status)}};
  const Json after = stored.patch(Json::parse(status_patch(run, next)));
  RC_ASSERT(after["status"] == api::encode_status(next));
}

RC_GTEST_PROP(StatusPatchProperty, ReadsBackAsWritten, ()) {
  const api::RunStatus status = any_status(3);
  const Json object = {{"metadata", {{"name", "a"}, {"uid", "u"}}}, {"status", api::encode_status(status)}};
  const auto run = api::decode_workflow_run(object);
  RC_ASSERT(run.ok());
  RC_ASSERT(api::encode_status(run->status) == object["status"]);
  for (std::size_t i = 0; i < status.tasks.size(); ++i) RC_ASSERT(*run->status.tasks[i] == *status.tasks[i]);
  RC_ASSERT(run->status.conditions == status.conditions);
  RC_ASSERT(run->status.counts == status.counts);
}

RC_GTEST_PROP(StatusPatchProperty, IsNeverLargerThanItsEstimate, ()) {
  const api::RunStatus status = any_status(below(5));
  RC_ASSERT(api::encode_status(status).dump().size() <= estimated_bytes(status));
}

}  // namespace
}  // namespace ork::run
