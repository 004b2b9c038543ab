// The part of the garbage collector that empties a namespace which is being deleted.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "operator/embedded/client/resources.hpp"
#include "operator/embedded/garbage_collector/garbage_collector.hpp"
#include "operator/embedded/garbage_collector/limits.hpp"

namespace ork::embedded {

using Json = nlohmann::json;

// One look through all kinds of a namespace.
struct GarbageCollector::Cleaning {
  std::string ns;
  std::size_t kind = 0;        // the one being looked at
  std::size_t found = 0;       // objects, of all kinds so far
  std::size_t on_its_way = 0;  // deletions without an answer
};

void GarbageCollector::clean_namespace(const std::string& name) {
  auto cleaning = std::make_shared<Cleaning>();
  cleaning->ns = name;
  clean_kind(std::move(cleaning));
}

namespace {

// It is being deleted, and finalizers or its grace period have the word. A server-side apply can create an object with
// a deletionTimestamp, which nothing else would ever end.
bool ends_by_itself(const Json& metadata) {
  if (!metadata.contains("deletionTimestamp") || metadata["deletionTimestamp"].is_null()) return false;
  const auto finalizers = metadata.find("finalizers");
  const auto grace = metadata.find("deletionGracePeriodSeconds");
  const bool held = finalizers != metadata.end() && finalizers->is_array() && !finalizers->empty();
  return held || (grace != metadata.end() && grace->is_number() && *grace > 0);
}

}  // namespace

void GarbageCollector::clean_kind(std::shared_ptr<Cleaning> cleaning) {
  const auto& kinds = options_.kinds;
  while (cleaning->kind < kinds.size() && !kinds[cleaning->kind].namespaced) ++cleaning->kind;
  if (cleaning->kind == kinds.size()) {
    if (cleaning->found == 0) return finalize_namespace(cleaning->ns);
    return namespace_again(cleaning->ns);
  }
  kube::Request request = kube::list_request(kinds[cleaning->kind].resource, cleaning->ns, {});
  request.accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
  call(std::move(request), [this, cleaning](const Result<kube::Response, kube::Error>& answer) {
    if (!answer) {
      if (hooks_.on_trouble) hooks_.on_trouble(answer.error().message);
      return namespace_again(cleaning->ns);
    }
    cleaned_kind(cleaning, answer->body);
  });
}

// Deletes one page of objects; whatever is left is found the next time.
void GarbageCollector::cleaned_kind(const std::shared_ptr<Cleaning>& cleaning, const std::string& body) {
  const kube::Resource& resource = options_.kinds[cleaning->kind].resource;
  const Json list = Json::parse(body, nullptr, false);
  const Json items =
      list.is_object() && list.contains("items") && list["items"].is_array() ? list["items"] : Json::array();
  for (const Json& item : items) {
    const Json meta = item.is_object() ? item.value("metadata", Json::object()) : Json::object();
    if (!meta.is_object() || !meta.contains("name") || !meta["name"].is_string()) continue;
    ++cleaning->found;
    if (ends_by_itself(meta)) continue;
    ++deletions_;
    ++cleaning->on_its_way;
    const std::string uid = meta.contains("uid") && meta["uid"].is_string() ? meta["uid"].get<std::string>() : "";
    call(kube::delete_request(resource, cleaning->ns, meta["name"].get<std::string>(), uid),
         [this, cleaning](const Result<kube::Response, kube::Error>& answer) {
           if (!answer && answer.error().code != kube::Errc::NotFound && hooks_.on_trouble) {
             hooks_.on_trouble(answer.error().message);
           }
           if (--cleaning->on_its_way > 0) return;
           ++cleaning->kind;
           clean_kind(cleaning);
         });
  }
  if (cleaning->on_its_way > 0) return;
  ++cleaning->kind;
  clean_kind(cleaning);
}

namespace {

// The namespace's finalizers without those that tell how its dependents go; null: it has none of these.
Json other_finalizers(const Json& object) {
  const Json metadata = object.value("metadata", Json::object());
  const auto held = metadata.is_object() ? metadata.find("finalizers") : metadata.end();
  if (!metadata.is_object() || held == metadata.end() || !held->is_array()) return {};
  Json left = Json::array();
  for (const Json& finalizer : *held) {
    if (finalizer != "orphan" && finalizer != "foregroundDeletion") left.push_back(finalizer);
  }
  return left.size() == held->size() ? Json() : left;
}

}  // namespace

// What is in it has gone, so nothing is left that could depend on it.
void GarbageCollector::finalize_namespace(const std::string& name) {
  call(kube::get_request(namespace_resource(), "", name),
       [this, name](const Result<kube::Response, kube::Error>& answer) {
         Json object = answer ? Json::parse(answer->body, nullptr, false) : Json();
         if (!object.is_object()) {
           if (!answer && answer.error().code == kube::Errc::NotFound) return void(leaving_.erase(name));
           return namespace_again(name);
         }
         if (const Json left = other_finalizers(object); !left.is_null()) {
           const std::string patch = Json{{"metadata", {{"finalizers", left}}}}.dump();
           call(kube::patch_request(namespace_resource(), "", name, "", kube::PatchType::Merge, patch),
                [this, name](const Result<kube::Response, kube::Error>& patched) {
                  if (patched) return finalize_namespace(name);
                  if (patched.error().code != kube::Errc::NotFound) namespace_again(name);
                });
           return;
         }
         object["spec"]["finalizers"] = Json::array();
         kube::Request request = kube::replace_request(namespace_resource(), "", name,
                                                       object.dump(-1, ' ', false, Json::error_handler_t::replace));
         request.path = kube::resource_path(namespace_resource(), "", name, "finalize");
         call(std::move(request), [this, name](const Result<kube::Response, kube::Error>& put) {
           if (!put && put.error().code != kube::Errc::NotFound) namespace_again(name);
         });
       });
}

// Contents may take their time to go (a Pod has its grace).
void GarbageCollector::namespace_again(const std::string& name) {
  const auto leaving = leaving_.find(name);
  if (leaving == leaving_.end()) return;
  runtime::Duration& wait = leaving->second.wait;
  wait = std::clamp(wait * 2, limits::namespace_again, limits::namespace_again_cap);
  leaving->second.timer = loop_.after(wait, [this, name] { clean_namespace(name); });
}

}  // namespace ork::embedded
