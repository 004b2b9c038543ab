#include "operator/cli/cluster/json_sink.hpp"

#include <utility>

#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

std::string metadata_text(const Json& object, const char* field) {
  const auto metadata = object.is_object() ? object.find("metadata") : object.end();
  if (metadata == object.end() || !metadata->is_object()) return {};
  const auto it = metadata->find(field);
  return it != metadata->end() && it->is_string() ? it->get<std::string>() : std::string();
}

Json identity_of(const Json& object) {
  return {{"metadata",
           {{"namespace", metadata_text(object, "namespace")},
            {"name", metadata_text(object, "name")},
            {"uid", metadata_text(object, "uid")}}}};
}

}  // namespace

void JsonSink::list_started() {
  listing_ = true;
  listed_.clear();
}

Result<runtime::ObjectRef, runtime::DecodeError> JsonSink::object_seen(runtime::ChangeType change,
                                                                       simdjson::ondemand::object& object) {
  std::string_view raw;
  if (object.raw_json().get(raw) != simdjson::SUCCESS) return Err(runtime::DecodeError{"is no JSON object"});
  auto parsed = parse_answer(std::string(raw));
  if (!parsed) return Err(runtime::DecodeError{parsed.error().message});
  runtime::ObjectRef ref{metadata_text(*parsed, "namespace"), metadata_text(*parsed, "name"),
                         metadata_text(*parsed, "resourceVersion")};
  if (ref.name.empty() || ref.resource_version.empty()) {
    return Err(runtime::DecodeError{"has no name or no resourceVersion"});
  }
  const std::string key = ref.ns + "/" + ref.name;
  if (change == runtime::ChangeType::Applied) {
    held_.insert_or_assign(key, identity_of(*parsed));
    if (listing_) listed_.insert(key);
  } else {
    held_.erase(key);
  }
  on_object_(change, *parsed);
  return ref;
}

void JsonSink::object_unreadable(runtime::ChangeType change, const runtime::Unreadable& object) {
  if (listing_ && change == runtime::ChangeType::Applied) listed_.insert(object.ns + "/" + object.name);
}

void JsonSink::list_finished(std::string_view) {
  listing_ = false;
  for (auto it = held_.begin(); it != held_.end();) {
    if (listed_.contains(it->first)) {
      ++it;
      continue;
    }
    const Json gone = std::move(it->second);
    it = held_.erase(it);
    on_object_(runtime::ChangeType::Deleted, gone);
  }
}

}  // namespace ork::cli
