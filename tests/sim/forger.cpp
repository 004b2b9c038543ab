#include "tests/sim/forger.hpp"

#include "controllers/jobs/names.hpp"
#include "operator/reconcile/kinds.hpp"
#include "tests/sim/history.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;

namespace {

constexpr const char* nobody = "00000000-0000-4000-8000-000000000000";
constexpr const char* far_future = "9999-12-31T23:59:59Z";
constexpr const char* long_past = "0001-01-01T00:00:00Z";

// Those of ork; the Job controller's own can't be taken by another.
Json labels_of(const Json& job) {
  Json out = Json::object();
  const Json all = job.at("metadata").value("labels", Json::object());
  for (const auto& [key, value] : all.items()) {
    if (key.starts_with("ork.dev/") || key == "app.kubernetes.io/managed-by") out[key] = value;
  }
  return out;
}

// What nobody carries out: it is suspended.
Json like(const Json& job, const std::string& name) {
  const Json labels = labels_of(job);
  Json pod = {{"metadata", {{"labels", labels}}}, {"spec", job.at("/spec/template/spec"_json_pointer)}};
  return {{"apiVersion", "batch/v1"},
          {"kind", "Job"},
          {"metadata", {{"name", name}, {"labels", labels}}},
          {"spec", {{"suspend", true}, {"backoffLimit", 0}, {"template", std::move(pod)}}}};
}

Json owned(Json object, Json owner, bool controls) {
  owner["controller"] = controls;
  object["metadata"]["ownerReferences"] = Json::array({std::move(owner)});
  return object;
}

void call_attempt(Json& job, const std::string& number) {
  job["metadata"]["labels"]["ork.dev/attempt"] = number;
  job["spec"]["template"]["metadata"]["labels"]["ork.dev/attempt"] = number;
}

Json pod_like(const Json& job, const std::string& name) {
  Json spec = job.at("/spec/template/spec"_json_pointer);
  // No node looks at it.
  spec["nodeName"] = "nowhere";
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", {{"name", name}, {"labels", labels_of(job)}}},
          {"spec", std::move(spec)}};
}

// Changes every task of a status in the same way.
Json tasks_with(const Json& run, const std::function<void(Json&)>& change) {
  Json tasks = run.value("status", Json::object()).value("tasks", Json::array());
  for (Json& task : tasks) change(task);
  return {{"tasks", std::move(tasks)}};
}

Json tasks_with_fields(const Json& run, const Json& fields) {
  return tasks_with(run, [&](Json& task) { task.update(fields); });
}

Json ghost() { return {{"name", "ghost"}, {"phase", "Running"}, {"attempt", 3}, {"job", "ghost-3"}}; }

Json nonsense(const Json& run, std::int64_t which) {
  switch (which) {
    case 0: return nullptr;
    case 1: return {{"phase", "Succeeded"}};
    case 2: return {{"phase", "Skipped"}};
    case 3: return {{"tasks", Json::array()}};
    case 4: return {{"tasks", Json::array({ghost()})}};
    case 5: return tasks_with(run, [](Json& task) { task["attempt"] = task.value("attempt", 0) + 5; });
    case 6: return tasks_with_fields(run, {{"phase", "Succeeded"}});
    case 7: return tasks_with_fields(run, {{"phase", "Failed"}, {"attempt", 0}});
    case 8: return tasks_with_fields(run, {{"job", "nobody"}});
    case 9: return {{"counts", {{"total", 7}}}, {"progress", "9/1"}, {"conditions", Json::array()}};
    case 10: return tasks_with_fields(run, {{"phase", "Retrying"}, {"retryTime", far_future}});
    case 11: return tasks_with_fields(run, {{"programRetries", 1'000'000}, {"attempt", 1'000'000}});
    case 12: return tasks_with_fields(run, {{"startTime", far_future}, {"completionTime", long_past}});
    case 13: return tasks_with_fields(run, {{"cause", "Banana"}, {"exitCode", 2'000'000'000}});
    case 14: return {{"revision", "nobody"}};
    case 15: return {{"observedGeneration", 1'000}};
    default: return {{"startTime", far_future}};
  }
}

}  // namespace

Json forgery(const Json& job, std::int64_t which) {
  const std::string name = text_at(job, "/metadata/name") + std::string(forged_end);
  const Json owner = job.at("/metadata/ownerReferences/0"_json_pointer);
  switch (which) {
    case 0: return like(job, name);
    case 1: return owned(like(job, name), owner, false);
    case 2: {
      Json of_nobody = owner;
      of_nobody["uid"] = nobody;
      return owned(like(job, name), std::move(of_nobody), true);
    }
    case 3:
    case 4: {
      Json other = owned(like(job, name), owner, true);
      call_attempt(other, which == 3 ? "1" : "2");
      return other;
    }
    case 5: {
      const AttemptName next = attempt_of(job);
      return like(job, jobs::job_name(text_at(job, "/metadata/labels/ork.dev~1run"), next.run_uid, next.task,
                                      next.attempt + 1));
    }
    case 6: return pod_like(job, name);
    default: return nullptr;
  }
}

Json status_of_job() {
  const Json condition = {{"type", "Suspended"}, {"status", "Unknown"}, {"lastTransitionTime", far_future}};
  return {{"status", {{"active", 1'000}, {"ready", 7}, {"conditions", Json::array({condition, condition})}}}};
}

Json defacement(const Json& run, std::int64_t which) { return {{"status", nonsense(run, which)}}; }

void Forger::strike(const Fault& fault, const kube::Request& request) {
  const auto target = target_in(request);
  if (!target) return;
  const char* wanted = fault.harm == Harm::Deface ? "workflowruns" : "jobs";
  if (target->resource.plural != wanted) return;
  later_.in(Duration{1}, [this, target = *target, fault] {
    auto get = kube::get_request(target.resource, target.ns, target.name);
    transport_.call(std::move(get), [this, target, fault](const auto& answer) {
      if (!answer) return;
      const Json object = Json::parse(answer->body);
      if (fault.harm == Harm::Deface) {
        // Of a run that has ended ork keeps no Jobs in memory: what begins it anew stands in docs/reliability.md.
        if (is_final(phase_of(object))) return;
        return write_status(target, defacement(object, fault.wait % defacements));
      }
      if (object.at("metadata").contains("ownerReferences")) forge(target, object, fault.wait % forgeries);
    });
  });
}

// What is refused is let be.
void Forger::forge(const Target& target, const Json& job, std::int64_t which) {
  const Json object = forgery(job, which);
  if (object.is_null()) return write_status(target, status_of_job());
  const bool is_pod = object.at("kind") == "Pod";
  auto create = kube::create_request(is_pod ? reconcile::pods() : reconcile::jobs(), target.ns, object.dump());
  transport_.call(std::move(create), [](const auto&) {});
}

void Forger::write_status(const Target& target, const Json& patch) {
  auto request =
      kube::patch_request(target.resource, target.ns, target.name, "status", kube::PatchType::Merge, patch.dump());
  transport_.call(std::move(request), [](const auto&) {});
}

}  // namespace ork::sim
