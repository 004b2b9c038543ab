#include "operator/embedded/kinds/namespaces.hpp"

#include <algorithm>

#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

Json& object_at(Json& holder, const char* name) {
  Json& value = holder[name];
  if (!value.is_object()) value = Json::object();
  return value;
}

void label_with_name(Json& object) {
  std::string name = Place(object, "")["metadata"]["name"].text();
  if (!name.empty()) object_at(object_at(object, "metadata"), "labels")["kubernetes.io/metadata.name"] = name;
}

}  // namespace

void default_namespace(Json& object) {
  label_with_name(object);
  Json& status = object_at(object, "status");
  if (!status.contains("phase")) status["phase"] = "Active";
}

void prepare_namespace(Json& object, const Json* old) {
  label_with_name(object);
  Json& spec = object_at(object, "spec");
  if (old != nullptr) {
    Place finalizers = Place(*old, "")["spec"]["finalizers"];
    spec.erase("finalizers");
    if (finalizers.present()) spec["finalizers"] = finalizers.value();
    return;
  }
  object["status"] = {{"phase", "Active"}};
  Json& finalizers = spec["finalizers"];
  if (!finalizers.is_array()) finalizers = Json::array();
  if (std::find(finalizers.begin(), finalizers.end(), "kubernetes") == finalizers.end()) {
    finalizers.push_back("kubernetes");
  }
}

Problems namespace_problems(const Json& object, const Json* old) {
  Problems out = core_meta_problems(object, false, names::label_name);
  Place finalizers = Place(object, "")["spec"]["finalizers"];
  for (const Place& listed : finalizers.items()) {
    Place finalizer(listed.value(), finalizers.path());
    append_wrong(out, finalizer, names::qualified_name(finalizer.text()));
    append_if_not_standard(out, finalizer);
  }
  if (old != nullptr) append(out, core_meta_update_problems(object, *old));
  return out;
}

Problems namespace_status_problems(const Json& object, const Json* old) {
  Problems out;
  if (old != nullptr) append(out, core_meta_update_problems(object, *old));
  bool deleted = Place(object, "")["metadata"]["deletionTimestamp"].present();
  std::string phase = Place(object, "")["status"]["phase"].text();
  if (!deleted && phase != "Active") {
    out.push_back(problems::invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty"));
  } else if (deleted && phase != "Terminating") {
    out.push_back(
        problems::invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
  }
  return out;
}

}  // namespace ork::embedded
