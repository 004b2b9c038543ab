#include "operator/reconcile/decode.hpp"

#include <charconv>

#include "controllers/api/time.hpp"
#include "controllers/jobs/names.hpp"

namespace ork::reconcile {
namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

std::string text(value v) { return std::string(std::string_view(v.get_string())); }
bool is_true(value v) { return std::string_view(v.get_string()) == "True"; }
api::TimeMs time_of(value v) { return v.is_null() ? 0 : api::parse_time(std::string_view(v.get_string())).value_or(0); }

std::int64_t number_in(std::string_view digits, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// Calls on_field(key, value) for each field; each value not read is skipped at no cost.
template <typename OnField>
void each_field(object fields, OnField on_field) {
  for (auto field : fields) {
    const simdjson::ondemand::raw_json_string key = field.key();
    value v = field.value();
    on_field(key, v);
  }
}

struct Owner {
  std::string name;
  std::string uid;
};

Owner controller_owner(array owners) {
  Owner out;
  for (object owner : owners) {
    Owner one;
    bool controller = false;
    each_field(owner, [&](auto key, value v) {
      if (key == "name") one.name = text(v);
      if (key == "uid") one.uid = text(v);
      if (key == "controller") controller = v.get_bool();
    });
    if (controller) out = std::move(one);
  }
  return out;
}

// Labels and annotations go to on_text(key, value).
template <typename OnText>
api::ObjectMeta read_meta(object metadata, OnText on_text, std::string* owner_name = nullptr, bool* tracked = nullptr) {
  api::ObjectMeta meta;
  each_field(metadata, [&](auto key, value v) {
    if (key == "name")
      meta.name = text(v);
    else if (key == "namespace")
      meta.ns = text(v);
    else if (key == "uid")
      meta.uid = text(v);
    else if (key == "resourceVersion")
      meta.resource_version = text(v);
    else if (key == "creationTimestamp")
      meta.creation_ms = time_of(v);
    else if (key == "deletionTimestamp")
      meta.deleting = !v.is_null();
    else if (key == "finalizers" && tracked != nullptr) {
      for (value finalizer : v.get_array())
        *tracked = *tracked || std::string_view(finalizer.get_string()) == "batch.kubernetes.io/job-tracking";
    } else if (key == "ownerReferences") {
      Owner owner = controller_owner(v.get_array());
      meta.owner_uid = std::move(owner.uid);
      if (owner_name != nullptr) *owner_name = std::move(owner.name);
    } else if (key == "labels" || key == "annotations")
      each_field(v.get_object(), on_text);
  });
  return meta;
}

struct JobCondition {
  std::string type;
  std::string reason;
  std::string message;
  api::TimeMs since_ms = 0;
  bool holds = false;
};

JobCondition read_condition(object condition) {
  JobCondition out;
  each_field(condition, [&](auto key, value v) {
    if (key == "type")
      out.type = text(v);
    else if (key == "status")
      out.holds = is_true(v);
    else if (key == "reason")
      out.reason = text(v);
    else if (key == "message")
      out.message = text(v);
    else if (key == "lastTransitionTime")
      out.since_ms = time_of(v);
  });
  return out;
}

void apply_condition(JobCondition condition, api::Job& job) {
  if (condition.type == "Suspended") (condition.holds ? job.held : job.resumed) = true;
  if (!condition.holds) return;
  const bool good = condition.type == "Complete" || condition.type == "SuccessCriteriaMet";
  const bool bad = condition.type == "Failed" || condition.type == "FailureTarget";
  job.complete = job.complete || good;
  job.failed = job.failed || bad;
  job.finished = job.finished || condition.type == "Complete" || condition.type == "Failed";
  // Only a Job that is complete has a completionTime.
  if (condition.type == "Failed") job.completion_ms = condition.since_ms;
  if (condition.type == "FailureTarget") job.given_up_ms = condition.since_ms;
  if (bad) {
    job.failure_reason = std::move(condition.reason);
    job.failure_message = std::move(condition.message);
  }
}

void read_job_status(object status, api::Job& job) {
  each_field(status, [&](auto key, value v) {
    if (key == "startTime")
      job.start_ms = time_of(v);
    else if (key == "completionTime")
      job.completion_ms = time_of(v);
    else if (key == "completedIndexes")
      job.completed_indexes = text(v);
    else if (key == "failedIndexes")
      job.failed_indexes = text(v);
    else if (key == "conditions") {
      for (object condition : v.get_array()) apply_condition(read_condition(condition), job);
    }
  });
}

api::PodPhase phase_of(std::string_view phase) {
  if (phase == "Running") return api::PodPhase::Running;
  if (phase == "Succeeded") return api::PodPhase::Succeeded;
  if (phase == "Failed") return api::PodPhase::Failed;
  if (phase == "Unknown") return api::PodPhase::Unknown;
  return api::PodPhase::Pending;
}

// The task's container: the one named main, else the first of the spec.
void read_pod_spec(object spec, api::Pod& pod, std::string& container) {
  each_field(spec, [&](auto key, value v) {
    if (key == "nodeName") pod.node = text(v);
    if (key != "containers") return;
    for (object c : v.get_array()) {
      each_field(c, [&](auto field, value name) {
        if (!(field == "name")) return;
        std::string read = text(name);
        if (container.empty() || read == "main") container = std::move(read);
      });
    }
  });
}

struct ContainerState {
  std::string name;
  api::TimeMs start_ms = 0;
  api::TimeMs finish_ms = 0;
  std::optional<int> exit_code;
  std::string terminated_reason;
  std::string message;
  std::string waiting_reason;
  std::string waiting_message;
};

void read_terminated(object terminated, ContainerState& out) {
  each_field(terminated, [&](auto key, value v) {
    if (key == "exitCode")
      out.exit_code = static_cast<int>(std::int64_t(v.get_int64()));
    else if (key == "reason")
      out.terminated_reason = text(v);
    else if (key == "message")
      out.message = text(v);
    else if (key == "startedAt")
      out.start_ms = time_of(v);
    else if (key == "finishedAt")
      out.finish_ms = time_of(v);
  });
}

ContainerState read_container_status(object status) {
  ContainerState out;
  each_field(status, [&](auto key, value v) {
    if (key == "name") out.name = text(v);
    if (!(key == "state")) return;
    each_field(v.get_object(), [&](auto state, value detail) {
      if (state == "terminated") read_terminated(detail.get_object(), out);
      if (state == "running") {
        each_field(detail.get_object(), [&](auto field, value at) {
          if (field == "startedAt") out.start_ms = time_of(at);
        });
      }
      if (state == "waiting") {
        each_field(detail.get_object(), [&](auto field, value why) {
          if (field == "reason") out.waiting_reason = text(why);
          if (field == "message") out.waiting_message = text(why);
        });
      }
    });
  });
  return out;
}

void adopt(ContainerState state, api::Pod& pod) {
  // The Unix epoch is how a kubelet says that it does not know.
  pod.start_ms = state.start_ms;
  pod.finish_ms = state.finish_ms;
  pod.exit_code = state.exit_code;
  pod.terminated_reason = std::move(state.terminated_reason);
  pod.termination_message = std::move(state.message);
  // Waiting on its way is no news: "ContainerCreating" would only make each Pod's state change once more.
  if (state.waiting_reason != "ContainerCreating" && state.waiting_reason != "PodInitializing") {
    pod.waiting_reason = std::move(state.waiting_reason);
    pod.waiting_message = std::move(state.waiting_message);
  }
}

void apply_pod_condition(object condition, api::Pod& pod) {
  JobCondition read = read_condition(condition);
  if (read.type == "DisruptionTarget" && read.holds) pod.disruption_reason = std::move(read.reason);
  if (read.type == "PodScheduled" && !read.holds && read.reason == "Unschedulable") {
    pod.unschedulable = true;
    pod.unschedulable_message = std::move(read.message);
  }
}

void read_pod_status(object status, const std::string& container, api::Pod& pod) {
  each_field(status, [&](auto key, value v) {
    if (key == "phase")
      pod.phase = phase_of(std::string_view(v.get_string()));
    else if (key == "reason")
      pod.status_reason = text(v);
    else if (key == "message")
      pod.status_message = text(v);
    else if (key == "conditions") {
      for (object condition : v.get_array()) apply_pod_condition(condition, pod);
    } else if (key == "containerStatuses") {
      for (object c : v.get_array()) {
        ContainerState state = read_container_status(c);
        if (container.empty() || state.name == container) adopt(std::move(state), pod);
      }
    }
  });
}

}  // namespace

namespace {

// Which attempt a Job is.
struct Attempt {
  std::string run_uid;
  std::string task;
  int number = 0;

