#include "operator/embedded/kinds/revisions.hpp"

#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {

Problems controller_revision_problems(const Json& revision, const Json* old) {
  Place now(revision, "");
  Problems out;
  if (old != nullptr) append(out, core_meta_update_problems(revision, *old));
  append(out, core_meta_problems(revision, true, names::subdomain_name));
  append_if_negative(out, now["revision"]);
  if (old != nullptr) {
    append_if_changed(out, now["data"], Place(*old, "")["data"]);
  } else if (!now["data"].present()) {
    out.push_back(problems::required("data", "data is mandatory"));
  } else if (!now["data"].value().is_object()) {
    out.push_back(problems::required("data", "data must be a valid JSON object"));
  }
  return out;
}

}  // namespace ork::embedded
