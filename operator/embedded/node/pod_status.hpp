#pragma once

// A Pod's status as a kubelet writes it. Pure.

#include <nlohmann/json.hpp>
#include <string>

#include "operator/embedded/node/pod_run.hpp"
#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded {

// `ended`: as next_steps() says. `host_ip` is the Pod's address as well.
nlohmann::json pod_status(const PodSpec& pod, const PodRun& run, bool ended, const std::string& host_ip);

// For a Pod that no node will ever take: the condition that a scheduler writes.
nlohmann::json unschedulable_status(const std::string& why, api::TimeMs now);

}  // namespace ork::embedded
