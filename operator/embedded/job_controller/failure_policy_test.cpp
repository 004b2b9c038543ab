#include "operator/embedded/job_controller/failure_policy.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

using Action = FailureRule::Action;

JobPod failed_pod(std::vector<ContainerEnd> ends, std::vector<FailureRule::PodCondition> conditions = {}) {
  JobPod pod;
  pod.meta.ns = "n";
  pod.meta.name = "p";
  pod.phase = api::PodPhase::Failed;
  pod.ends = std::move(ends);
  pod.conditions = std::move(conditions);
  return pod;
}

JobSpec with_rules(std::vector<FailureRule> rules) {
  JobSpec spec;
  spec.failure_rules = std::move(rules);
  return spec;
}

struct ExitCodeCase {
  FailureRule rule;
  std::vector<ContainerEnd> ends;
  Action expected;
};

TEST(FailurePolicy, MatchesExitCodes) {
  const auto rule = [](std::string container, bool in, std::vector<std::int64_t> codes) {
    return FailureRule{.action = Action::Ignore,
                       .by_exit_code = true,
                       .container = std::move(container),
                       .in = in,
                       .exit_codes = std::move(codes)};
  };
  const std::vector<ExitCodeCase> cases = {
      {rule("", true, {1, 42}), {{"main", 42}}, Action::Ignore},
      {rule("", true, {1}), {{"main", 42}}, Action::Count},
      {rule("", false, {1}), {{"main", 42}}, Action::Ignore},
      {rule("", false, {42}), {{"main", 42}}, Action::Count},
      {rule("", false, {42}), {{"main", 0}}, Action::Count},  // success never matches
      {rule("other", true, {42}), {{"main", 42}}, Action::Count},
      {rule("other", true, {42}), {{"main", 1}, {"other", 42}}, Action::Ignore},
      {rule("", true, {}), {{"main", 42}}, Action::Count},
      {rule("", true, {42}), {}, Action::Count},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(judge_failure(with_rules({cases[i].rule}), failed_pod(cases[i].ends)).action, cases[i].expected)
        << "case " << i;
  }
}

TEST(FailurePolicy, MatchesPodConditions) {
  const JobSpec spec =
      with_rules({{.action = Action::Ignore, .conditions = {{.type = "DisruptionTarget", .status = "True"}}}});
  EXPECT_EQ(judge_failure(spec, failed_pod({}, {{"DisruptionTarget", "True"}})).action, Action::Ignore);
  EXPECT_EQ(judge_failure(spec, failed_pod({}, {{"DisruptionTarget", "False"}})).action, Action::Count);
  EXPECT_EQ(judge_failure(spec, failed_pod({}, {{"Ready", "True"}})).action, Action::Count);
}

TEST(FailurePolicy, TheFirstRuleThatMatchesDecides) {
  const JobSpec spec = with_rules({{.action = Action::Count, .by_exit_code = true, .exit_codes = {42}},
                                   {.action = Action::Ignore, .by_exit_code = true, .exit_codes = {42}}});
  EXPECT_EQ(judge_failure(spec, failed_pod({{"main", 42}})).action, Action::Count);
}

TEST(FailurePolicy, SaysWhyItEndsTheJobInKubernetesWords) {
  const JobSpec spec = with_rules({{.action = Action::Ignore, .by_exit_code = true, .exit_codes = {7}},
                                   {.action = Action::FailJob, .by_exit_code = true, .exit_codes = {42}},
                                   {.action = Action::FailJob, .conditions = {{"DisruptionTarget", "True"}}}});
  EXPECT_EQ(judge_failure(spec, failed_pod({{"main", 42}})).message,
            "Container main for pod n/p failed with exit code 42 matching FailJob rule at index 1");
  EXPECT_EQ(judge_failure(spec, failed_pod({}, {{"DisruptionTarget", "True"}})).message,
            "Pod n/p has condition DisruptionTarget matching FailJob rule at index 2");
}

}  // namespace
}  // namespace ork::embedded
