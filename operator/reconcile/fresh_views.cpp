#include "operator/reconcile/fresh_views.hpp"

#include <algorithm>

#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/limits.hpp"
#include "operator/runtime/resource_version.hpp"

namespace ork::reconcile {

using runtime::parse_resource_version;

bool FreshViews::is_fresh(const kube::Resource& resource, const api::ObjectMeta& held, std::string_view share_key,
                          const std::function<void(runtime::Duration)>& again) {
  const std::uint64_t taken_at = taken_at_ ? taken_at_(share_key) : 0;
  const std::uint64_t version = parse_resource_version(held.resource_version);
  if (!runtime::is_older(version, taken_at)) {
    asked_.erase(held.uid);
    return true;
  }
  Asked& asked = asked_[held.uid];
  if (asked.taken_at != taken_at)
    asked = {.taken_at = taken_at, .under_way = asked.under_way, .not_before = asked.not_before};
  if (asked.version != 0) return version >= asked.version;
  if (asked.under_way) return false;  // the answer wakes who waits for it
  if (const runtime::Instant now = loop_.now(); now < asked.not_before) {
    // Said each time: whatever has brought the caller here meanwhile has taken the wake-up's place.
    again(std::chrono::ceil<runtime::Duration>(asked.not_before - now));
    return false;
  }
  asked.under_way = true;
  auto request = kube::get_request(resource, held.ns, held.name);
  request.accept = kube::accept_metadata_only;
  transport_.call(std::move(request), [this, uid = held.uid, taken_at, again](const auto& answer) {
    const auto it = asked_.find(uid);
    if (it == asked_.end()) return;
    it->second.under_way = false;
    const auto newest = answer ? written_version(answer->body) : std::nullopt;
    // One that is gone, too: the watch is about to tell.
    if (!newest) {
      const runtime::Duration wished = answer ? runtime::Duration{0} : least_wait(answer.error());
      const runtime::Duration wait = std::max(wished, limits::fresh_view_retry);
      it->second.not_before = loop_.now() + wait;
      return again(wait);
    }
    if (it->second.taken_at == taken_at) it->second.version = parse_resource_version(*newest);
    again(runtime::Duration{0});
  });
  return false;
}

}  // namespace ork::reconcile
