#include "operator/embedded/kinds/pod_defaults.hpp"

#include <re2/re2.h>

#include <initializer_list>
#include <map>
#include <set>

#include "operator/embedded/kinds/disabled_fields.hpp"
#include "operator/embedded/kinds/place.hpp"
#include "operator/embedded/kinds/quantity.hpp"

namespace ork::embedded {
namespace {

// A field that is an object or a list, or null.
Json* child(Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  auto found = object.find(name);
  return found == object.end() || !found->is_structured() ? nullptr : &*found;
}

void fill(Json& object, const char* name, const Json& value) {
  auto found = object.find(name);
  if (found == object.end() || found->is_null()) object[name] = value;
}

// A number that counts as absent when it is 0.
void fill_zero(Json& object, const char* name, const Json& value) {
  auto found = object.find(name);
  if (found == object.end() || *found == 0) object[name] = value;
}

template <typename Visit>
void each(Json* list, const Visit& visit) {
  if (list == nullptr || !list->is_array()) return;
  for (Json& item : *list) visit(item);
}

void default_http_get(Json* holder) {
  Json* http = holder == nullptr ? nullptr : child(*holder, "httpGet");
  if (http == nullptr) return;
  fill(*http, "path", "/");
  fill(*http, "scheme", "HTTP");
}

void default_probe(Json* probe) {
  if (probe == nullptr) return;
  fill_zero(*probe, "timeoutSeconds", 1);
  fill_zero(*probe, "periodSeconds", 10);
  fill_zero(*probe, "successThreshold", 1);
  fill_zero(*probe, "failureThreshold", 3);
  default_http_get(probe);
  if (Json* grpc = child(*probe, "grpc")) fill(*grpc, "service", "");
}

void default_field_ref(Json* holder) {
  Json* reference = holder == nullptr ? nullptr : child(*holder, "fieldRef");
  if (reference != nullptr) fill(*reference, "apiVersion", "v1");
}

// Amounts are kept to thousandths.
void round_amounts(Json* amounts) {
  if (amounts == nullptr || !amounts->is_object()) return;
  for (Json& amount : *amounts) {
    if (!amount.is_string()) continue;
    auto quantity = parse_quantity(amount.get_ref<const std::string&>());
    if (quantity) amount = printed(in_thousandths(*quantity));
  }
}

void default_container(Json& container) {
  fill(container, "imagePullPolicy", default_pull_policy(Place(container, "")["image"].text()));
  fill(container, "terminationMessagePath", "/dev/termination-log");
  fill(container, "terminationMessagePolicy", "File");
  each(child(container, "env"), [](Json& variable) { default_field_ref(child(variable, "valueFrom")); });
  if (Json* resources = child(container, "resources")) {
    round_amounts(child(*resources, "limits"));
    round_amounts(child(*resources, "requests"));
  }
  for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"}) default_probe(child(container, probe));
  if (Json* lifecycle = child(container, "lifecycle")) {
    default_http_get(child(*lifecycle, "postStart"));
    default_http_get(child(*lifecycle, "preStop"));
  }
}

void default_volume(Json& volume) {
  constexpr int mode = 0644;
  if (volume.size() <= (volume.contains("name") ? 1U : 0U)) volume["emptyDir"] = Json::object();
  if (Json* host_path = child(volume, "hostPath")) fill(*host_path, "type", "");
  for (const char* source : {"secret", "configMap", "downwardAPI", "projected"}) {
    if (Json* files = child(volume, source)) fill(*files, "defaultMode", mode);
  }
  auto default_items = [](Json* downward) {
    if (downward != nullptr) each(child(*downward, "items"), [](Json& item) { default_field_ref(&item); });
  };
  default_items(child(volume, "downwardAPI"));
  if (Json* projected = child(volume, "projected")) {
    each(child(*projected, "sources"), [&](Json& source) {
      default_items(child(source, "downwardAPI"));
      if (Json* token = child(source, "serviceAccountToken")) fill(*token, "expirationSeconds", 3600);
    });
  }
  if (Json* image = child(volume, "image")) {
    fill(*image, "pullPolicy", default_pull_policy(Place(*image, "")["reference"].text()));
  }
}

// The older name of serviceAccountName is kept beside it.
void mirror_service_account(Json& spec) {
  auto name = spec.find("serviceAccountName"), older = spec.find("serviceAccount");
  if (name != spec.end()) {
    spec["serviceAccount"] = *name;
  } else if (older != spec.end()) {
    spec["serviceAccountName"] = *older;
  }
}

// A limit without a request is the request as well.
void request_limits(Json& container) {
  Json* resources = child(container, "resources");
  Json* limits = resources == nullptr ? nullptr : child(*resources, "limits");
  if (limits == nullptr) return;
  Json& requests = (*resources)["requests"];
  if (!requests.is_object()) requests = Json::object();
  for (const auto& [name, amount] : limits->items()) {
    if (!requests.contains(name)) requests[name] = amount;
  }
}

void open_host_ports(Json& container) {
  each(child(container, "ports"), [](Json& port) {
    if (port.contains("containerPort")) fill_zero(port, "hostPort", port["containerPort"]);
  });
}

// The amounts of cpu and memory that are more than nothing.
std::map<std::string, Quantity> compute_amounts(const Place& amounts) {
  std::map<std::string, Quantity> out;
  for (const char* name : {"cpu", "memory"}) {
    auto quantity = parse_quantity(amounts[name].text());
    if (quantity && !quantity->is_zero() && !quantity->negative) out.emplace(name, *quantity);
  }
  return out;
}

std::string quality_of(const std::vector<Place>& resources) {
  std::map<std::string, Nanos> requests, limits;
  bool guaranteed = true;
  for (const Place& one : resources) {
    for (const auto& [name, amount] : compute_amounts(one["requests"])) requests[name] += amount.nanos;
    auto limited = compute_amounts(one["limits"]);
    for (const auto& [name, amount] : limited) limits[name] += amount.nanos;
    guaranteed = guaranteed && limited.size() == 2;
  }
  if (requests.empty() && limits.empty()) return "BestEffort";
  return guaranteed && requests == limits ? "Guaranteed" : "Burstable";
}

std::string quality_of_service(const Place& spec) {
  Place own = spec["resources"];
  if (!compute_amounts(own["requests"]).empty() || !compute_amounts(own["limits"]).empty()) return quality_of({own});
  std::vector<Place> resources;
  for (const char* list : {"initContainers", "containers"}) {
    for (const Place& container : spec[list].items()) resources.push_back(container["resources"]);
  }
  return quality_of(resources);
}

}  // namespace

std::string default_pull_policy(const std::string& image) {
  // The grammar of image references, from github.com/distribution/reference.
  static const re2::RE2 reference(
      R"((?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9.-]*[a-zA-Z0-9])(?::[0-9]+)?/)?)"
      R"([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
      R"((?::(\w[\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?)");
  std::string tag, digest;
  if (!re2::RE2::FullMatch(image, reference, &tag, &digest)) return "IfNotPresent";
  return tag == "latest" || (tag.empty() && digest.empty()) ? "Always" : "IfNotPresent";
}

void default_pod_spec(Json& spec) {
  if (!spec.is_object()) return;
  fill(spec, "dnsPolicy", "ClusterFirst");
  fill(spec, "restartPolicy", "Always");
  fill(spec, "securityContext", Json::object());
  fill(spec, "terminationGracePeriodSeconds", 30);
  fill(spec, "schedulerName", "default-scheduler");
  mirror_service_account(spec);
  each(child(spec, "volumes"), default_volume);
  for (const char* list : {"initContainers", "containers", "ephemeralContainers"}) {
    each(child(spec, list), default_container);
  }
  round_amounts(child(spec, "overhead"));
}

// Of a Pod's addresses the first stands alone too. Where both are given and differ, that one counts.
void default_addresses(Json& pod) {
  Json* status = child(pod, "status");
  if (status == nullptr) return;
  Place place(*status, "");
  const std::string ip = place["podIP"].text();
  Json& ips = (*status)["podIPs"];
  if (!ip.empty() && (!ips.is_array() || ips.empty() || Place(ips[0], "")["ip"].text() != ip)) {
    ips = Json::array({{{"ip", ip}}});
  }
  if (!ips.is_array() || ips.empty()) {
    status->erase("podIPs");
  } else if (ip.empty()) {
    (*status)["podIP"] = Place(ips[0], "")["ip"].text();
  }
}

void default_pod(Json& pod) {
  default_addresses(pod);
  Json* spec = child(pod, "spec");
  if (spec == nullptr) return;
  default_pod_spec(*spec);
  bool host_network = Place(*spec, "")["hostNetwork"].flag();
  for (const char* list : {"initContainers", "containers"}) {
    each(child(*spec, list), [&](Json& container) {
      request_limits(container);
      if (host_network) open_host_ports(container);
    });
  }
  fill(*spec, "enableServiceLinks", true);
}

void prepare_pod_status(Json& pod, const Json& old) {
  // Who reports the status has nothing to say about owners.
  if (Json* metadata = child(pod, "metadata"); metadata != nullptr) {
    Place owners = Place(old, "")["metadata"]["ownerReferences"];
    metadata->erase("ownerReferences");
    if (owners.present()) (*metadata)["ownerReferences"] = owners.value();
  }
  const std::string quality = Place(old, "")["status"]["qosClass"].text();
  Json* status = child(pod, "status");
  if (status == nullptr || quality.empty()) return;
  if (Place(*status, "")["qosClass"].text().empty()) (*status)["qosClass"] = quality;
}

void prepare_pod(Json& pod, const Json* old) {
  // No time at all counts as the shortest.
  if (Json* grace = child(pod, "spec");
      grace != nullptr && Place(*grace, "")["terminationGracePeriodSeconds"].number() < 0) {
    (*grace)["terminationGracePeriodSeconds"] = 1;
  }
  if (Json* spec = child(pod, "spec")) drop_disabled_fields(*spec);
  if (old != nullptr) return;
  Place spec = Place(pod, "")["spec"];
  Json status = {{"phase", "Pending"}, {"qosClass", quality_of_service(spec)}};
  if (spec["schedulingGates"].size() > 0) {
    status["conditions"] = {{{"type", "PodScheduled"},
                             {"status", "False"},
                             {"lastProbeTime", nullptr},
                             {"lastTransitionTime", Place(pod, "")["metadata"]["creationTimestamp"].value()},
                             {"reason", "SchedulingGated"},
                             {"message", "Scheduling is blocked due to non-empty scheduling gates"}}};
  }
  pod["status"] = std::move(status);
}

}  // namespace ork::embedded
