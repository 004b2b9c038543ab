#include "operator/embedded/job_controller/failure_policy.hpp"

#include <algorithm>

namespace ork::embedded {
namespace {

// The first container that ended with a code that the rule means. Success (0) never matches.
const ContainerEnd* matching_end(const FailureRule& rule, const JobPod& pod) {
  const auto it = std::find_if(pod.ends.begin(), pod.ends.end(), [&](const ContainerEnd& end) {
    if (end.exit_code == 0 || (!rule.container.empty() && end.container != rule.container)) return false;
    const bool listed =
        std::find(rule.exit_codes.begin(), rule.exit_codes.end(), end.exit_code) != rule.exit_codes.end();
    return listed == rule.in;
  });
  return it == pod.ends.end() ? nullptr : &*it;
}

const FailureRule::PodCondition* matching_condition(const FailureRule& rule, const JobPod& pod) {
  const auto it = std::find_if(pod.conditions.begin(), pod.conditions.end(), [&](const auto& condition) {
    return std::find(rule.conditions.begin(), rule.conditions.end(), condition) != rule.conditions.end();
  });
  return it == pod.conditions.end() ? nullptr : &*it;
}

}  // namespace

FailureVerdict judge_failure(const JobSpec& spec, const JobPod& pod) {
  const std::string name = pod.meta.ns + "/" + pod.meta.name;
  for (std::size_t i = 0; i < spec.failure_rules.size(); ++i) {
    const FailureRule& rule = spec.failure_rules[i];
    const std::string by_rule = " matching FailJob rule at index " + std::to_string(i);
    if (rule.by_exit_code) {
      if (const ContainerEnd* end = matching_end(rule, pod)) {
        return {rule.action, "Container " + end->container + " for pod " + name + " failed with exit code " +
                                 std::to_string(end->exit_code) + by_rule};
      }
    } else if (const auto* condition = matching_condition(rule, pod)) {
      return {rule.action, "Pod " + name + " has condition " + condition->type + by_rule};
    }
  }
  return {};
}

}  // namespace ork::embedded
