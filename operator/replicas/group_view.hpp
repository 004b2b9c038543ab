#pragma once

// What a watch has shown of a group's Leases: who its members are, and who holds which bucket. The watch shows both in
// the order of their changes, so who is named as a holder and not shown as a member has been one and is gone for good:
// a member makes its Lease before it claims anything, and never again once it was removed.

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "operator/replicas/leases.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/sink.hpp"

namespace ork::replicas {

struct MemberSeen {
  std::string uid;
  std::string resource_version;
  runtime::Instant expires{};  // on our clock, from when we saw its last renewal
};

// Who holds what, as of one version of the group's Lease.
struct HoldersSeen {
  std::string resource_version;  // empty: there is no such Lease (any more)
  shard::Holders holders;
};

class GroupView final : public runtime::Sink {
 public:
  // `changed` is called after whatever the watch has shown, in a list once at its end.
  GroupView(runtime::Loop& loop, std::string group, std::function<void()> changed);

  // By identity; no member has to be us.
  const std::map<std::string, MemberSeen, std::less<>>& members() const { return members_; }
  const HoldersSeen& holders() const { return holders_; }
  bool is_listed() const { return is_listed_; }

  // The group's Lease as we have just written it; what the watch shows of before is not taken in any more.
  void note_written(HoldersSeen written);
  // It could not be removed as it was seen: it lives, and what shows that is on its way.
  void spare(const std::string& identity, runtime::Instant until);
  // The API server says that it is no longer there.
  void note_removed(const std::string& identity);

  void list_started() override;
  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override;
  void object_unreadable(runtime::ChangeType change, const runtime::Unreadable& object) override;
  void list_finished(std::string_view resource_version) override;

 private:
  struct Listing {
    std::map<std::string, MemberSeen, std::less<>> members;
    std::optional<HoldersSeen> holders;
    bool wrote_meanwhile = false;  // what it says of the holders may be of before
  };

  void take_in(const LeaseSeen& lease);
  void drop(const LeaseSeen& lease);
  MemberSeen seen_now(const std::string& identity, const LeaseSeen& lease) const;
  // Than what is known of the group's Lease.
  bool is_older(const std::string& version) const;

  runtime::Loop& loop_;
  std::string group_;
  std::function<void()> changed_;
  std::map<std::string, MemberSeen, std::less<>> members_;
  HoldersSeen holders_;
  std::optional<Listing> listing_;
  bool is_listed_ = false;
};

}  // namespace ork::replicas
