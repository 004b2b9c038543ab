#include "controllers/api/queue_labels.hpp"

namespace ork::api {

QueueLabels queue_labels_in(const nlohmann::json& metadata) {
  QueueLabels out;
  if (!metadata.is_object()) return out;
  const auto labels = metadata.find("labels");
  if (labels == metadata.end() || !labels->is_object()) return out;
  for (const auto& [name, value] : labels->items()) {
    if (!name.starts_with(queue_label_prefix) || !value.is_string()) continue;
    if (out.size() == max_queue_labels) break;
    out.emplace(name, value.get<std::string>());
  }
  return out;
}

std::string_view queue_of(const QueueLabels& labels) {
  const auto found = labels.find(label_queue);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace ork::api
