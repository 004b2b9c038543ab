#include "tests/sim/queue.hpp"

#include "controllers/api/queue_labels.hpp"
#include "operator/reconcile/kinds.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {
namespace {

using runtime::Duration;
using Json = nlohmann::json;

// In milliseconds: as long as a queue may be full, and what runs may be left in peace. Most programs take less.
constexpr std::int64_t longest_wait = 8'000;
constexpr std::int64_t longest_turn = 6'000;

bool is_over(const Json& job) {
  for (const Json& condition : value_at(job, "/status/conditions")) {
    const std::string type = condition.value("type", "");
    if ((type == "Complete" || type == "Failed") && condition.value("status", "") == "True") return true;
  }
  return false;
}

bool is_queued(const Json& job) {
  const Json& labels = value_at(job, "/metadata/labels");
  return labels.is_object() && labels.contains(api::label_queue);
}

}  // namespace

// A Job of which the present state was seen before is under way already.
void Queue::job_seen(const Event& event) {
  if (event.object == nullptr || !is_queued(*event.object)) return;
  const std::string uid = text_at(*event.object, "/metadata/uid");
  if (is_over(*event.object)) jobs_[uid].has_ended = true;
  const Json& suspend = value_at(*event.object, "/spec/suspend");
  const bool is_suspended = suspend.is_boolean() && suspend.get<bool>();
  const auto [it, is_new] = jobs_.try_emplace(uid);
  Held& held = it->second;
  if (held.has_ended || (!is_new && held.is_suspended == is_suspended)) return;
  if (is_new) held.stops = chance_.happens(40) ? static_cast<int>(chance_.between(1, 2)) : 0;
  held.is_suspended = is_suspended;
  if (is_suspended) {
    later_.in(Duration{chance_.between(0, longest_wait)}, [this, key = event.key, uid] { set(key, uid, false); });
  } else if (held.stops-- > 0) {
    later_.in(Duration{chance_.between(0, longest_turn)}, [this, key = event.key, uid] { set(key, uid, true); });
  }
}

// One that has ended or is gone, or another by its name, is let be.
void Queue::set(const std::string& key, const std::string& uid, bool suspend) {
  if (jobs_[uid].has_ended) return;
  const Json patch = {{"metadata", {{"uid", uid}}}, {"spec", {{"suspend", suspend}}}};
  transport_.call(kube::patch_request(reconcile::jobs(), "default", key.substr(key.find('/') + 1), "",
                                      kube::PatchType::Merge, patch.dump()),
                  [](const auto&) {});
}

}  // namespace ork::sim
