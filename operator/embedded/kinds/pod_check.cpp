#include "operator/embedded/kinds/pod_check.hpp"

#include <algorithm>
#include <limits>

#include "operator/embedded/kinds/container_check.hpp"
#include "operator/embedded/kinds/volume_check.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

// With the host's network, a port of a container is a port of the host.
Problems host_network_problems(const Place& spec, bool is_pod) {
  Problems out;
  if (!spec["hostNetwork"].flag()) return out;
  for (const Place& container : spec["containers"].items()) {
    for (const Place& port : container["ports"].items()) {
      std::int64_t host = port["hostPort"].number();
      if ((is_pod || host != 0) && host != port["containerPort"].number()) {
        out.push_back(
            problems::invalid(port.path("hostPort"), host, "must match `containerPort` when `hostNetwork` is true"));
      }
    }
  }
  return out;
}

Problems security_problems(const Place& context) {
  Problems out;
  for (const char* field : {"fsGroup", "runAsUser", "runAsGroup"}) {
    Place id = context[field];
    if (id.number() < 0 || id.number() > most_whole_number) {
      out.push_back(problems::invalid(id.path(), id.value(), names::between(0, most_whole_number)));
    }
  }
  for (const Place& group : context["supplementalGroups"].items()) {
    if (group.number() < 0 || group.number() > most_whole_number) {
      out.push_back(problems::invalid(group.path(), group.value(), names::between(0, most_whole_number)));
    }
  }
  return out;
}

Problems gate_problems(const Place& gates) {
  Problems out;
  std::set<std::string> used;
  for (const Place& gate : gates.items()) {
    Place name(gate["name"].value(), gate.path());
    append_wrong(out, name, names::qualified_name(name.text()));
    if (!used.insert(name.text()).second) out.push_back(problems::duplicate(name.path(), name.text()));
  }
  return out;
}

// Texts that must be names, where they are given.
Problems name_problems(const Place& spec) {
  Problems out;
  for (const char* field : {"serviceAccountName", "nodeName"}) {
    if (!spec[field].text().empty()) append_wrong(out, spec[field], names::dns_subdomain(spec[field].text()));
  }
  Place deadline = spec["activeDeadlineSeconds"];
  if (deadline.present() && (deadline.number() < 1 || deadline.number() > most_whole_number)) {
    out.push_back(problems::invalid(deadline.path(), deadline.value(), names::between(1, most_whole_number)));
  }
  for (const char* field : {"hostname", "subdomain"}) {
    if (!spec[field].text().empty()) append_wrong(out, spec[field], names::dns_label(spec[field].text()));
  }
  append(out, toleration_problems(spec["tolerations"]));
  for (const char* field : {"priorityClassName", "runtimeClassName"}) {
    if (!spec[field].text().empty()) append_wrong(out, spec[field], names::dns_subdomain(spec[field].text()));
  }
  if (spec["preemptionPolicy"].present()) {
    append_choice(out, spec["preemptionPolicy"], {"PreemptLowerPriority", "Never"});
  }
  return out;
}

