#include "controllers/api/meta.hpp"

#include "controllers/api/read_meta.hpp"
#include "controllers/api/reader.hpp"

namespace ork::api {

std::string key_of(const ObjectMeta& meta) { return meta.ns + "/" + meta.name; }

ObjectMeta read_meta(Reader& object) {
  ObjectMeta meta;
  const nlohmann::json* json = object.find("metadata");
  if (json == nullptr) {
    object.fail(DecodeErrc::MissingField, "metadata", "is missing");
    return meta;
  }
  Reader reader(*json, "metadata");
  meta.ns = reader.string("namespace").value_or("");
  meta.name = reader.string("name").value_or("");
  meta.uid = reader.string("uid").value_or("");
  meta.resource_version = reader.string("resourceVersion").value_or("");
  meta.generation = reader.integer("generation").value_or(0);
  meta.creation_ms = reader.time("creationTimestamp");
  meta.deleting = reader.find("deletionTimestamp") != nullptr;
  if (meta.name.empty()) reader.fail(DecodeErrc::MissingField, "metadata.name", "is missing");
  if (meta.uid.empty()) reader.fail(DecodeErrc::MissingField, "metadata.uid", "is missing");
  for (const nlohmann::json& owner : reader.array("ownerReferences")) {
    Reader ref(owner, "metadata.ownerReferences");
    if (ref.boolean("controller").value_or(false)) meta.owner_uid = ref.string("uid").value_or("");
    reader.absorb(ref);
  }
  object.absorb(reader);
  return meta;
}

std::string read_annotation(Reader& object, std::string_view name) {
  const nlohmann::json* metadata = object.find("metadata");
  if (metadata == nullptr || !metadata->is_object()) return {};
  const auto annotations = metadata->find("annotations");
  if (annotations == metadata->end() || !annotations->is_object()) return {};
  const auto found = annotations->find(name);
  if (found == annotations->end() || !found->is_string()) return {};
  const std::string& value = found->get_ref<const std::string&>();
  return value.size() <= max_read_annotation ? value : std::string();
}

QueueLabels read_queue_labels(Reader& object) {
  const nlohmann::json* metadata = object.find("metadata");
  return metadata == nullptr ? QueueLabels() : queue_labels_in(*metadata);
}

}  // namespace ork::api
