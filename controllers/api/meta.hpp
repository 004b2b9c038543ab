#pragma once

// The part of metadata that ork reads of any object.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ork::api {

// What the API server knows us by; the group of labels, annotations and finalizers too.
inline constexpr std::string_view group = "ork.dev";
inline constexpr std::string_view version = "v1alpha1";
inline constexpr std::string_view api_version = "ork.dev/v1alpha1";

// Labels on every Job and Pod we make. The uid is what we find them by: a run's name may be longer
// than a label value can be, and may be used again for another run.
inline constexpr std::string_view label_managed_by = "app.kubernetes.io/managed-by";
inline constexpr std::string_view label_workflow = "ork.dev/workflow";
inline constexpr std::string_view label_run = "ork.dev/run";
inline constexpr std::string_view label_run_uid = "ork.dev/run-uid";
inline constexpr std::string_view label_task = "ork.dev/task";
inline constexpr std::string_view label_attempt = "ork.dev/attempt";

// On a Workflow: another value of it closes its circuit breaker. `ork workflow resume` writes the time.
inline constexpr std::string_view annotation_resumed = "ork.dev/resumed-at";

struct ObjectMeta {
  std::string ns;
  std::string name;
  std::string uid;
  std::string resource_version;
  std::string owner_uid;  // of the owner reference with controller: true; empty where there is none
  std::int64_t generation = 0;
  std::int64_t creation_ms = 0;  // Unix epoch, milliseconds; 0 where unknown
  bool deleting = false;         // deletionTimestamp is set
  friend bool operator==(const ObjectMeta&, const ObjectMeta&) = default;
};

// "namespace/name": how stores and queues name an object.
std::string key_of(const ObjectMeta& meta);

}  // namespace ork::api
