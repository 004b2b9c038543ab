#include "operator/embedded/job_controller/decode.hpp"

#include <algorithm>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/job_controller/limits.hpp"
#include "operator/embedded/job_controller/names.hpp"

namespace ork::embedded {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

std::optional<std::int64_t> number(value v) {
  if (v.is_null()) return std::nullopt;
  return v.get_int64();
}

FailureRule::Action action_named(std::string_view name) {
  if (name == "Ignore") return FailureRule::Action::Ignore;
  if (name == "FailJob") return FailureRule::Action::FailJob;
  if (name == "FailIndex") return FailureRule::Action::FailIndex;
  return FailureRule::Action::Count;
}

void read_exit_codes(object fields, FailureRule& rule) {
  rule.by_exit_code = true;
  each_field(fields, [&](auto key, value v) {
    if (key == "containerName" && !v.is_null())
      rule.container = text_of(v);
    else if (key == "operator")
      rule.in = std::string_view(v.get_string()) != "NotIn";
    else if (key == "values") {
      for (std::int64_t code : v.get_array()) {
        if (rule.exit_codes.size() < limits::rule_values) rule.exit_codes.push_back(code);
      }
    }
  });
}

FailureRule::PodCondition read_pod_condition(object fields) {
  FailureRule::PodCondition out{.type = {}, .status = "True"};
  each_field(fields, [&](auto key, value v) {
    if (key == "type") out.type = text_of(v);
    if (key == "status") out.status = text_of(v);
  });
  return out;
}

FailureRule read_rule(object fields) {
  FailureRule rule;
  each_field(fields, [&](auto key, value v) {
    if (key == "action")
      rule.action = action_named(std::string_view(v.get_string()));
    else if (key == "onExitCodes" && !v.is_null())
      read_exit_codes(v.get_object(), rule);
    else if (key == "onPodConditions" && !v.is_null()) {
      for (object condition : v.get_array()) {
        if (rule.conditions.size() < limits::rule_values) rule.conditions.push_back(read_pod_condition(condition));
      }
    }
  });
  return rule;
}

void read_failure_policy(object policy, JobSpec& spec) {
  each_field(policy, [&](auto key, value v) {
    if (!(key == "rules") || v.is_null()) return;
    for (object rule : v.get_array()) {
      if (spec.failure_rules.size() < limits::failure_rules) spec.failure_rules.push_back(read_rule(rule));
    }
  });
}

void read_job_spec(object fields, Job& job) {
  JobSpec& spec = job.spec;
  std::optional<std::int64_t> backoff_limit;
  std::string replacement;
  each_field(fields, [&](auto key, value v) {
    if (key == "completionMode")
      spec.indexed = std::string_view(v.get_string()) == "Indexed";
    else if (key == "suspend")
      spec.suspend = !v.is_null() && bool(v.get_bool());
    else if (key == "parallelism")
      spec.parallelism = number(v).value_or(1);
    else if (key == "completions")
      spec.completions = number(v);
    else if (key == "backoffLimit")
      backoff_limit = number(v);
    else if (key == "backoffLimitPerIndex")
      spec.backoff_limit_per_index = number(v);
    else if (key == "maxFailedIndexes")
      spec.max_failed_indexes = number(v);
    else if (key == "activeDeadlineSeconds")
      spec.active_deadline_seconds = number(v);
    else if (key == "ttlSecondsAfterFinished")
      spec.ttl_seconds = number(v);
    else if (key == "podReplacementPolicy" && !v.is_null())
      replacement = text_of(v);
    else if (key == "managedBy" && !v.is_null())
      job.managed_elsewhere = std::string_view(v.get_string()) != names::job_controller;
    else if (key == "podFailurePolicy" && !v.is_null())
      read_failure_policy(v.get_object(), spec);
    else if (key == "template") {
      object pod_template = v.get_object();
      job.pod_template = std::string(std::string_view(pod_template.raw_json()));
    }
  });
  // The defaults of the API server, for a Job that was stored without them.
  spec.backoff_limit = backoff_limit.value_or(spec.backoff_limit_per_index ? INT32_MAX : 6);
  spec.only_replace_failed = replacement.empty() ? !spec.failure_rules.empty() : replacement == "Failed";
  if (spec.indexed) spec.completions = std::max<std::int64_t>(0, spec.completions.value_or(0));
}

JobCondition read_condition(object fields) {
  JobCondition out;
  each_field(fields, [&](auto key, value v) {
    if (key == "type")
      out.type = text_of(v);
    else if (key == "status")
      out.status = text_of(v);
    else if (key == "reason")
      out.reason = text_of(v);
    else if (key == "message")
      out.message = text_of(v);
    else if (key == "lastTransitionTime")
      out.transition_ms = time_of(v);
  });
  return out;
}

void read_job_status(object fields, JobStatus& status) {
  each_field(fields, [&](auto key, value v) {
    if (key == "startTime")
      status.start_ms = time_of(v);
    else if (key == "completionTime")
      status.completion_ms = time_of(v);
    else if (key == "active")
      status.active = number(v).value_or(0);
    else if (key == "succeeded")
      status.succeeded = number(v).value_or(0);
    else if (key == "failed")
      status.failed = number(v).value_or(0);
    else if (key == "ready")
      status.ready = number(v);
    else if (key == "terminating")
      status.terminating = number(v);
    else if (key == "completedIndexes")
      status.completed = api::IndexSet::parse(std::string_view(v.get_string())).value_or(api::IndexSet());
    else if (key == "failedIndexes" && !v.is_null())
      status.failed_indexes = api::IndexSet::parse(std::string_view(v.get_string())).value_or(api::IndexSet());
    else if (key == "conditions" && !v.is_null()) {
      for (object condition : v.get_array()) status.conditions.push_back(read_condition(condition));
    }
  });
}

api::PodPhase phase_named(std::string_view phase) {
  if (phase == "Running") return api::PodPhase::Running;
  if (phase == "Succeeded") return api::PodPhase::Succeeded;
  if (phase == "Failed") return api::PodPhase::Failed;
  if (phase == "Unknown") return api::PodPhase::Unknown;
  return api::PodPhase::Pending;
}

void read_container(object fields, std::vector<ContainerEnd>& ends, JobPod& pod) {
  ContainerEnd end;
  bool ended = false;
  each_field(fields, [&](auto key, value v) {
    if (key == "name") end.container = text_of(v);
    if (key == "restartCount") pod.restarts += v.get_int64();
    if (!(key == "state") || v.is_null()) return;
    each_field(v.get_object(), [&](auto state, value detail) {
      if (!(state == "terminated") || detail.is_null()) return;
      ended = true;
      each_field(detail.get_object(), [&](auto field, value content) {
        if (field == "exitCode") end.exit_code = content.get_int64();
        if (field == "finishedAt") pod.finished_ms = std::max(pod.finished_ms, time_of(content));
      });
    });
  });
  if (ended) ends.push_back(std::move(end));
}

void read_pod_status(object fields, JobPod& pod) {
  std::vector<ContainerEnd> init_ends;
  each_field(fields, [&](auto key, value v) {
    if (v.is_null()) return;
    if (key == "phase") {
      pod.phase = phase_named(std::string_view(v.get_string()));
    } else if (key == "conditions") {
      for (object condition : v.get_array()) pod.conditions.push_back(read_pod_condition(condition));
    } else if (key == "containerStatuses") {
      for (object container : v.get_array()) read_container(container, pod.ends, pod);
    } else if (key == "initContainerStatuses") {
      for (object container : v.get_array()) read_container(container, init_ends, pod);
    }
  });
  pod.ends.insert(pod.ends.end(), std::make_move_iterator(init_ends.begin()), std::make_move_iterator(init_ends.end()));
  pod.ready = std::any_of(pod.conditions.begin(), pod.conditions.end(),
                          [](const auto& c) { return c.type == "Ready" && c.status == "True"; });
  // Only failure rules look at these, and only once the Pod has failed.
  if (pod.phase != api::PodPhase::Failed) {
    pod.conditions.clear();
    pod.ends.clear();
  }
}

}  // namespace

