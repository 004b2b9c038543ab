#include "operator/embedded/kinds/job_check.hpp"

#include "operator/embedded/kinds/job_defaults.hpp"
#include "operator/embedded/kinds/pod_check.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

// Kubernetes' bounds of Indexed Jobs: they keep the texts of indexes in a status short.
constexpr std::int64_t most_indexed = 100'000;
constexpr std::int64_t most_with_many_completions = 10'000;
constexpr std::size_t managed_by_bytes = 63;

bool is_indexed(const Place& spec) { return spec["completionMode"].text() == "Indexed"; }

void append_above(Problems& out, const Place& number, std::int64_t most, const std::string& detail) {
  if (number.present() && number.number() > most) {
    out.push_back(problems::invalid(number.path(), number.number(), detail));
  }
}

bool selects(const Place& selector, const Place& labels) {
  for (const auto& [name, value] : selector["matchLabels"].entries()) {
    if (!labels[name].present() || labels[name].text() != value.text()) return false;
  }
  for (const Place& one : selector["matchExpressions"].items()) {
    Place label = labels[one["key"].text()];
    bool listed = false;
    for (const Place& value : one["values"].items())
      listed = listed || (label.present() && value.text() == label.text());
    std::string operation = one["operator"].text();
    bool holds = operation == "In"       ? listed
                 : operation == "NotIn"  ? !listed
                 : operation == "Exists" ? label.present()
                                         : !label.present();
    if (!holds) return false;
  }
  return true;
}

void append_label_problem(Problems& out, const Place& metadata, const std::string& label, const std::string& expected) {
  Place labels = metadata["labels"];
  Place found = labels.key(label);
  std::string detail = "must be '" + expected + "'";
  if (!found.present()) {
    out.push_back(problems::required(found.path(), detail));
  } else if (found.text() != expected) {
    out.push_back(problems::invalid(found.path(), labels.value(), detail));
  }
}

// The labels by which a Job finds its Pods are its own, unless its author chose others.
Problems generated_selector_problems(const Place& job, bool prefixed) {
  Place spec = job["spec"], metadata = job["metadata"];
  if (spec["manualSelector"].flag() || !spec["selector"].present()) return {};
  Problems out;
  std::string uid = metadata["uid"].text(), name = metadata["name"].text();
  if (uid.empty()) out.push_back(problems::required("metadata.uid", ""));
  Place pods = spec["template"]["metadata"];
  Json expected = {{legacy_controller_uid_label, uid}, {legacy_job_name_label, name}};
  append_label_problem(out, pods, legacy_controller_uid_label, uid);
  append_label_problem(out, pods, legacy_job_name_label, name);
  if (prefixed) {
    append_label_problem(out, pods, controller_uid_label, uid);
    append_label_problem(out, pods, job_name_label, name);
    expected[controller_uid_label] = uid;
    expected[job_name_label] = name;
  }
  Place selector = spec["selector"];
  if (selector_problems(selector).empty() && !selects(selector, Place(expected, ""))) {
    out.push_back(problems::invalid(selector.path(), selector.value(), "`selector` not auto-generated"));
  }
  return out;
}

