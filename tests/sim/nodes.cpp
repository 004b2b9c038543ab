#include "tests/sim/nodes.hpp"

#include "operator/embedded/client/object_meta.hpp"
#include "operator/embedded/client/resources.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using embedded::pod_resource;
using embedded::seconds_text;
using runtime::Duration;

namespace {

constexpr Duration noticed_after{50'000};    // node-monitor-grace-period
constexpr Duration tolerated_for{350'000};   // that, and the tolerationSeconds that every Pod has
constexpr Duration forced_after{530'000};    // a person has lost patience
constexpr Duration collected_after{60'000};  // a node's object is gone; its Pods are nobody's
constexpr Duration cordoned_for{60'000};     // a drain, and what it was for
constexpr Duration asked_again_after{1'000};

// ".../pods/NAME/status": NAME.
std::string pod_in(const std::string& path) {
  const std::size_t from = path.find("/pods/");
  if (from == std::string::npos) return "";
  const std::string rest = path.substr(from + 6);
  return rest.substr(0, rest.find_first_of("/?"));
}

bool has_ended(const nlohmann::json& pod) {
  const std::string phase = text_at(pod, "/status/phase");
  return phase == "Succeeded" || phase == "Failed";
}

}  // namespace

void Nodes::add(const KubeletOptions& options, Kubelet& kubelet) {
  nodes_.push_back(std::make_unique<Node>(Node{.name = options.node, .actor = options.actor, .kubelet = &kubelet}));
}

std::string Nodes::next_place() {
  for (std::size_t i = 1; i <= nodes_.size(); ++i) {
    const std::size_t next = (last_ + i) % nodes_.size();
    if (!nodes_[next]->takes_pods) continue;
    last_ = next;
    return nodes_[next]->name;
  }
  return nodes_.front()->name;
}

void Nodes::put_down(const Node& node, const std::string& note) {
  Event event;
  event.at = loop_.now();
  event.actor = "node " + node.name;
  event.note = note;
  trace_.add(std::move(event));
}

void Nodes::strike(const Fault& fault, const kube::Request& request) {
  for (const auto& node : nodes_) {
    if (node->actor != fault.actor) continue;
    later_.in(Duration{0}, [this, &struck = *node, fault, pod = pod_in(request.path)] {
      if (!struck.kubelet->away()) carry_out(struck, fault, pod);
    });
  }
}

void Nodes::carry_out(Node& node, const Fault& fault, const std::string& pod) {
  switch (fault.harm) {
    case Harm::Drain:
      node.takes_pods = false;
      in_absence(node, cordoned_for, [&node] { node.takes_pods = true; });
      return end_pods(node, {.reason = "EvictionByEvictionAPI"});
    case Harm::Preempt:
      if (!pod.empty()) end_pods(node, {.reason = "PreemptionByScheduler"}, pod);
      return;
    case Harm::Evict: return node.kubelet->evict(pod);
    default: return lose(node, fault);
  }
}

void Nodes::lose(Node& node, const Fault& fault) {
  const bool without_power = fault.harm != Harm::NodeSilent;
  ++node.absences;
  put_down(node, without_power ? "has no power" : "is not heard of");
  node.kubelet->vanish(without_power);
  if (fault.harm == Harm::NodeGone) return give_up(node, Duration{fault.wait});
  in_absence(node, noticed_after, [&node] { node.takes_pods = false; });
  in_absence(node, tolerated_for, [this, &node] { end_pods(node, {.reason = "DeletionByTaintManager"}); });
  in_absence(node, forced_after, [this, &node] { end_pods(node, {.forced = true}); });
  in_absence(node, Duration{fault.wait}, [this, &node] { come_back(node); });
}

// Its object is deleted, and whoever sees to Pods without a node takes them away.
void Nodes::give_up(Node& node, Duration back_after) {
  node.takes_pods = false;
  node.empty = true;
  in_absence(node, collected_after,
             [this, &node] { end_pods(node, {.reason = "DeletionByPodGC", .failed = true, .forced = true}); });
  in_absence(node, collected_after + back_after, [this, &node] { come_back(node); });
}

void Nodes::in_absence(Node& node, Duration after, std::function<void()> what) {
  later_.in(after, [&node, number = node.absences, what = std::move(what)] {
    if (node.absences == number) what();
  });
}

void Nodes::come_back(Node& node) {
  ++node.absences;
  node.takes_pods = true;
  put_down(node, node.empty ? "is another one" : "is back");
  if (node.empty) node.kubelet->forget_pods();
  node.empty = false;
  node.kubelet->come_back();
}

void Nodes::calm() {
  for (const auto& node : nodes_) {
    if (node->kubelet->away()) {
      // Nobody would see to the Pods of one that is gone any more.
      if (node->empty) end_pods(*node, {.reason = "DeletionByPodGC", .failed = true, .forced = true});
      come_back(*node);
    }
  }
}

void Nodes::end_pods(const Node& node, const End& end, const std::string& only) {
  auto request = kube::list_request(pod_resource(), "", {.field_selector = "spec.nodeName=" + node.name});
  transport_.call(std::move(request), [this, &node, end, only](const auto& answer) {
    if (!answer) {
      put_down(node, "is not looked at: " + answer.error().message);
      return later_.in(asked_again_after, [this, &node, end, only] { end_pods(node, end, only); });
    }
    const Json list = Json::parse(answer->body);
    for (const Json& pod : list.at("items")) {
      if (only.empty() || text_at(pod, "/metadata/name") == only) end_pod(pod, end);
    }
  });
}

void Nodes::end_pod(const Json& pod, const End& end) {
  if (has_ended(pod) && !end.forced) return;
  if (*end.reason == '\0' || has_ended(pod)) return delete_pod(pod, end);
  lost_.add(processes_.of(pod));
  const std::string ns = text_at(pod, "/metadata/namespace");
  const std::string name = text_at(pod, "/metadata/name");
  const Json condition = {{"type", "DisruptionTarget"},
                          {"status", "True"},
                          {"reason", end.reason},
                          {"message", "the simulator's node controller has ended it"},
                          {"lastTransitionTime", seconds_text(loop_.wall_ms())}};
  Json status = {{"conditions", Json::array({condition})}};
  if (end.failed) status["phase"] = "Failed";
  const Json patch = {{"metadata", {{"uid", pod["metadata"]["uid"]}}}, {"status", std::move(status)}};
  auto request = kube::patch_request(pod_resource(), ns, name, "status", kube::PatchType::Merge, patch.dump());
  request.content_type = strategic_patch;
  transport_.call(std::move(request), [this, pod, end](const auto& answer) {
    if (answer) return delete_pod(pod, end);
    if (answer.error().code == kube::Errc::NotFound || answer.error().code == kube::Errc::Conflict) return;
    later_.in(asked_again_after, [this, pod, end] { end_pod(pod, end); });
  });
}

void Nodes::delete_pod(const Json& pod, const End& end) {
  const std::string uid = text_at(pod, "/metadata/uid");
  auto request =
      kube::delete_request(pod_resource(), text_at(pod, "/metadata/namespace"), text_at(pod, "/metadata/name"), uid);
  if (end.forced) request.body = by_force(uid);
  transport_.call(std::move(request), [this, pod, end](const auto& answer) {
    if (answer || answer.error().code == kube::Errc::NotFound || answer.error().code == kube::Errc::Conflict) return;
    later_.in(asked_again_after, [this, pod, end] { delete_pod(pod, end); });
  });
}

}  // namespace ork::sim
