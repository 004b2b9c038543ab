#include "operator/embedded/kinds/container_check.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "operator/embedded/kinds/probe_check.hpp"
#include "operator/embedded/kinds/quantity.hpp"
#include "operator/embedded/kinds/volume_check.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

using Texts = std::vector<std::string>;

void append_port(Problems& out, const Place& port) {
  constexpr std::int64_t most = 65535;
  if (port.number() < 1 || port.number() > most) {
    out.push_back(problems::invalid(port.path(), port.value(), names::between(1, most)));
  }
}

Problems port_problems(const Place& ports) {
  Problems out;
  std::set<std::string> used;
  for (const Place& port : ports.items()) {
    Place name = port["name"];
    if (!name.text().empty()) {
      names::Wrong wrong = names::port_name(name.text());
      append_wrong(out, name, wrong);
      if (wrong.empty() && !used.insert(name.text()).second) {
        out.push_back(problems::duplicate(name.path(), name.text()));
      }
    }
    if (port["containerPort"].number() == 0) {
      out.push_back(problems::required(port.path("containerPort"), ""));
    } else {
      append_port(out, port["containerPort"]);
    }
    if (port["hostPort"].number() != 0) append_port(out, port["hostPort"]);
    append_choice(out, port["protocol"], {"SCTP", "TCP", "UDP"});
  }
  return out;
}

Problems key_selector_problems(const Place& selector) {
  Problems out;
  append_wrong(out, selector["name"], names::dns_subdomain(selector["name"].text()));
  if (selector["key"].text().empty()) {
    out.push_back(problems::required(selector.path("key"), ""));
  } else {
    append_wrong(out, selector["key"], names::config_key(selector["key"].text()));
  }
  return out;
}

Problems value_from_problems(const Place& variable) {
  static const std::set<std::string> known = {
      "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
      "status.hostIP", "status.hostIPs",     "status.podIP", "status.podIPs"};
  Place from = variable["valueFrom"];
  if (!from.present()) return {};
  Problems out;
  int count = 0;
  if (from["fieldRef"].present()) {
    ++count;
    append(out, field_selector_problems(from["fieldRef"], known));
  }
  if (from["resourceFieldRef"].present()) {
    ++count;
    append(out, resource_selector_problems(from["resourceFieldRef"], false));
  }
  for (const char* source : {"configMapKeyRef", "secretKeyRef"}) {
    if (!from[source].present()) continue;
    ++count;
    append(out, key_selector_problems(from[source]));
  }
  count += from["fileKeyRef"].present() ? 1 : 0;
  if (count == 0) {
    out.push_back(problems::invalid(
        from.path(), "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"));
  } else if (!variable["value"].text().empty()) {
    out.push_back(problems::invalid(from.path(), "", "may not be specified when `value` is not empty"));
  } else if (count > 1) {
    out.push_back(problems::invalid(from.path(), "", "may not have more than one field specified at a time"));
  }
  return out;
}

Problems environment_problems(const Place& container) {
  Problems out;
  for (const Place& variable : container["env"].items()) {
    if (variable["name"].text().empty()) {
      out.push_back(problems::required(variable.path("name"), ""));
    } else {
      append_wrong(out, variable["name"], names::environment_name(variable["name"].text()));
    }
    append(out, value_from_problems(variable));
  }
  for (const Place& source : container["envFrom"].items()) {
    if (!source["prefix"].text().empty()) {
      append_wrong(out, source["prefix"], names::environment_name(source["prefix"].text()));
    }
    int count = 0;
    for (const char* name : {"configMapRef", "secretRef"}) {
      Place reference = source[name];
      if (!reference.present()) continue;
      ++count;
      if (reference["name"].text().empty()) {
        out.push_back(problems::required(reference.path("name"), ""));
      } else {
        append_wrong(out, reference["name"], names::subdomain_name(reference["name"].text(), true));
      }
    }
    const std::string list = container.path("envFrom");
    if (count == 0) out.push_back(problems::invalid(list, "", "must specify one of: `configMapRef` or `secretRef`"));
    if (count > 1) out.push_back(problems::invalid(list, "", "may not have more than one field specified at a time"));
  }
  return out;
}

Problems propagation_problems(const Place& container, const Place& mount) {
  Problems out;
  Place propagation(mount["mountPropagation"].value(), container.path("volumeMounts") + ".mountPropagation");
  if (!propagation.present()) return out;
  append_choice(out, propagation, {"Bidirectional", "HostToContainer", "None"});
  if (propagation.text() == "Bidirectional" && !container["securityContext"]["privileged"].flag()) {
    out.push_back(problems::forbidden(propagation.path(),
                                      "Bidirectional mount propagation is available only to privileged containers"));
  }
  return out;
}