Problems pod_spec_problems(const Place& spec, bool is_pod) {
  Problems out;
  CheckedVolumes volumes = check_volumes(spec["volumes"]);
  append(out, std::move(volumes.problems));
  PodContext context{std::move(volumes.names), spec["terminationGracePeriodSeconds"].number()};
  append(out, container_problems(spec, context));
  append(out, host_network_problems(spec, is_pod));
  append_choice(out, spec["restartPolicy"], {"Always", "OnFailure", "Never"});
  append_choice(out, spec["dnsPolicy"], {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
  append(out, label_problems(spec["nodeSelector"]));
  append(out, security_problems(spec["securityContext"]));
  Place dns = spec["dnsConfig"];
  if (spec["dnsPolicy"].text() == "None" && dns["nameservers"].size() == 0) {
    out.push_back(dns.present()
                      ? problems::required(dns.path("nameservers"),
                                           "must provide at least one DNS nameserver when `dnsPolicy` is None")
                      : problems::required(dns.path(), "must provide `dnsConfig` when `dnsPolicy` is None"));
  }
  for (const Place& gate : spec["readinessGates"].items()) {
    append_wrong(out, gate["conditionType"], names::qualified_name(gate["conditionType"].text()));
  }
  append(out, gate_problems(spec["schedulingGates"]));
  append(out, name_problems(spec));
  return out;
}

bool has_edge_space(const std::string& text) {
  constexpr const char* space = " \t\n\v\f\r";
  return !text.empty() && (text.find_first_of(space) == 0 || text.find_last_of(space) == text.size() - 1);
}

// What only a Pod is asked, not a template.
Problems metadata_and_spec_problems(const Json& pod) {
  Problems out = core_meta_problems(pod, true, names::subdomain_name);
  Place spec = Place(pod, "")["spec"];
  append(out, pod_spec_problems(spec, true));
  if (spec["serviceAccountName"].text().empty()) {
    for (const Place& volume : spec["volumes"].items()) {
      for (const Place& source : volume["projected"]["sources"].items()) {
        if (!source["serviceAccountToken"].present()) continue;
        out.push_back(problems::forbidden(source.path("serviceAccountToken"),
                                          "must not be specified when serviceAccountName is not set"));
      }
    }
  }
  for (const char* list : {"containers", "initContainers"}) {
    for (const Place& container : spec[list].items()) {
      if (!has_edge_space(container["image"].text())) continue;
      out.push_back(problems::invalid(container.path("image"), container["image"].text(),
                                      "must not have leading or trailing whitespace"));
    }
  }
  return out;
}

}  // namespace

Problems toleration_problems(const Place& tolerations) {
  Problems out;
  for (const Place& one : tolerations.items()) {
    Place key = one["key"], operation = one["operator"], value = one["value"], effect = one["effect"];
    if (!key.text().empty()) append_wrong(out, key, names::qualified_name(key.text()));
    if (key.text().empty() && operation.text() != "Exists") {
      out.push_back(problems::invalid(
          operation.path(), operation.text(),
          "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
    }
    if (one["tolerationSeconds"].present() && effect.text() != "NoExecute") {
      out.push_back(problems::invalid(effect.path(), effect.text(),
                                      "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    if (operation.text() == "Exists") {
      if (!value.text().empty()) {
        out.push_back(
            problems::invalid(operation.path(), value.text(), "value must be empty when `operator` is 'Exists'"));
      }
    } else if (operation.text() == "Equal" || operation.text().empty()) {
      std::string wrong;
      for (const std::string& text : names::label_value(value.text())) wrong += (wrong.empty() ? "" : ";") + text;
      if (!wrong.empty()) out.push_back(problems::invalid(operation.path(), value.text(), wrong));
    } else {
      out.push_back(problems::not_supported(operation.path(), operation.text(), {"Equal", "Exists"}));
    }
    if (!effect.text().empty()) append_choice(out, effect, {"NoSchedule", "PreferNoSchedule", "NoExecute"});
  }
  return out;
}

Problems pod_template_problems(const Place& pod_template) {
  Problems out = label_problems(Place(pod_template["metadata"]["labels"].value(), pod_template.path("labels")));
  append(out,
         annotation_problems(Place(pod_template["metadata"]["annotations"].value(), pod_template.path("annotations"))));
  append(out, pod_spec_problems(pod_template["spec"], false));
  if (pod_template["spec"]["ephemeralContainers"].size() > 0) {
    out.push_back(problems::forbidden(pod_template["spec"].path("ephemeralContainers"),
                                      "ephemeral containers not allowed in pod template"));
  }
  return out;
}

Problems pod_problems(const Json& pod, const Json* old) {
  if (old != nullptr) {
    Problems out = core_meta_update_problems(pod, *old);
    append(out, metadata_and_spec_problems(pod));
    append(out, pod_update_problems(pod, *old));
    return out;
  }
  Problems out = metadata_and_spec_problems(pod);
  Place spec = Place(pod, "")["spec"];
  if (spec["ephemeralContainers"].size() > 0) {
    out.push_back(problems::forbidden(spec.path("ephemeralContainers"), "cannot be set on create"));
  }
  if (!spec["nodeName"].text().empty() && spec["schedulingGates"].size() > 0) {
    out.push_back(
        problems::forbidden(spec.path("nodeName"), "cannot be set until all schedulingGates have been cleared"));
  }
  return out;
}

}  // namespace ork::embedded
