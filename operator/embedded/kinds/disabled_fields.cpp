#include "operator/embedded/kinds/disabled_fields.hpp"

#include <algorithm>

#include "operator/embedded/kinds/place.hpp"

namespace ork::embedded {
namespace {

Json* child(Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  auto found = object.find(name);
  return found == object.end() || !found->is_structured() ? nullptr : &*found;
}

// Removes a list or an object that holds nothing any more.
void drop_if_empty(Json& object, const char* name) {
  Json* value = child(object, name);
  if (value != nullptr && value->empty()) object.erase(name);
}

void drop_from_container(Json& container, bool init) {
  if (!container.is_object()) return;
  container.erase("restartPolicyRules");
  if (!init || Place(container, "")["restartPolicy"].text() != "Always") container.erase("restartPolicy");
  if (Json* lifecycle = child(container, "lifecycle")) {
    lifecycle->erase("stopSignal");
    drop_if_empty(container, "lifecycle");
  }
  Json* environment = child(container, "env");
  if (environment == nullptr) return;
  for (Json& variable : *environment) {
    if (Json* from = child(variable, "valueFrom")) from->erase("fileKeyRef");
  }
}

void drop_from_volumes(Json& spec) {
  Json* volumes = child(spec, "volumes");
  if (volumes == nullptr || !volumes->is_array()) return;
  auto holds_image = [](const Json& volume) { return volume.is_object() && volume.contains("image"); };
  volumes->erase(std::remove_if(volumes->begin(), volumes->end(), holds_image), volumes->end());
  for (Json& volume : *volumes) {
    Json* projected = child(volume, "projected");
    Json* sources = projected == nullptr ? nullptr : child(*projected, "sources");
    if (sources == nullptr) continue;
    for (Json& source : *sources) {
      if (!source.is_object()) continue;
      for (const char* name : {"podCertificate", "clusterTrustBundle"}) source.erase(name);
    }
  }
  drop_if_empty(spec, "volumes");
}

}  // namespace

void drop_disabled_fields(Json& pod_spec) {
  if (!pod_spec.is_object()) return;
  pod_spec.erase("hostnameOverride");
  for (const char* list : {"containers", "initContainers", "ephemeralContainers"}) {
    Json* containers = child(pod_spec, list);
    if (containers == nullptr) continue;
    for (Json& container : *containers) drop_from_container(container, std::string_view(list) == "initContainers");
  }
  drop_from_volumes(pod_spec);
}

}  // namespace ork::embedded