Problems read_only_problems(const Place& container, const Place& mount) {
  Problems out;
  Place recursive(mount["recursiveReadOnly"].value(), container.path("volumeMounts") + ".recursiveReadOnly");
  if (!recursive.present() || recursive.text() == "Disabled") return out;
  if (recursive.text() != "Enabled" && recursive.text() != "IfPossible") {
    return {problems::not_supported(recursive.path(), recursive.text(), {"Disabled", "Enabled", "IfPossible"})};
  }
  if (!mount["readOnly"].flag()) {
    out.push_back(problems::forbidden(recursive.path(), "may only be specified when readOnly is true"));
  }
  std::string propagation = mount["mountPropagation"].text();
  if (!propagation.empty() && propagation != "None") {
    out.push_back(
        problems::forbidden(recursive.path(), "may only be specified when mountPropagation is None or not specified"));
  }
  return out;
}

Problems mount_problems(const Place& container, const PodContext& context) {
  Problems out;
  std::set<std::string> used;
  const std::string list = container.path("volumeMounts");
  for (const Place& mount : container["volumeMounts"].items()) {
    Place name = mount["name"], path = mount["mountPath"], sub = mount["subPath"], expression = mount["subPathExpr"];
    if (name.text().empty()) out.push_back(problems::required(name.path(), ""));
    if (!context.volumes.contains(name.text())) out.push_back(problems::not_found(name.path(), name.text()));
    if (path.text().empty()) out.push_back(problems::required(path.path(), ""));
    if (!used.insert(path.text()).second) {
      out.push_back(problems::invalid(path.path(), path.text(), "must be unique"));
    }
    for (const Place& device : container["volumeDevices"].items()) {
      if (device["name"].text() == name.text()) {
        out.push_back(problems::invalid(name.path(), name.text(), "must not already exist in volumeDevices"));
      }
      if (device["devicePath"].text() == path.text()) {
        out.push_back(problems::invalid(path.path(), path.text(), "must not already exist as a path in volumeDevices"));
      }
    }
    if (!sub.text().empty()) append(out, descending_path_problems(sub, list + ".subPath"));
    if (!expression.text().empty()) {
      if (!sub.text().empty()) {
        out.push_back(
            problems::invalid(expression.path(), expression.text(), "subPathExpr and subPath are mutually exclusive"));
      }
      append(out, descending_path_problems(expression, list + ".subPathExpr"));
    }
    append(out, propagation_problems(container, mount));
    append(out, read_only_problems(container, mount));
  }
  return out;
}

