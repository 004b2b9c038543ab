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
    // Bytes of the client's own: what is empty and what is not there are two things.
    const Json& before = Place(*old, "")["data"].value();
    if (now["data"].value() != before)
      out.push_back(problems::invalid("data", now["data"].value(), "field is immutable"));
  } else if (!now["data"].present()) {
    out.push_back(problems::required("data", "data is mandatory"));
  } else if (!now["data"].value().is_object()) {
    out.push_back(problems::required("data", "data must be a valid JSON object"));
  }
  return out;
}

}  // namespace ork::embedded
