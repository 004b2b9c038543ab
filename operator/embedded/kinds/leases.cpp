#include "operator/embedded/kinds/leases.hpp"

#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {

void prepare_lease(Json& lease, const Json*) {
  auto spec = lease.find("spec");
  if (spec == lease.end() || !spec->is_object()) return;
  for (const char* field : {"strategy", "preferredHolder"}) spec->erase(field);
}

Problems lease_problems(const Json& lease, const Json* old) {
  Problems out = old == nullptr ? meta_problems(lease, true, names::subdomain_name) : meta_update_problems(lease, *old);
  Place spec = Place(lease, "")["spec"];
  Place duration = spec["leaseDurationSeconds"];
  if (duration.present() && duration.number() <= 0) {
    out.push_back(problems::invalid(duration.path(), duration.value(), "must be greater than 0"));
  }
  append_if_negative(out, spec["leaseTransitions"]);
  return out;
}

}  // namespace ork::embedded
