#pragma once

// What this node has room for, and whom it would never have room for. Pure.

#include <cstdint>
#include <map>
#include <string>

#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded {

struct NodeCapacity {
  std::int64_t pods = 16;
  std::int64_t cpu_millis = 0;
  std::int64_t memory_bytes = 0;
  std::map<std::string, std::string> labels;  // what a nodeSelector can ask for
};

class Room {
 public:
  explicit Room(NodeCapacity capacity) : capacity_(std::move(capacity)) {}

  bool fits(const RoomNeeded& need) const;
  void take(const RoomNeeded& need);
  void give_back(const RoomNeeded& need);

  const NodeCapacity& capacity() const { return capacity_; }
  std::int64_t pods() const { return pods_; }

 private:
  NodeCapacity capacity_;
  std::int64_t pods_ = 0;
  std::int64_t cpu_millis_ = 0;
  std::int64_t memory_bytes_ = 0;
};

// Why the Pod can never run here, in the scheduler's words; empty: it can, once there is room. A Pod
// that is on the node already is not asked what it selects.
std::string why_unschedulable(const PodSpec& pod, const NodeCapacity& capacity);

}  // namespace ork::embedded
