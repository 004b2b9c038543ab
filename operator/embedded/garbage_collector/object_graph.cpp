#include "operator/embedded/garbage_collector/object_graph.hpp"

#include <algorithm>
#include <utility>

#include "operator/embedded/garbage_collector/limits.hpp"

namespace ork::embedded {

void ObjectGraph::put(OwnedObject object) {
  remove(object.uid);
  absent_.erase(object.uid);
  const std::string uid = object.uid;
  const OwnedObject& held = objects_.emplace(uid, std::move(object)).first->second;
  for (const OwnerRef& owner : held.owners) dependents_[owner.uid].insert(&held);
}

bool ObjectGraph::remove(const std::string& uid) {
  const auto held = objects_.find(uid);
  if (held == objects_.end()) return false;
  for (const OwnerRef& owner : held->second.owners) {
    const auto siblings = dependents_.find(owner.uid);
    if (siblings == dependents_.end()) continue;
    siblings->second.erase(&held->second);
    if (siblings->second.empty()) dependents_.erase(siblings);
  }
  objects_.erase(held);
  return true;
}

void ObjectGraph::note_absent(const std::string& uid) {
  // Only saves looking again.
  if (absent_.size() >= limits::absent_owners_kept) absent_.clear();
  absent_.insert(uid);
}

const OwnedObject* ObjectGraph::find(const std::string& uid) const {
  const auto held = objects_.find(uid);
  return held == objects_.end() ? nullptr : &held->second;
}

std::vector<const OwnedObject*> ObjectGraph::dependents(const std::string& uid) const {
  const auto held = dependents_.find(uid);
  if (held == dependents_.end()) return {};
  return {held->second.begin(), held->second.end()};
}

std::vector<std::string> ObjectGraph::uids_of_kind(std::size_t kind) const {
  std::vector<std::string> out;
  for (const auto& [uid, object] : objects_) {
    if (object.kind == kind) out.push_back(uid);
  }
  return out;
}

ObjectGraph::OwnerState ObjectGraph::state_of(const OwnerRef& owner) const {
  if (const OwnedObject* held = find(owner.uid)) {
    return held->waits_for_dependents() ? OwnerState::Waiting : OwnerState::Solid;
  }
  if (absent_.contains(owner.uid)) return OwnerState::Absent;
  return kinds_.contains(owner.api_version + "/" + owner.kind) ? OwnerState::Unknown : OwnerState::Solid;
}

namespace {

GarbageVerdict judge_deleting(const ObjectGraph& graph, const OwnedObject& object) {
  if (object.orphan) return {GarbageAction::OrphanDependents, {}};
  if (!object.foreground) return {};
  for (const OwnedObject* dependent : graph.dependents(object.uid)) {
    const bool blocks = std::any_of(dependent->owners.begin(), dependent->owners.end(),
                                    [&](const OwnerRef& owner) { return owner.uid == object.uid && owner.blocks; });
    if (blocks) return {};
  }
  return {GarbageAction::ReleaseForeground, {}};
}

}  // namespace

GarbageVerdict judge(const ObjectGraph& graph, const OwnedObject& object) {
  if (object.deleting) return judge_deleting(graph, object);
  if (object.owners.empty()) return {};
  std::vector<OwnerRef> solid;
  std::vector<OwnerRef> waiting;
  std::vector<OwnerRef> absent;
  std::vector<OwnerRef> unknown;
  for (const OwnerRef& owner : object.owners) {
    switch (graph.state_of(owner)) {
      case ObjectGraph::OwnerState::Solid: solid.push_back(owner); break;
      case ObjectGraph::OwnerState::Waiting: waiting.push_back(owner); break;
      case ObjectGraph::OwnerState::Absent: absent.push_back(owner); break;
      case ObjectGraph::OwnerState::Unknown: unknown.push_back(owner); break;
    }
  }
  if (!unknown.empty()) return {GarbageAction::LookUp, std::move(unknown)};
  if (!solid.empty()) {
    if (waiting.empty() && absent.empty()) return {};
    absent.insert(absent.end(), waiting.begin(), waiting.end());
    return {GarbageAction::DropOwners, std::move(absent)};
  }
  const bool has_dependents = !graph.dependents(object.uid).empty();
  return {!waiting.empty() && has_dependents ? GarbageAction::DeleteForeground : GarbageAction::DeleteBackground, {}};
}

}  // namespace ork::embedded
