#pragma once

// The JSON of the coordination.k8s.io/v1 Leases that operators share their work by. Pure. For a group called G there is
// a Lease for each member, "G-<identity>", which that member alone renews, and one called G, whose annotation says who
// holds which bucket. All carry the label ork.dev/operators=G, so that one watch shows them in the order of their
// changes.

#include <cstdint>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "controllers/shard/shares.hpp"
#include "operator/kube/request.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::replicas {

const kube::Resource& lease_resource();
// The selector of a group's Leases.
std::string group_selector(std::string_view group);
std::string member_lease_name(std::string_view group, std::string_view identity);
// Whose Lease is called so; empty: no member's.
std::string_view member_of(std::string_view group, std::string_view lease_name);

// What is read of one Lease of a group.
struct LeaseSeen {
  std::string ns;
  std::string name;
  std::string uid;
  std::string resource_version;
  runtime::Duration duration{0};  // as its member wrote it; 0: not written
  std::string buckets;            // the annotation; empty: none
};

// Fails only where `json` has no metadata.name and resourceVersion; odd fields elsewhere count as unset.
Result<LeaseSeen, std::string> read_lease(std::string_view json);

struct Member {
  std::string ns;
  std::string group;
  std::string identity;
  runtime::Duration duration{0};
};

// The body of a POST that makes a member's Lease, and of a merge PATCH that renews it.
std::string new_member_lease(const Member& member, std::int64_t wall_ms);
std::string renewed_member_lease(const Member& member, std::int64_t wall_ms);

// "2026-01-31T09:05:00.120000Z", the form of a Kubernetes MicroTime.
std::string micro_time(std::int64_t wall_ms);

// The annotation's value: {"<identity>": "0-31,40"}, by identity. What is no such text, or names no bucket, gives
// nothing to anybody; of two who are given the same bucket the first has it.
std::string holders_text(const shard::Holders& holders);
shard::Holders read_holders(std::string_view text);

// The body of a POST that makes the group's Lease, and of a merge PATCH that changes it and fails where it is no
// longer of that version.
std::string new_group_lease(const Member& member, const shard::Holders& holders);
std::string changed_group_lease(const shard::Holders& holders, std::string_view resource_version);

// A DELETE of that Lease, as long as it has this uid and is of that version.
kube::Request delete_unchanged(const std::string& ns, const std::string& name, const std::string& uid,
                               const std::string& resource_version);

}  // namespace ork::replicas
