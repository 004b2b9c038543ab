#include <algorithm>
#include <array>
#include <utility>

#include "controllers/api/time.hpp"
#include "operator/embedded/table/human_time.hpp"
#include "operator/embedded/table/reading.hpp"
#include "operator/embedded/table/rows.hpp"

namespace ork::embedded {
namespace {

using reading::at;
using reading::has_condition;
using reading::items;
using reading::text;
using reading::whole;

std::string status_cell(const Json& job) {
  if (has_condition(job, "Complete")) return "Complete";
  if (has_condition(job, "Failed")) return "Failed";
  if (at(job, {"metadata", "deletionTimestamp"}).is_string()) return "Terminating";
  for (const char* type : {"Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
    if (has_condition(job, type)) return type;
  }
  return "Running";
}

std::string completions_cell(const Json& job) {
  const std::string done = std::to_string(whole(job, {"status", "succeeded"})) + "/";
  const Json& wanted = at(job, {"spec", "completions"});
  if (wanted.is_number_integer()) return done + std::to_string(wanted.get<std::int64_t>());
  const std::int64_t parallelism = whole(job, {"spec", "parallelism"});
  return parallelism > 1 ? done + "1 of " + std::to_string(parallelism) : done + "1";
}

std::string duration_cell(const Json& job, std::int64_t now_ms) {
  const auto start = api::parse_time(text(job, {"status", "startTime"}));
  if (!start) return "";
  const auto end = api::parse_time(text(job, {"status", "completionTime"}));
  return human_duration(end.value_or(now_ms) - *start);
}

std::string of_each_container(const Json& job, std::string_view field) {
  std::string joined;
  bool first = true;
  for (const Json& container : items(job, {"spec", "template", "spec", "containers"})) {
    if (!first) joined += ',';
    first = false;
    joined += text(container, field);
  }
  return joined;
}

// One requirement of a label selector, with its key to sort by.
using Requirement = std::pair<std::string, std::string>;

std::string joined_values(const Json& expression) {
  std::vector<std::string> values;
  for (const Json& value : items(expression, {"values"})) {
    if (value.is_string()) values.push_back(value.get<std::string>());
  }
  std::sort(values.begin(), values.end());
  std::string joined;
  for (const std::string& value : values) joined += (joined.empty() ? "" : ",") + value;
  return joined;
}

// "a=b,c in (d,e),!f", sorted by key; nullopt: an operator that there is not.
std::optional<std::vector<Requirement>> requirements_of(const Json& selector) {
  std::vector<Requirement> requirements;
  const Json& labels = at(selector, "matchLabels");
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      if (value.is_string()) requirements.emplace_back(key, key + "=" + value.get<std::string>());
    }
  }
  for (const Json& expression : items(selector, {"matchExpressions"})) {
    const std::string key = text(expression, "key");
    const std::string op = text(expression, "operator");
    if (op == "In") {
      requirements.emplace_back(key, key + " in (" + joined_values(expression) + ")");
    } else if (op == "NotIn") {
      requirements.emplace_back(key, key + " notin (" + joined_values(expression) + ")");
    } else if (op == "Exists") {
      requirements.emplace_back(key, key);
    } else if (op == "DoesNotExist") {
      requirements.emplace_back(key, "!" + key);
    } else {
      return std::nullopt;
    }
  }
  std::stable_sort(requirements.begin(), requirements.end(),
                   [](const Requirement& a, const Requirement& b) { return a.first < b.first; });
  return requirements;
}

std::string selector_cell(const Json& job) {
  const auto requirements = requirements_of(at(job, {"spec", "selector"}));
  if (!requirements) return "<error>";
  std::string joined;
  for (const auto& [key, requirement] : *requirements) joined += (joined.empty() ? "" : ",") + requirement;
  return joined.empty() ? "<none>" : joined;
}

void job_cells(const Json& job, std::int64_t now_ms, Json& row) {
  row.push_back(text(job, {"metadata", "name"}));
  row.push_back(status_cell(job));
  row.push_back(completions_cell(job));
  row.push_back(duration_cell(job, now_ms));
  row.push_back(age_of(at(job, {"metadata", "creationTimestamp"}), now_ms));
  row.push_back(of_each_container(job, "name"));
  row.push_back(of_each_container(job, "image"));
  row.push_back(selector_cell(job));
}

}  // namespace

RowPrinter job_rows() {
  return {{{"Name", "string", "name", "The Job's name."},
           {"Status", "string", "", "How it stands, in one word."},
           {"Completions", "string", "", "How many of its Pods have succeeded, of how many."},
           {"Duration", "string", "", "How long it took, or has been running."},
           {"Age", "string", "", "How long ago it was created."},
           {"Containers", "string", "", "The names of its containers.", 1},
           {"Images", "string", "", "The images of its containers.", 1},
           {"Selector", "string", "", "The labels that make a Pod one of its own.", 1}},
          job_cells};
}

}  // namespace ork::embedded
