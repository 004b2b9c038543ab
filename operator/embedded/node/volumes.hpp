#pragma once

// A Pod's volumes as folders of this machine: what is to stand in them (pure), and putting it there.

#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/node/environment.hpp"
#include "operator/embedded/node/path_map.hpp"
#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded {

struct PlannedFile {
  std::string path;  // below the volume's folder; neither absolute nor with ".."
  std::string content;
  int mode = 0644;
  friend bool operator==(const PlannedFile&, const PlannedFile&) = default;
};

struct PlannedVolume {
  std::string name;
  std::string folder;  // absolute
  bool made = true;    // the folder is ours; false: a hostPath
  // No container mounts all of it: of its files those are made that are mounted. A fan-out over 1,000 items gives each
  // Pod 1,000 files, and shows it one.
  bool only_parts = false;
  std::vector<PlannedFile> files;
  friend bool operator==(const PlannedVolume&, const PlannedVolume&) = default;
};

// Why a Pod can't have its volumes.
struct VolumeProblem {
  std::string message;
  bool may_pass = false;  // a ConfigMap or Secret that is not there yet
};

// Volumes that are ours are folders NAME below `root`.
Result<std::vector<PlannedVolume>, VolumeProblem> plan_volumes(const PodSpec& pod, const Sources& sources,
                                                               const NodeFacts& node, const std::string& root);

// Makes folders, and the files of volumes that are mounted as a whole. The error says which and why.
Status<std::string> write_volumes(const std::vector<PlannedVolume>& volumes);

struct PlannedMount {
  std::string inside;   // as the container knows it
  std::string outside;  // on this machine
  bool read_only = false;
  bool part = false;  // of a volume: a subPath
  friend bool operator==(const PlannedMount&, const PlannedMount&) = default;
};

// Where the container's mounts lead, subPath included; `variables` are for subPathExpr. The error says
// which mount is wrong.
Result<std::vector<PlannedMount>, std::string> plan_mounts(const ContainerSpec& container,
                                                           const std::vector<PlannedVolume>& volumes,
                                                           const Variables& variables);
// Makes the files of mounted parts that are not there yet. Parts that no volume has become folders, as a kubelet makes
// them.
Status<std::string> make_parts(const std::vector<PlannedMount>& mounts, const std::vector<PlannedVolume>& volumes);
PathMap paths_of(const std::vector<PlannedMount>& mounts);

}  // namespace ork::embedded