Problems managed_by_problems(const Place& managed_by) {
  if (!managed_by.present()) return {};
  Problems out;
  std::string text = managed_by.text();
  std::size_t slash = text.find('/');
  if (text.empty()) {
    out.push_back(problems::required(managed_by.path(), ""));
  } else if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) {
    out.push_back(
        problems::invalid(managed_by.path(), text, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
  } else {
    Json host = text.substr(0, slash);
    append_wrong(out, Place(host, managed_by.path()), names::dns_subdomain(text.substr(0, slash)));
  }
  if (text.size() > managed_by_bytes) out.push_back(problems::too_long(managed_by.path(), managed_by_bytes));
  return out;
}

Problems indexed_problems(const Place& spec) {
  Problems out;
  Place completions = spec["completions"], parallelism = spec["parallelism"], failed = spec["maxFailedIndexes"];
  if (!completions.present()) {
    out.push_back(problems::required(completions.path(), "when completion mode is Indexed"));
  }
  append_above(out, parallelism, most_indexed, "must be less than or equal to 100000 when completion mode is Indexed");
  if (completions.present()) {
    append_above(out, failed, completions.number(), "must be less than or equal to completions");
  }
  append_above(out, failed, most_indexed, "must be less than or equal to 100000");
  if (completions.number() <= most_indexed || !spec["backoffLimitPerIndex"].present()) return out;
  if (!failed.present()) {
    out.push_back(problems::required(failed.path(), "must be specified when completions is above 100000"));
  }
  const std::string detail =
      "must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index";
  append_above(out, parallelism, most_with_many_completions, detail);
  append_above(out, failed, most_with_many_completions, detail);
  return out;
}

Problems mode_problems(const Place& spec) {
  Problems out;
  Place mode = spec["completionMode"];
  if (mode.present() && mode.text() != "NonIndexed" && mode.text() != "Indexed") {
    out.push_back(problems::not_supported(mode.path(), mode.text(), {"NonIndexed", "Indexed"}));
  }
  if (is_indexed(spec)) append(out, indexed_problems(spec));
  if (mode.present() && mode.text() != "NonIndexed") return out;
  for (const char* field : {"backoffLimitPerIndex", "maxFailedIndexes"}) {
    Place number = spec[field];
    if (number.present()) {
      out.push_back(problems::invalid(number.path(), number.number(), "requires indexed completion mode"));
    }
  }
  return out;
}

Problems replacement_problems(const Place& spec) {
  Place policy = spec["podReplacementPolicy"];
  if (!policy.present() || policy.text() == "Failed") return {};
  if (spec["podFailurePolicy"].present()) return {problems::not_supported(policy.path(), policy.text(), {"Failed"})};
  if (policy.text() == "TerminatingOrFailed") return {};
  return {problems::not_supported(policy.path(), policy.text(), {"Failed", "TerminatingOrFailed"})};
}

Problems restart_problems(const Place& spec) {
  Place restart = spec["template"]["spec"]["restartPolicy"];
  std::string text = restart.text();
  if (text.empty() || text == "Always") {
    return {problems::required(restart.path(), "valid values: \"OnFailure\", \"Never\"")};
  }
  if (text != "OnFailure" && text != "Never") {
    return {problems::not_supported(restart.path(), text, {"OnFailure", "Never"})};
  }
  if (text == "Never" || !spec["podFailurePolicy"].present()) return {};
  return {problems::invalid(restart.path(), text, "only \"Never\" is supported when podFailurePolicy is specified")};
}

Problems job_spec_problems(const Place& spec) {
  Problems out;
  for (const char* field : {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                            "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"}) {
    append_if_negative(out, spec[field]);
  }
  if (spec["maxFailedIndexes"].present() && !spec["backoffLimitPerIndex"].present()) {
    out.push_back(problems::required(spec.path("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
  }
  append(out, managed_by_problems(spec["managedBy"]));
  append(out, mode_problems(spec));
  if (spec["podFailurePolicy"].present()) append(out, failure_policy_problems(spec));
  if (spec["successPolicy"].present()) append(out, success_policy_problems(spec));
  append(out, replacement_problems(spec));
  append(out, pod_template_problems(spec["template"]));
  append(out, restart_problems(spec));

  Place selector = spec["selector"], labels = spec["template"]["metadata"]["labels"];
  Problems wrong = selector_problems(selector);
  bool readable = wrong.empty();
  if (!selector.present()) out.push_back(problems::required(selector.path(), ""));
  append(out, std::move(wrong));
  // No selector selects nothing; an empty one, everything.
  if (readable && (!selector.present() || !selects(selector, labels))) {
    out.push_back(problems::invalid(labels.path(), labels.value(), "`selector` does not match template `labels`"));
  }
  return out;
}

// While a Job waits to be started for the first time, where its Pods may run can still change.
Json with_new_scheduling(const Json& pod_template, const Json& old) {
  Json out = old;
  auto take = [](Json& to, const Place& from, const char* field) {
    to.erase(field);
    if (from[field].present()) to[field] = from[field].value();
  };
  Place now(pod_template, "");
  if (!out.is_object()) return out;
  if (out["metadata"].is_object()) {
    for (const char* field : {"annotations", "labels"}) take(out["metadata"], now["metadata"], field);
  }
  Json& spec = out["spec"];
  if (!spec.is_object()) return out;
  for (const char* field : {"nodeSelector", "tolerations", "schedulingGates"}) take(spec, now["spec"], field);
  Place affinity = now["spec"]["affinity"];
  if (affinity.present() && !spec.contains("affinity")) spec["affinity"] = Json::object();
  if (!spec.contains("affinity") || !spec["affinity"].is_object()) return out;
  take(spec["affinity"], affinity, "nodeAffinity");
  if (!affinity.present() && spec["affinity"].empty()) spec.erase("affinity");
  return out;
}

Problems job_spec_update_problems(const Place& job, const Place& before) {
  Place spec = job["spec"], old = before["spec"];
  Problems out = job_spec_problems(spec);
  Place completions = spec["completions"];
  if (!is_indexed(spec)) {
    append_if_changed(out, completions, old["completions"]);
  } else if (completions.present() && completions.value() != old["completions"].value() &&
             completions.number() != spec["parallelism"].number()) {
    out.push_back(problems::invalid(completions.path(), completions.number(),
                                    "can only be modified in tandem with spec.parallelism"));
  }
  append_if_changed(out, spec["selector"], old["selector"]);
  bool scheduling_may_change = old["suspend"].flag() && !before["status"]["startTime"].present();
  Json expected = scheduling_may_change ? with_new_scheduling(spec["template"].value(), old["template"].value())
                                        : old["template"].value();
  append_if_changed(out, spec["template"], Place(expected, ""));
  for (const char* field :
       {"completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"}) {
    append_if_changed(out, spec[field], old[field]);
  }
  return out;
}

}  // namespace

Problems job_problems(const Json& job, const Json* old) {
  Place now(job, ""), spec = now["spec"];
  Place old_labels = Place(old == nullptr ? job : *old, "")["spec"]["template"]["metadata"]["labels"];
  bool prefixed =
      old == nullptr || (old_labels[job_name_label].present() && old_labels[controller_uid_label].present());
  Problems out = core_meta_problems(job, true, names::subdomain_name);
  append(out, generated_selector_problems(now, prefixed));
  append(out, job_spec_problems(spec));
  if (is_indexed(spec) && spec["completions"].number() > 0) {
    // Pods of an Indexed Job are called after it and their index.
    std::string name = now["metadata"]["name"].text();
    std::string longest = name + "-" + std::to_string(spec["completions"].number() - 1);
    if (!names::dns_label(longest).empty()) {
      out.push_back(
          problems::invalid("metadata.name", name, "will not able to create pod with invalid DNS label: " + longest));
    }
  }
  if (old == nullptr) return out;
  append(out, core_meta_update_problems(job, *old));
  append(out, job_spec_update_problems(now, Place(*old, "")));
  return out;
}

std::vector<std::string> job_warnings(const Json& job) {
  return new_name_warnings(job,
                           "metadata.name: this is used in Pod names and hostnames, which can result in surprising "
                           "behavior; ");
}

}  // namespace ork::embedded