Job read_job(object& json) {
  Job job;
  each_field(json, [&](auto key, value v) {
    if (key == "metadata")
      job.meta =
          read_meta(v.get_object(), [&](auto label, value) { job.queued = job.queued || label == names::queue; });
    else if (key == "spec")
      read_job_spec(v.get_object(), job);
    else if (key == "status" && !v.is_null())
      read_job_status(v.get_object(), job.status);
  });
  return job;
}

JobPod read_job_pod(object& json) {
  JobPod pod;
  each_field(json, [&](auto key, value v) {
    if (key == "metadata") {
      pod.meta = read_meta(v.get_object(), [&](auto annotation, value content) {
        if (annotation == names::completion_index)
          pod.index = number_in(std::string_view(content.get_string()), -1);
        else if (annotation == names::failure_count)
          pod.failures = number_in(std::string_view(content.get_string()), 0);
        else if (annotation == names::ignored_failure_count)
          pod.ignored_failures = number_in(std::string_view(content.get_string()), 0);
        else if (annotation == names::released)
          pod.released = true;
      });
    } else if (key == "spec") {
      each_field(v.get_object(), [&](auto field, value content) {
        if (field == "nodeName") pod.bound = !std::string_view(content.get_string()).empty();
      });
    } else if (key == "status" && !v.is_null()) {
      read_pod_status(v.get_object(), pod);
    }
  });
  return pod;
}

}  // namespace ork::embedded
