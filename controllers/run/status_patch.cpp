#include "controllers/run/status_patch.hpp"

namespace ork::run {
namespace {

using api::Json;

// More operations than this cost the API server more than one whole list would; it takes at most 10,000.
constexpr std::size_t max_task_operations = 500;

bool same_tasks(const api::RunStatus& stored, const api::RunStatus& next) {
  if (stored.tasks.size() != next.tasks.size()) return false;
  for (std::size_t i = 0; i < next.tasks.size(); ++i) {
    if (stored.tasks[i]->name != next.tasks[i]->name) return false;
  }
  return true;
}

void replace_changed_tasks(const api::RunStatus& stored, const api::RunStatus& next, Json& patch) {
  Json operations = Json::array();
  for (std::size_t i = 0; i < next.tasks.size(); ++i) {
    const api::TaskStatusPtr& old = stored.tasks[i];
    if (old == next.tasks[i] || *old == *next.tasks[i]) continue;
    operations.push_back({{"op", "replace"},
                          {"path", "/status/tasks/" + std::to_string(i)},
                          {"value", api::encode_task_status(*next.tasks[i])}});
  }
  if (operations.size() <= max_task_operations) {
    patch.insert(patch.end(), operations.begin(), operations.end());
    return;
  }
  Json all = Json::array();
  for (const api::TaskStatusPtr& task : next.tasks) all.push_back(api::encode_task_status(*task));
  patch.push_back({{"op", "replace"}, {"path", "/status/tasks"}, {"value", std::move(all)}});
}

// The fields beside the tasks: few and small, so each is set wherever it is not what it was.
void replace_changed_fields(const api::RunStatus& stored, const api::RunStatus& next, Json& patch) {
  api::RunStatus before = stored;
  api::RunStatus after = next;
  before.tasks.clear();
  after.tasks.clear();
  const Json old_fields = api::encode_status(before);
  const Json new_fields = api::encode_status(after);
  for (const auto& [field, value] : new_fields.items()) {
    if (field == "tasks") continue;
    const auto old = old_fields.find(field);
    if (old != old_fields.end() && *old == value) continue;
    patch.push_back({{"op", "add"}, {"path", "/status/" + field}, {"value", value}});
  }
  for (const auto& [field, value] : old_fields.items()) {
    if (!new_fields.contains(field)) patch.push_back({{"op", "remove"}, {"path", "/status/" + field}});
  }
}

}  // namespace

std::string status_patch(const api::WorkflowRun& run, const api::RunStatus& next) {
  Json patch = Json::array();
  patch.push_back({{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", run.meta.resource_version}});
  if (run.status.observed_generation < 0 || !same_tasks(run.status, next)) {
    patch.push_back({{"op", "add"}, {"path", "/status"}, {"value", api::encode_status(next)}});
  } else {
    replace_changed_fields(run.status, next, patch);
    replace_changed_tasks(run.status, next, patch);
  }
  return patch.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ork::run
