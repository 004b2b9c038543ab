#pragma once

// The labels by which a queueing system takes Jobs in (Kueue's), as far as they stand on a Workflow, on a run or on a
// task's Pod template. ork hands them on to the Jobs, and has no queue of its own by that name.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace ork::api {

inline constexpr std::string_view queue_label_prefix = "kueue.x-k8s.io/";
// Whose Jobs are made suspended, for the queue to start them.
inline constexpr std::string_view label_queue = "kueue.x-k8s.io/queue-name";

// More are left out, the last by name first. The queueing system knows five.
inline constexpr std::size_t max_queue_labels = 16;

using QueueLabels = std::map<std::string, std::string, std::less<>>;

// Those of `metadata` (an object's, or a Pod template's), whatever else it holds.
QueueLabels queue_labels_in(const nlohmann::json& metadata);

// The queue that they name; empty: none.
std::string_view queue_of(const QueueLabels& labels);

}  // namespace ork::api
