#include "operator/replicas/group_view.hpp"

#include <algorithm>
#include <utility>

#include "operator/replicas/limits.hpp"
#include "operator/runtime/resource_version.hpp"

namespace ork::replicas {

using runtime::ChangeType;
using runtime::parse_resource_version;

GroupView::GroupView(runtime::Loop& loop, std::string group, std::function<void()> changed)
    : loop_(loop), group_(std::move(group)), changed_(std::move(changed)) {}

void GroupView::note_written(HoldersSeen written) {
  if (is_older(written.resource_version)) return;
  holders_ = std::move(written);
  if (listing_) listing_->wrote_meanwhile = true;
}

void GroupView::spare(const std::string& identity, runtime::Instant until) {
  const auto it = members_.find(identity);
  if (it != members_.end()) it->second.expires = std::max(it->second.expires, until);
}

void GroupView::note_removed(const std::string& identity) { members_.erase(identity); }

void GroupView::list_started() { listing_.emplace(); }

Result<runtime::ObjectRef, runtime::DecodeError> GroupView::object_seen(ChangeType change,
                                                                        simdjson::ondemand::object& object) {
  std::string_view raw;
  if (object.raw_json().get(raw) != simdjson::SUCCESS) return Err(runtime::DecodeError{"it is no JSON object"});
  const auto lease = read_lease(raw);
  if (!lease) return Err(runtime::DecodeError{lease.error()});
  if (change == ChangeType::Deleted) {
    drop(*lease);
  } else {
    take_in(*lease);
  }
  if (!listing_) changed_();
  return runtime::ObjectRef{lease->ns, lease->name, lease->resource_version};
}

// What was seen of it before stands, in a list as well.
void GroupView::object_unreadable(ChangeType change, const runtime::Unreadable& object) {
  const auto it = members_.find(member_of(group_, object.name));
  if (it == members_.end()) return;
  if (listing_) {
    listing_->members.insert(*it);
  } else if (change == ChangeType::Deleted) {
    members_.erase(it);
    changed_();
  }
}

void GroupView::take_in(const LeaseSeen& lease) {
  if (lease.name == group_) {
    HoldersSeen seen{lease.resource_version, read_holders(lease.buckets)};
    if (listing_) {
      listing_->holders = std::move(seen);
    } else if (!is_older(lease.resource_version)) {
      holders_ = std::move(seen);
    }
    return;
  }
  // The label is anybody's to set.
  const std::string identity(member_of(group_, lease.name));
  if (identity.empty()) return;
  (listing_ ? listing_->members : members_)[identity] = seen_now(identity, lease);
}

// Who holds what stays known, so that the Lease can be made again as it was.
void GroupView::drop(const LeaseSeen& lease) {
  if (lease.name == group_) {
    if (!is_older(lease.resource_version)) holders_.resource_version.clear();
  } else {
    members_.erase(std::string(member_of(group_, lease.name)));
  }
}

MemberSeen GroupView::seen_now(const std::string& identity, const LeaseSeen& lease) const {
  const auto known = members_.find(identity);
  // Listed again: it has not been renewed since.
  if (known != members_.end() && known->second.resource_version == lease.resource_version) return known->second;
  const auto duration =
      lease.duration.count() > 0 ? std::min(lease.duration, limits::longest_lease) : limits::lease_duration;
  return {lease.uid, lease.resource_version, loop_.now() + duration};
}

bool GroupView::is_older(const std::string& version) const {
  return runtime::is_older(parse_resource_version(version), parse_resource_version(holders_.resource_version));
}

void GroupView::list_finished(std::string_view) {
  Listing listed = std::move(*listing_);
  listing_.reset();
  members_ = std::move(listed.members);
  if (listed.wrote_meanwhile) {
    // The watch goes on from the list, and shows what was written since.
  } else if (listed.holders) {
    holders_ = *std::move(listed.holders);
  } else {
    holders_.resource_version.clear();
  }
  is_listed_ = true;
  changed_();
}

}  // namespace ork::replicas
