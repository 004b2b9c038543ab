#pragma once

// Sends Kubernetes Events about our objects, for `kubectl describe`. Never waited for, never retried.

#include <cstdint>
#include <string>

#include "controllers/api/meta.hpp"
#include "controllers/run/plan.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

class EventRecorder {
 public:
  // `instance` names this process in the Events.
  EventRecorder(kube::Transport& transport, runtime::Loop& loop, std::string instance);

  void record(const api::ObjectMeta& about, std::string_view kind, const run::Event& event);
  std::uint64_t dropped() const { return dropped_; }

 private:
  kube::Transport& transport_;
  runtime::Loop& loop_;
  std::string instance_;
  std::uint64_t sequence_ = 0;
  std::uint64_t dropped_ = 0;
  std::shared_ptr<std::size_t> in_flight_ = std::make_shared<std::size_t>(0);
};

}  // namespace ork::reconcile
