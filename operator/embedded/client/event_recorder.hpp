#pragma once

// Sends Events about objects, for `kubectl describe`. Never waited for, never retried; beyond
// max_events_in_flight they are dropped and counted.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "controllers/api/meta.hpp"
#include "operator/kube/request.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

// An Event is a courtesy and must never hold back work.
inline constexpr std::size_t max_events_in_flight = 50;
// The API's bound on an Event's note is 1,024 bytes.
inline constexpr std::size_t max_event_note = 1000;

struct EventText {
  bool warning = false;
  std::string reason;  // CamelCase, one word
  std::string note;    // a sentence
};

class EventRecorder {
 public:
  // `controller` reports them: "ork.dev/node"; `instance` is this one of its kind.
  EventRecorder(kube::Transport& transport, runtime::Loop& loop, std::string controller, std::string instance);

  void record(const kube::Resource& resource, const api::ObjectMeta& about, const EventText& event);
  std::uint64_t dropped() const { return dropped_; }

 private:
  kube::Transport& transport_;
  runtime::Loop& loop_;
  std::string controller_;
  std::string instance_;
  std::uint64_t sequence_ = 0;
  std::uint64_t dropped_ = 0;
  std::shared_ptr<std::size_t> in_flight_ = std::make_shared<std::size_t>(0);
};

}  // namespace ork::embedded
