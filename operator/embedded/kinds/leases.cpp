#include "operator/embedded/kinds/leases.hpp"

#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {

Problems lease_problems(const Json& lease, const Json* old) {
  Problems out = old == nullptr ? meta_problems(lease, true, names::subdomain_name) : meta_update_problems(lease, *old);
  Place spec = Place(lease, "")["spec"];
  Place duration = spec["leaseDurationSeconds"], strategy = spec["strategy"], holder = spec["preferredHolder"];
  if (duration.present() && duration.number() <= 0) {
    out.push_back(problems::invalid(duration.path(), duration.value(), "must be greater than 0"));
  }
  append_if_negative(out, spec["leaseTransitions"]);
  std::string name = strategy.text();
  if (strategy.present() && name.find('/') != std::string::npos) {
    Place named(strategy.value(), strategy.path("strategy"));
    append_wrong(out, named, names::qualified_name(name));
  } else if (strategy.present() && name != "OldestEmulationVersion") {
    // The path repeats itself in Kubernetes too.
    out.push_back(problems::not_supported(strategy.path("strategy"), name, {"OldestEmulationVersion"}));
  }
  if (!holder.text().empty() && name.empty()) {
    out.push_back(problems::forbidden(holder.path(), "may only be specified if `strategy` is defined"));
  }
  return out;
}

}  // namespace ork::embedded
