#pragma once

// A queueing system (Kueue) that takes in the Jobs that name a queue: starts each after a while, and some it stops
// again, once or twice, for somebody more urgent.

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "operator/kube/transport.hpp"
#include "tests/sim/actor.hpp"
#include "tests/sim/chance.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

class Queue {
 public:
  // Transport and later must outlive this.
  Queue(kube::Transport& transport, Later& later, Chance chance)
      : transport_(transport), later_(later), chance_(chance) {}

  // A Job as it has been stored.
  void job_seen(const Event& event);

 private:
  struct Held {
    bool is_suspended = false;
    bool has_ended = false;
    int stops = 0;  // still to come
  };
  void set(const std::string& key, const std::string& uid, bool suspend);

  kube::Transport& transport_;
  Later& later_;
  Chance chance_;
  std::map<std::string, Held> jobs_;  // by uid
};

}  // namespace ork::sim
