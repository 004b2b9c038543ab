#include "operator/reconcile/replica.hpp"

#include <utility>

#include "controllers/shard/shares.hpp"

namespace ork::reconcile {
namespace {

Operator::Which in(const replicas::Buckets& buckets) {
  return
      [buckets](std::string_view share_key) { return buckets[static_cast<std::size_t>(shard::bucket_of(share_key))]; };
}

}  // namespace

Replica::Replica(kube::Transport& transport, kube::Transport& lease_transport, runtime::Loop& loop,
                 const replicas::SharesOptions& shares, OperatorOptions options, ReplicaHooks hooks)
    : hooks_(std::move(hooks)),
      calls_(transport, loop),
      shares_(lease_transport, loop, shares, share_hooks()),
      operator_(
          calls_, loop, std::move(options),
          {.works_on = [this](std::string_view share_key) { return shares_.holds(shard::bucket_of(share_key)); },
           .taken_at = [this](std::string_view share_key) { return shares_.taken_at(shard::bucket_of(share_key)); },
           .on_synced =
               [this] {
                 if (hooks_.on_synced) hooks_.on_synced();
                 shares_.start();
               },
           .on_trouble = hooks_.on_trouble}) {}

replicas::SharesHooks Replica::share_hooks() {
  return {.on_gained =
              [this](const replicas::Buckets& gained) {
                operator_.take_on(in(gained));
                if (hooks_.on_share) hooks_.on_share();
              },
          .on_left =
              [this](const replicas::Buckets& left) {
                operator_.let_go(in(left));
                if (hooks_.on_share) hooks_.on_share();
              },
          .when_quiet = [this](std::function<void()> then) { calls_.when_quiet(std::move(then)); },
          .on_lost = [this](const std::string& why) { lost(why); },
          .on_trouble = hooks_.on_trouble};
}

void Replica::lost(const std::string& why) {
  operator_.stop();
  if (hooks_.on_lost) hooks_.on_lost(why);
}

void Replica::release(std::function<void()> done) { shares_.leave(std::move(done)); }

}  // namespace ork::reconcile
