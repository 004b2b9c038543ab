#pragma once

// Who owns whom, over all kinds, and what follows from it for one object. Pure; the rules are those of
// Kubernetes' garbage collector.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ork::embedded {

// An entry of metadata.ownerReferences.
struct OwnerRef {
  std::string uid;
  std::string api_version;
  std::string kind;
  std::string name;
  bool blocks = false;  // blockOwnerDeletion
  friend bool operator==(const OwnerRef&, const OwnerRef&) = default;
};

struct OwnedObject {
  std::size_t kind = 0;  // which of the kinds that are watched
  std::string ns;
  std::string name;
  std::string uid;
  std::vector<OwnerRef> owners;
  bool deleting = false;
  bool foreground = false;  // has the finalizer foregroundDeletion
  bool orphan = false;      // has the finalizer orphan
  friend bool operator==(const OwnedObject&, const OwnedObject&) = default;

  bool waits_for_dependents() const { return deleting && foreground; }
};

class ObjectGraph {
 public:
  // `kinds`: "apiVersion/Kind" of what is watched: an owner of any other kind is taken to be there.
  explicit ObjectGraph(std::unordered_set<std::string> kinds) : kinds_(std::move(kinds)) {}
  ObjectGraph(const ObjectGraph&) = delete;
  ObjectGraph& operator=(const ObjectGraph&) = delete;

  void put(OwnedObject object);
  // The object is no more; false where it was not held.
  bool remove(const std::string& uid);
  // Somebody has looked, and there is no object with this uid.
  void note_absent(const std::string& uid);

  const OwnedObject* find(const std::string& uid) const;
  // Those that name this uid as an owner, in the order of their own uids: the simulator's runs are the same each time.
  std::vector<const OwnedObject*> dependents(const std::string& uid) const;
  std::vector<std::string> uids_of_kind(std::size_t kind) const;
  std::size_t size() const { return objects_.size(); }

  enum class OwnerState { Solid, Waiting, Absent, Unknown };
  OwnerState state_of(const OwnerRef& owner) const;

 private:
  std::unordered_set<std::string> kinds_;
  std::unordered_map<std::string, OwnedObject> objects_;  // by uid
  struct ByUid {
    bool operator()(const OwnedObject* a, const OwnedObject* b) const { return a->uid < b->uid; }
  };
  std::unordered_map<std::string, std::set<const OwnedObject*, ByUid>> dependents_;
  std::unordered_set<std::string> absent_;
};

enum class GarbageAction {
  Nothing,
  LookUp,             // `owners`: whether they exist
  DeleteBackground,   // its owners are gone, or are going and take it with them
  DeleteForeground,   // the same, and it has dependents that block
  DropOwners,         // `owners`: it has others that are there
  OrphanDependents,   // then remove the finalizer orphan
  ReleaseForeground,  // nothing blocks it any more: remove the finalizer foregroundDeletion
};

struct GarbageVerdict {
  GarbageAction action = GarbageAction::Nothing;
  std::vector<OwnerRef> owners;
  friend bool operator==(const GarbageVerdict&, const GarbageVerdict&) = default;
};

GarbageVerdict judge(const ObjectGraph& graph, const OwnedObject& object);

}  // namespace ork::embedded