  template <typename Key>
  void read(Key label, value content) {
    if (label == "ork.dev/run-uid")
      run_uid = text(content);
    else if (label == "ork.dev/task")
      task = text(content);
    else if (label == "ork.dev/attempt")
      number = static_cast<int>(number_in(std::string_view(content.get_string()), 0));
  }
};

// The labels of its Pods: unlike its own, nobody can edit them.
void read_pod_labels(object pod_template, Attempt& attempt) {
  each_field(pod_template, [&](auto key, value v) {
    if (!(key == "metadata")) return;
    read_meta(v.get_object(), [&](auto label, value content) { attempt.read(label, content); });
  });
}

}  // namespace

std::string read_controller(object& json) {
  std::string uid;
  each_field(json, [&](auto key, value v) {
    if (key == "metadata") uid = read_meta(v.get_object(), [](auto, value) {}).owner_uid;
  });
  return uid;
}

api::Job read_job(object& json) {
  api::Job job;
  Attempt of_job, of_pods;
  std::string run;
  each_field(json, [&](auto key, value v) {
    if (key == "metadata") {
      job.meta = read_meta(
          v.get_object(),
          [&](auto label, value content) {
            job.unseeded = job.unseeded || label == api::annotation_unseeded;
            if (label == api::label_queue) job.queue = text(content);
            of_job.read(label, content);
          },
          &run);
    } else if (key == "spec") {
      each_field(v.get_object(), [&](auto field, value content) {
        if (field == "suspend")
          job.suspended = content.get_bool();
        else if (field == "completions")
          job.completions = content.get_int64();
        else if (field == "completionMode")
          job.indexed = std::string_view(content.get_string()) == "Indexed";
        else if (field == "template")
          read_pod_labels(content.get_object(), of_pods);
      });
    } else if (key == "status") {
      read_job_status(v.get_object(), job);
    }
  });
  // An answer may hold no more than the metadata.
  Attempt& attempt = of_pods.number > 0 ? of_pods : of_job;
  job.run_uid = std::move(attempt.run_uid);
  job.task = std::move(attempt.task);
  job.attempt = attempt.number;
  // Whatever it says of itself: what ork makes is called so, and nothing else is.
  if (job.meta.name != jobs::job_name(run, job.meta.owner_uid, job.task, job.attempt)) job.meta.owner_uid.clear();
  return job;
}

api::Pod read_pod(object& json, std::string& run_uid) {
  api::Pod pod;
  std::string container;
  each_field(json, [&](auto key, value v) {
    if (key == "metadata") {
      pod.meta = read_meta(
          v.get_object(),
          [&](auto label, value content) {
            if (label == "batch.kubernetes.io/job-completion-index")
              pod.index = number_in(std::string_view(content.get_string()), -1);
            if (label == "ork.dev/run-uid") run_uid = text(content);
          },
          nullptr, &pod.tracked);
    } else if (key == "spec") {
      read_pod_spec(v.get_object(), pod, container);
    } else if (key == "status") {
      read_pod_status(v.get_object(), container, pod);
    }
  });
  return pod;
}

Version peek_version(object& json) {
  Version out;
  object metadata = json.find_field_unordered("metadata").get_object();
  each_field(metadata, [&](auto key, value v) {
    if (key == "name")
      out.name = text(v);
    else if (key == "namespace")
      out.ns = text(v);
    else if (key == "uid")
      out.uid = text(v);
    else if (key == "resourceVersion")
      out.resource_version = text(v);
  });
  json.reset();
  return out;
}

}  // namespace ork::reconcile
