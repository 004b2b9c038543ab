#pragma once

// What is served under which group and version, as discovery tells it: kinds with their subresources,
// and the resources that can only be asked (reviews). Both forms of discovery are written from this.

#include <string>
#include <vector>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

struct Subresource {
  std::string name;  // "status"
  std::string kind;  // what it answers with, where that is another kind: "Binding"
  std::vector<std::string> verbs;
};

struct Resource {
  std::string plural;
  std::string singular;
  std::string kind;
  bool namespaced = true;
  bool custom = false;
  std::vector<std::string> verbs;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::string storage_hash;  // empty: nothing is stored
  std::vector<Subresource> subresources;
};

struct GroupVersion {
  std::string group;  // empty: core
  std::string version;
  std::vector<Resource> resources;

  std::string name() const { return group.empty() ? version : group + "/" + version; }
};

// In the order in which kubectl looks for a name: core first, then as kube-apiserver ranks groups,
// those of CRDs last.
std::vector<GroupVersion> group_versions(const Kinds& kinds);

}  // namespace ork::embedded
