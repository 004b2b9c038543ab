#include <algorithm>
#include <set>

#include "operator/embedded/kinds/job_check.hpp"
#include "operator/embedded/kinds/job_indexes.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

// Kubernetes' bounds of the two policies.
constexpr std::int64_t most_rules = 20;
constexpr std::int64_t most_exit_codes = 255;
constexpr std::int64_t most_patterns = 20;
constexpr std::int64_t most_index_bytes = 64 * 1024;

using Texts = std::vector<std::string>;

// An enum's value, where Kubernetes names the values if there is none.
void append_listed_choice(Problems& out, const Place& text, const Texts& supported) {
  if (text.text().empty()) {
    std::string listed;
    for (const std::string& one : supported) listed += (listed.empty() ? "\"" : " \"") + one + "\"";
    out.push_back(problems::required(text.path(), "valid values: [" + listed + "]"));
  } else if (std::find(supported.begin(), supported.end(), text.text()) == supported.end()) {
    out.push_back(problems::not_supported(text.path(), text.text(), supported));
  }
}

void append_too_many(Problems& out, const Place& list, std::int64_t most) {
  auto size = static_cast<std::int64_t>(list.size());
  if (size > most) out.push_back(problems::too_many(list.path(), size, most));
}

Problems exit_code_problems(const Place& codes, const std::set<std::string>& containers) {
  Problems out;
  Place operation = codes["operator"], container = codes["containerName"], values = codes["values"];
  append_listed_choice(out, operation, {"In", "NotIn"});
  if (container.present() && !containers.contains(container.text())) {
    out.push_back(problems::invalid(container.path(), container.text(),
                                    "must be one of the container or initContainer names in the pod template"));
  }
  if (values.size() == 0) {
    out.push_back(problems::invalid(values.path(), values.value(), "at least one value is required"));
  }
  append_too_many(out, values, most_exit_codes);
  std::set<std::int64_t> used;
  bool ordered = true;
  std::int64_t previous = 0;
  for (const Place& value : values.items()) {
    if (operation.text() == "In" && value.number() == 0) {
      out.push_back(problems::invalid(value.path(), 0, "must not be 0 for the In operator"));
    }
    ordered = ordered && (used.empty() || previous <= value.number());
    if (!used.insert(value.number()).second) out.push_back(problems::duplicate(value.path(), value.number()));
    previous = value.number();
  }
  if (!ordered) out.push_back(problems::invalid(values.path(), values.value(), "must be ordered"));
  return out;
}

Problems condition_problems(const Place& patterns) {
  Problems out;
  append_too_many(out, patterns, most_patterns);
  for (const Place& pattern : patterns.items()) {
    append_wrong(out, pattern["type"], names::qualified_name(pattern["type"].text()));
    append_listed_choice(out, pattern["status"], {"False", "True", "Unknown"});
  }
  return out;
}

Problems failure_rule_problems(const Place& rule, const Place& spec, const std::set<std::string>& containers) {
  Problems out;
  Place action = rule["action"], codes = rule["onExitCodes"], patterns = rule["onPodConditions"];
  if (action.text() == "FailIndex") {
    if (!spec["backoffLimitPerIndex"].present()) {
      out.push_back(problems::invalid(action.path(), action.text(), "requires the backoffLimitPerIndex to be set"));
    }
  } else {
    append_listed_choice(out, action, {"Count", "FailIndex", "FailJob", "Ignore"});
  }
  if (codes.present()) append(out, exit_code_problems(codes, containers));
  if (patterns.size() > 0) append(out, condition_problems(patterns));
  if (codes.present() && patterns.size() > 0) {
    out.push_back(problems::invalid(rule.path(), "specifying both OnExitCodes and OnPodConditions is not supported"));
  }
  if (!codes.present() && patterns.size() == 0) {
    out.push_back(problems::invalid(rule.path(), "specifying one of OnExitCodes and OnPodConditions is required"));
  }
  return out;
}

Problems success_rule_problems(const Place& rule, std::int64_t completions) {
  Problems out;
  Place indexes = rule["succeededIndexes"], count = rule["succeededCount"];
  if (!indexes.present() && !count.present()) {
    out.push_back(
        problems::required(rule.path(), "at least one of succeededCount or succeededIndexes must be specified"));
  }
  std::int64_t total = 0;
  if (indexes.present()) {
    if (static_cast<std::int64_t>(indexes.text().size()) > most_index_bytes) {
      out.push_back(problems::too_long(indexes.path(), most_index_bytes));
    }
    auto read = read_indexes(indexes.text(), completions);
    if (read) {
      for (const IndexInterval& interval : *read) total += interval.last - interval.first + 1;
    } else {
      out.push_back(
          problems::invalid(indexes.path(), indexes.text(), "error parsing succeededIndexes: " + read.error()));
    }
  }
  if (!count.present()) return out;
  append_if_negative(out, count);
  auto append_above = [&](std::int64_t most, const std::string& what) {
    if (count.number() <= most) return;
    out.push_back(
        problems::invalid(count.path(), count.number(),
                          "must be less than or equal to " + std::to_string(most) + " (the number of " + what + ")"));
  };
  append_above(completions, "specified completions");
  if (indexes.present()) append_above(total, "indexes in the specified succeededIndexes field");
  return out;
}

}  // namespace

Problems failure_policy_problems(const Place& spec) {
  Problems out;
  Place rules = spec["podFailurePolicy"]["rules"];
  append_too_many(out, rules, most_rules);
  std::set<std::string> containers;
  for (const char* list : {"containers", "initContainers"}) {
    for (const Place& container : spec["template"]["spec"][list].items()) containers.insert(container["name"].text());
  }
  for (const Place& rule : rules.items()) append(out, failure_rule_problems(rule, spec, containers));
  return out;
}

Problems success_policy_problems(const Place& spec) {
  Place policy = spec["successPolicy"], rules = policy["rules"];
  if (spec["completionMode"].text() != "Indexed") {
    return {problems::invalid(policy.path(), policy.value(), "requires indexed completion mode")};
  }
  Problems out;
  if (rules.size() == 0) {
    out.push_back(
        problems::required(rules.path(), "at least one rules must be specified when the successPolicy is specified"));
  }
  append_too_many(out, rules, most_rules);
  for (const Place& rule : rules.items()) append(out, success_rule_problems(rule, spec["completions"].number()));
  return out;
}

}  // namespace ork::embedded
