#include "operator/embedded/node/room.hpp"

#include <algorithm>
#include <vector>

namespace ork::embedded {

bool Room::fits(const RoomNeeded& need) const {
  return pods_ < capacity_.pods && need.cpu_millis <= capacity_.cpu_millis - cpu_millis_ &&
         need.memory_bytes <= capacity_.memory_bytes - memory_bytes_;
}

void Room::take(const RoomNeeded& need) {
  ++pods_;
  cpu_millis_ += need.cpu_millis;
  memory_bytes_ += need.memory_bytes;
}

void Room::give_back(const RoomNeeded& need) {
  --pods_;
  cpu_millis_ -= need.cpu_millis;
  memory_bytes_ -= need.memory_bytes;
}

std::string why_unschedulable(const PodSpec& pod, const NodeCapacity& capacity) {
  const RoomNeeded need = room_needed(pod);
  std::vector<std::string> reasons;
  if (need.cpu_millis > capacity.cpu_millis) reasons.emplace_back("1 Insufficient cpu");
  if (need.memory_bytes > capacity.memory_bytes) reasons.emplace_back("1 Insufficient memory");
  const bool selected = std::all_of(pod.node_selector.begin(), pod.node_selector.end(), [&](const auto& wanted) {
    const auto label = capacity.labels.find(wanted.first);
    return label != capacity.labels.end() && label->second == wanted.second;
  });
  if (pod.node.empty() && !selected) reasons.emplace_back("1 node(s) didn't match Pod's node affinity/selector");
  if (reasons.empty()) return {};
  std::string listed;
  for (const std::string& reason : reasons) listed += (listed.empty() ? "" : ", ") + reason;
  return "0/1 nodes are available: " + listed +
         ". no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for "
         "scheduling.";
}

}  // namespace ork::embedded
