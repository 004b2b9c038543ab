#pragma once

// The nodes of a world, and those who look after them: which one is heard of, where new Pods go, and what becomes of
// the Pods of a node that is lost, drained or needed for others. The times are Kubernetes' own defaults.
//
//   silent --50 s--> gets no new Pods --300 s--> its Pods are marked and deleted --180 s--> somebody deletes them by
//   force

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "tests/sim/actor.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/kubelet.hpp"

namespace ork::sim {

class Nodes {
 public:
  // All must outlive this. `transport` is the controllers' line to the API.
  Nodes(kube::Transport& transport, runtime::Loop& loop, Later& later, const Processes& processes, LostTries& lost,
        Trace& trace)
      : transport_(transport), loop_(loop), later_(later), processes_(processes), lost_(lost), trace_(trace) {}

  // Pods go to the nodes in turn, in the order in which they were added.
  void add(const KubeletOptions& options, Kubelet& kubelet);
  // Where the next Pod goes.
  std::string next_place();
  // Carries out a harm of a node that its kubelet's request stands for. Soon: the kubelet itself is at work.
  void strike(const Fault& fault, const kube::Request& request);
  // Every node is back, whatever was planned.
  void calm();

 private:
  using Json = nlohmann::json;
  struct Node {
    std::string name;
    std::string actor;
    Kubelet* kubelet = nullptr;
    bool takes_pods = true;
    bool empty = false;          // the next of its name has run nothing
    std::uint64_t absences = 0;  // what was planned for an earlier one is void
  };
  // How a Pod goes.
  struct End {
    const char* reason = "";  // of its condition DisruptionTarget; empty: it is only deleted
    bool failed = false;      // its phase is set: its node can't
    bool forced = false;      // its object goes at once
  };

  void carry_out(Node& node, const Fault& fault, const std::string& pod);
  void lose(Node& node, const Fault& fault);
  void give_up(Node& node, runtime::Duration back_after);
  void in_absence(Node& node, runtime::Duration after, std::function<void()> what);
  void come_back(Node& node);
  void end_pods(const Node& node, const End& end, const std::string& only = "");
  void end_pod(const Json& pod, const End& end);
  void delete_pod(const Json& pod, const End& end);
  void put_down(const Node& node, const std::string& note);

  kube::Transport& transport_;
  runtime::Loop& loop_;
  Later& later_;
  const Processes& processes_;
  LostTries& lost_;
  Trace& trace_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::size_t last_ = 0;  // that got a Pod
};

}  // namespace ork::sim
