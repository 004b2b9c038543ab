#pragma once

// The JSON of a coordination.k8s.io/v1 Lease: what is read of it and what is written into it. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::runtime {

struct LeaseRecord {
  std::string resource_version;
  std::string holder;    // empty: nobody holds it
  Duration duration{0};  // as its holder wrote it; 0: not written
  std::string document;  // the whole object, so that what others have put there survives a PUT
};

// Who claims it and until when, seen from the claim.
struct LeaseClaim {
  std::string ns;
  std::string name;
  std::string identity;
  Duration duration{0};
  std::int64_t wall_ms = 0;
};

// Fails only where `body` is no object with a resourceVersion; odd fields in spec count as unset.
Result<LeaseRecord, std::string> read_lease(std::string_view body);

// The body of a POST that creates the lease and holds it.
std::string new_lease(const LeaseClaim& claim);
// The body of a PUT that takes the lease over or, where the claimant holds it, renews it. It
// carries the record's resourceVersion, so it fails where anyone was faster.
std::string claimed_lease(const LeaseRecord& record, const LeaseClaim& claim);
// The body of a PUT that leaves the lease to nobody.
std::string released_lease(const LeaseRecord& record, std::int64_t wall_ms);

// "2026-01-31T09:05:00.120000Z", the form of a Kubernetes MicroTime.
std::string micro_time(std::int64_t wall_ms);

}  // namespace ork::runtime
