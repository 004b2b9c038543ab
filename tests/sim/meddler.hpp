#pragma once

// Somebody with kubectl and the right to use it: edits what others made, while it is in use. Which object says the
// request that the fault names: the one it is about, a POST the one it makes.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "operator/kube/transport.hpp"
#include "tests/sim/actor.hpp"
#include "tests/sim/fault.hpp"

namespace ork::sim {

// What a request is about.
struct Target {
  kube::Resource resource;
  std::string ns;
  std::string name;
  friend bool operator==(const Target& a, const Target& b) {
    return a.resource.plural == b.resource.plural && a.ns == b.ns && a.name == b.name;
  }
};
// A run, a Job or a Pod; nullopt: none of them.
std::optional<Target> target_in(const kube::Request& request);

class Meddler {
 public:
  // Both must outlive this. `transport` is the person's line to the API.
  Meddler(kube::Transport& transport, Later& later) : transport_(transport), later_(later) {}

  void strike(const Fault& fault, const kube::Request& request);

 private:
  using Json = nlohmann::json;
  void meddle(const Target& target, Harm harm);
  void edit(const Target& target, const Json& patch);
  // And after a while the opposite.
  void edit_for_a_while(const Target& target, const Json& patch, const Json& undo);

  kube::Transport& transport_;
  Later& later_;
};

}  // namespace ork::sim
