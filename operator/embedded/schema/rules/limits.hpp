#pragma once

// Every bound of the rules, each with its reason.

#include <cstddef>
#include <cstdint>

namespace ork::embedded::limits {

// How deep an expression nests: each level is some stack frames of the parser and one of evaluation.
// cel-go's parser stops at 250; a rule that people can read has ten.
inline constexpr std::size_t rule_depth = 100;
// A rule in a schema; ours have under 200 bytes.
inline constexpr std::size_t rule_length = 16 * 1024;

// What one rule, and all rules of one object, may cost: Kubernetes' own numbers (PerCallLimit and
// RuntimeCELCostBudget of k8s.io/apiserver/pkg/apis/cel). Our unit, a step of evaluation, is close to
// theirs, not equal.
inline constexpr std::int64_t rule_cost = 1'000'000;
inline constexpr std::int64_t object_cost = 10'000'000;

// The longest message that a messageExpression may make.
inline constexpr std::size_t message_bytes = 5 * 1024;

}  // namespace ork::embedded::limits