Problems security_problems(const Place& context) {
  Problems out;
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  for (const char* field : {"runAsUser", "runAsGroup"}) {
    Place id = context[field];
    if (id.number() < 0 || id.number() > most) {
      out.push_back(problems::invalid(id.path(), id.value(), names::between(0, most)));
    }
  }
  Place escalation = context["allowPrivilegeEscalation"];
  if (escalation.present() && !escalation.flag() && context["privileged"].flag()) {
    out.push_back(problems::invalid(context.path(), context.value(),
                                    "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
  }
  return out;
}

Problems common_problems(const Place& container, const PodContext& context) {
  Problems out;
  Place name = container["name"];
  if (name.text().empty()) {
    out.push_back(problems::required(name.path(), ""));
  } else {
    append_wrong(out, name, names::dns_label(name.text()));
  }
  if (container["image"].text().empty()) out.push_back(problems::required(container.path("image"), ""));
  append_choice(out, container["terminationMessagePolicy"], {"File", "FallbackToLogsOnError"});
  append(out, port_problems(container["ports"]));
  append(out, environment_problems(container));
  append(out, mount_problems(container, context));
  append_choice(out, container["imagePullPolicy"], {"Always", "IfNotPresent", "Never"});
  append(out, resource_problems(container["resources"]));
  append(out, security_problems(container["securityContext"]));
  return out;
}

void append_probes(Problems& out, const Place& container, const PodContext& context) {
  if (container["lifecycle"].present()) append(out, lifecycle_problems(container["lifecycle"], context.grace_seconds));
  for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    if (container[probe].present()) append(out, probe_problems(container[probe], probe, context.grace_seconds));
  }
}

void append_host_ports(Problems& out, const Place& container, const std::string& at, std::set<std::string>& used) {
  Place named(container.value(), at);
  for (const Place& port : named["ports"].items()) {
    if (port["hostPort"].number() == 0) continue;
    std::string text =
        port["protocol"].text() + "/" + port["hostIP"].text() + "/" + std::to_string(port["hostPort"].number());
    if (!used.insert(text).second) out.push_back(problems::duplicate(port.path("hostPort"), text));
  }
}

Problems init_container_problems(const Place& spec, const PodContext& context) {
  Problems out;
  std::set<std::string> used;
  for (const Place& container : spec["containers"].items()) used.insert(container["name"].text());
  for (const Place& container : spec["initContainers"].items()) {
    append(out, common_problems(container, context));
    Place restart = container["restartPolicy"], name = container["name"];
    if (used.contains(name.text())) {
      out.push_back(problems::duplicate(name.path(), name.text()));
    } else if (!name.text().empty()) {
      used.insert(name.text());
    }
    // Init containers run one by one, and each is looked at as if it were the only one.
    std::set<std::string> ports;
    append_host_ports(out, container, spec.path("initContainers") + "[0]", ports);
    if (restart.text() == "Always") {
      append_probes(out, container, context);
      continue;
    }
    for (const char* field : {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}) {
      if (!container[field].present()) continue;
      out.push_back(problems::forbidden(container.path(field),
                                        "may not be set for init containers without restartPolicy=Always"));
    }
  }
  return out;
}

bool is_native(const std::string& resource) {
  return resource.find('/') == std::string::npos || resource.find("kubernetes.io/") != std::string::npos;
}

bool is_extended(const std::string& resource) {
  return !is_native(resource) && !resource.starts_with("requests.") &&
         names::qualified_name("requests." + resource).empty();
}

Problems resource_name_problems(const Place& amount, const std::string& name) {
  static const std::set<std::string> container_resources = {"cpu", "memory", "ephemeral-storage"};
  static const std::set<std::string> quota_resources = {"requests.cpu",
                                                        "requests.memory",
                                                        "requests.ephemeral-storage",
                                                        "limits.cpu",
                                                        "limits.memory",
                                                        "limits.ephemeral-storage",
                                                        "pods",
                                                        "resourcequotas",
                                                        "services",
                                                        "replicationcontrollers",
                                                        "secrets",
                                                        "configmaps",
                                                        "persistentvolumeclaims",
                                                        "storage",
                                                        "requests.storage",
                                                        "services.nodeports",
                                                        "services.loadbalancers"};
  Problems out;
  auto invalid = [&](const char* what) { out.push_back(problems::invalid(amount.path(), name, what)); };
  for (const std::string& one : names::qualified_name(name)) invalid(one.c_str());
  bool plain = name.find('/') == std::string::npos, huge_pages = name.starts_with("hugepages-");
  bool of_container = container_resources.contains(name) || huge_pages;
  if (out.empty() && plain && !of_container && !quota_resources.contains(name) &&
      !name.starts_with("requests.hugepages-")) {
    invalid("must be a standard resource type or fully qualified");
  }
  if (plain && !of_container) invalid("must be a standard resource for containers");
  if (!plain && !is_native(name) && !is_extended(name)) invalid("doesn't follow extended resource name standard");
  return out;
}

Problems amount_problems(const Place& amount, const std::string& name) {
  Problems out = resource_name_problems(amount, name);
  auto quantity = parse_quantity(amount.text());
  if (!quantity) return out;
  if (quantity->negative) {
    out.push_back(problems::invalid(amount.path(), amount.text(), "must be greater than or equal to 0"));
  }
  if (is_extended(name) && !quantity->is_whole()) {
    out.push_back(problems::invalid(amount.path(), amount.text(), "must be an integer"));
  }
  return out;
}

}  // namespace

Problems resource_problems(const Place& resources) {
  Problems out;
  Place limits = resources["limits"], requests = resources["requests"];
  for (const auto& [name, amount] : limits.entries()) append(out, amount_problems(amount, name));
  for (const auto& [name, amount] : requests.entries()) {
    append(out, amount_problems(amount, name));
    bool overcommits = is_native(name) && !name.starts_with("hugepages-");
    auto limit = parse_quantity(limits[name].text()), request = parse_quantity(amount.text());
    if (!limits[name].present()) {
      if (!overcommits) {
        out.push_back(problems::required(limits.path(), "Limit must be set for non overcommitable resources"));
      }
    } else if (limit && request) {
      int order = compared(*request, *limit);
      std::string what = name + " limit of " + printed(*limit);
      if (order != 0 && !overcommits) {
        out.push_back(problems::invalid(requests.path(), amount.text(), "must be equal to " + what));
      } else if (order > 0) {
        out.push_back(problems::invalid(requests.path(), amount.text(), "must be less than or equal to " + what));
      }
    }
  }
  return out;
}

Problems container_problems(const Place& spec, const PodContext& context) {
  Problems out;
  Place containers = spec["containers"];
  if (containers.size() == 0) out.push_back(problems::required(containers.path(), ""));
  std::set<std::string> used, ports;
  for (const Place& container : containers.items()) {
    append(out, common_problems(container, context));
    Place name = container["name"];
    if (!used.insert(name.text()).second) out.push_back(problems::duplicate(name.path(), name.text()));
    append_probes(out, container, context);
  }
  for (const Place& container : containers.items()) append_host_ports(out, container, container.path(), ports);
  append(out, init_container_problems(spec, context));
  return out;
}

void append_choice(Problems& out, const Place& text, const std::vector<std::string>& supported) {
  if (text.text().empty()) {
    out.push_back(problems::required(text.path(), ""));
  } else if (std::find(supported.begin(), supported.end(), text.text()) == supported.end()) {
    out.push_back(problems::not_supported(text.path(), text.text(), supported));
  }
}

}  // namespace ork::embedded
