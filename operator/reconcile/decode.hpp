#pragma once

// From the JSON of a list or watch to the structs of controllers/api. Jobs and Pods come by the
// thousand and are skimmed by simdjson for the few fields that matter; the kinds of our own come
// seldom and are read whole.
//
// Each throws simdjson::simdjson_error where the JSON is not what the API promises; the watcher
// quarantines such an object.

#include <simdjson.h>

#include <string>
#include <string_view>

#include "controllers/api/job.hpp"
#include "controllers/api/pod.hpp"

namespace ork::reconcile {

// The uid of the owner that controls it, whatever it is; empty where there is none.
std::string read_controller(simdjson::ondemand::object& object);
// A Job that is not called as ork would call it has no owner here, whatever it says.
api::Job read_job(simdjson::ondemand::object& object);
// `run_uid`: the Pod's label ork.dev/run-uid, empty where it has none. Not part of the Pod, which is
// found by its Job: anybody can write a label.
api::Pod read_pod(simdjson::ondemand::object& object, std::string& run_uid);

// uid and resourceVersion alone, to know an echo of our own write without reading the rest. The
// object is left at its start.
struct Version {
  std::string ns;
  std::string name;
  std::string uid;
  std::string resource_version;
};
Version peek_version(simdjson::ondemand::object& object);

}  // namespace ork::reconcile
