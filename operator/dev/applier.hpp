#pragma once

// Brings manifests into a cluster and tells what came of each, as `kubectl apply` does: by
// server-side apply as "ork-dev", the file winning over whoever else has written. A run is made once
// and never changed; one with a generateName only where it is asked for (`ork dev --run`, kubectl
// create), since each apply would start another.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "operator/embedded/kinds/kind.hpp"
#include "operator/kube/transport.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::dev {

enum class Applied { Created, Configured, Unchanged, Skipped, Refused };

struct ApplyResult {
  std::string what;  // "workflow.ork.dev/etl"
  Applied outcome = Applied::Unchanged;
  std::string message;  // of Skipped and Refused: why
};

class Applier {
 public:
  using Told = std::function<void(std::vector<ApplyResult>)>;
  Applier(kube::Transport& transport, const embedded::Kinds& kinds) : transport_(transport), kinds_(kinds) {}

  // One after the other, so that what stands first is there when the next is looked at. `told` once,
  // from the loop.
  void apply(std::vector<manifest::Manifest> manifests, Told told);

 private:
  struct Work;
  void next(const std::shared_ptr<Work>& work);
  void apply_one(const std::shared_ptr<Work>& work, const manifest::Json& object, const embedded::Kind& kind);
  void send(const std::shared_ptr<Work>& work, const manifest::Json& object, const kube::Resource& resource,
            std::string known_version);

  kube::Transport& transport_;
  const embedded::Kinds& kinds_;
};

}  // namespace ork::dev
