#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

#include "operator/embedded/kinds/pod_check.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

// None: the lists are of different lengths, and nothing further is asked.
std::optional<Problems> image_problems(const Place& now, const Place& before) {
  if (now.size() != before.size()) return std::nullopt;
  Problems out;
  for (const Place& container : now.items()) {
    Place image = container["image"];
    std::string text = image.text();
    if (text.empty()) out.push_back(problems::required(image.path(), ""));
    constexpr const char* space = " \t\n\v\f\r";
    bool edges = !text.empty() && (text.find_first_of(space) == 0 || text.find_last_of(space) == text.size() - 1);
    if (edges) {
      out.push_back(problems::invalid(image.path(), text, "must not have leading or trailing whitespace"));
    }
  }
  return out;
}

// It may be set, and then only become shorter. A problem that ends the questions, or none.
std::optional<FieldProblem> deadline_problem(const Place& now, const Place& before, Problems& out) {
  if (!now.present()) {
    if (before.present()) {
      out.push_back(problems::invalid(now.path(), Json(), "must not update from a positive integer to nil value"));
    }
    return std::nullopt;
  }
  if (now.number() < 0 || now.number() > most_whole_number) {
    return problems::invalid(now.path(), now.value(), names::between(0, most_whole_number));
  }
  if (before.present() && before.number() < now.number()) {
    return problems::invalid(now.path(), now.value(), "must be less than or equal to previous value");
  }
  return std::nullopt;
}

Problems toleration_update_problems(const Place& now, const Place& before) {
  auto without_seconds = [](const Json& toleration) {
    Json out = toleration;
    if (out.is_object()) out.erase("tolerationSeconds");
    return out;
  };
  for (const Place& old : before.items()) {
    std::vector<Place> all = now.items();
    bool found = std::any_of(all.begin(), all.end(), [&](const Place& one) {
      return without_seconds(one.value()) == without_seconds(old.value());
    });
    if (!found) {
      return {problems::forbidden(now.path(), "existing toleration can not be modified except its tolerationSeconds")};
    }
  }
  return toleration_problems(now);
}

Problems gate_update_problems(const Place& now, const Place& before) {
  Problems out;
  std::set<std::string> known;
  for (const Place& gate : before.items()) known.insert(gate["name"].text());
  for (const Place& gate : now.items()) {
    if (known.contains(gate["name"].text())) continue;
    out.push_back(problems::forbidden(
        gate.path("name"), "only deletion is allowed, but found new scheduling gate '" + gate["name"].text() + "'"));
  }
  return out;
}

// The spec with what may change put back to what it was.
Json with_old_fields(const Json& spec, const Json& old) {
  Json out = spec;
  for (const char* list : {"containers", "initContainers"}) {
    auto now = out.find(list);
    auto before = old.find(list);
    if (now == out.end() || before == old.end() || !now->is_array() || !before->is_array()) continue;
    for (std::size_t i = 0; i < now->size() && i < before->size(); ++i) {
      Place image = Place(before->at(i), "")["image"];
      if (image.present() && now->at(i).is_object()) now->at(i)["image"] = image.value();
    }
  }
  for (const char* field : {"activeDeadlineSeconds", "schedulingGates", "tolerations"}) {
    out.erase(field);
    if (old.contains(field)) out[field] = old[field];
  }
  Place now = Place(spec, "")["terminationGracePeriodSeconds"],
        before = Place(old, "")["terminationGracePeriodSeconds"];
  if (before.number() < 0 && now.number() == 1) out["terminationGracePeriodSeconds"] = before.value();
  return out;
}

Problems state_problems(const Place& pod, const Place& before, const char* list) {
  Problems out;
  std::string restart = before["spec"]["restartPolicy"].text();
  if (restart == "Always") return out;
  for (const Place& old : before["status"][list].items()) {
    Place ended = old["state"]["terminated"];
    if (!ended.present() || (ended["exitCode"].number() != 0 && restart == "OnFailure")) continue;
    for (const Place& now : pod["status"][list].items()) {
      if (now["name"].text() != old["name"].text() || now["state"]["terminated"].present()) continue;
      out.push_back(problems::forbidden(old.path("state"), "may not be transitioned to non-terminated state"));
    }
  }
  return out;
}

}  // namespace

Problems pod_update_problems(const Json& pod, const Json& old) {
  Problems out;
  Place spec = Place(pod, "")["spec"], before = Place(old, "")["spec"];
  for (const char* list : {"containers", "initContainers"}) {
    auto images = image_problems(spec[list], before[list]);
    if (!images) {
      out.push_back(problems::forbidden(spec.path(list), "pod updates may not add or remove containers"));
      return out;
    }
    append(out, *std::move(images));
  }
  if (auto last = deadline_problem(spec["activeDeadlineSeconds"], before["activeDeadlineSeconds"], out)) {
    out.push_back(*std::move(last));
    return out;
  }
  append(out, toleration_update_problems(spec["tolerations"], before["tolerations"]));
  append(out, gate_update_problems(spec["schedulingGates"], before["schedulingGates"]));
  if (!spec.value().is_object() || !before.value().is_object()) return out;
  if (with_old_fields(spec.value(), before.value()) != before.value()) {
    out.push_back(problems::forbidden(
        "spec",
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
  }
  return out;
}

Problems address_problems(const Place& addresses) {
  Problems out;
  std::size_t number = 0;
  for (const Place& address : addresses.items()) {
    const std::string ip = address["ip"].text();
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (inet_pton(AF_INET, ip.c_str(), bytes.data()) != 1 && inet_pton(AF_INET6, ip.c_str(), bytes.data()) != 1) {
      out.push_back(problems::invalid(addresses.path() + "[" + std::to_string(number) + "]", ip,
                                      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
    }
    ++number;
  }
  return out;
}

Problems pod_status_problems(const Json& pod, const Json* old) {
  Problems out;
  if (old == nullptr) return out;
  append(out, core_meta_update_problems(pod, *old));
  Place now(pod, ""), before(*old, "");
  if (Place seen = now["status"]["observedGeneration"]; seen.number() < 0) {
    out.push_back(problems::invalid(seen.path(), seen.value(), "must be a non-negative integer"));
  }
  for (const Place& condition : now["status"]["conditions"].items()) {
    Place generation = condition["observedGeneration"];
    if (generation.number() < 0) {
      out.push_back(problems::invalid(generation.path(), generation.value(), "must be a non-negative integer"));
    }
    std::string type = condition["type"].text();
    if (type == "PodScheduled" || type == "Ready" || type == "Initialized") continue;
    append_wrong(out, Place(condition["type"].value(), condition.path("Type")), names::qualified_name(type));
  }
  append_if_changed(out, now["status"]["qosClass"], before["status"]["qosClass"]);
  for (const char* list : {"containerStatuses", "initContainerStatuses"})
    append(out, state_problems(now, before, list));
  append(out, address_problems(now["status"]["podIPs"]));
  return out;
}

std::vector<std::string> pod_warnings(const Json& pod) {
  return new_name_warnings(
      pod, "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; ");
}

}  // namespace ork::embedded
