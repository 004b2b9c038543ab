#include "operator/embedded/kinds/builtin_kinds.hpp"

#include <algorithm>
#include <utility>

#include "operator/embedded/kinds/config_data.hpp"
#include "operator/embedded/kinds/events.hpp"
#include "operator/embedded/kinds/job_check.hpp"
#include "operator/embedded/kinds/job_defaults.hpp"
#include "operator/embedded/kinds/leases.hpp"
#include "operator/embedded/kinds/namespaces.hpp"
#include "operator/embedded/kinds/pod_check.hpp"
#include "operator/embedded/kinds/pod_defaults.hpp"
#include "operator/embedded/kinds/revisions.hpp"

namespace ork::embedded {
namespace {

const std::string core = "io.k8s.api.core.v1.";

std::vector<std::string> all_verbs() {
  return {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"};
}

std::unique_ptr<Kind> made(std::string group, std::string plural, std::string kind, std::string definition) {
  auto made = std::make_unique<Kind>();
  made->group = std::move(group);
  made->version = "v1";
  made->singular = kind;
  std::transform(kind.begin(), kind.end(), made->singular.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  made->plural = std::move(plural);
  made->list_kind = kind + "List";
  made->kind = std::move(kind);
  made->definition = std::move(definition);
  made->verbs = all_verbs();
  return made;
}

std::unique_ptr<Kind> namespaces() {
  auto kind = made("", "namespaces", "Namespace", core + "Namespace");
  kind->short_names = {"ns"};
  kind->verbs = {"create", "delete", "get", "list", "patch", "update", "watch"};
  kind->namespaced = false;
  kind->has_status = true;
  kind->selectable_fields = {"status.phase"};
  kind->defaults = default_namespace;
  kind->prepare = prepare_namespace;
  kind->check = namespace_problems;
  kind->check_status = namespace_status_problems;
  return kind;
}

std::unique_ptr<Kind> pods() {
  auto kind = made("", "pods", "Pod", core + "Pod");
  kind->short_names = {"po"};
  kind->categories = {"all"};
  kind->has_status = true;
  kind->has_generation = true;
  kind->selectable_fields = {
      "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
      "status.phase",  "status.podIP",       "status.podIPs",      "status.nominatedNodeName"};
  kind->defaults = default_pod;
  kind->prepare = prepare_pod;
  kind->prepare_status = prepare_pod_status;
  kind->check = pod_problems;
  kind->warnings = pod_warnings;
  kind->check_status = pod_status_problems;
  return kind;
}

std::unique_ptr<Kind> config_maps() {
  auto kind = made("", "configmaps", "ConfigMap", core + "ConfigMap");
  kind->short_names = {"cm"};
  kind->check = config_map_problems;
  return kind;
}

std::unique_ptr<Kind> secrets() {
  auto kind = made("", "secrets", "Secret", core + "Secret");
  kind->selectable_fields = {"type"};
  kind->defaults = default_secret;
  kind->check = secret_problems;
  kind->warnings = secret_warnings;
  return kind;
}

std::unique_ptr<Kind> core_events() {
  auto kind = made("", "events", "Event", core + "Event");
  kind->short_names = {"ev"};
  kind->selectable_fields = {"involvedObject.kind",
                             "involvedObject.namespace",
                             "involvedObject.name",
                             "involvedObject.uid",
                             "involvedObject.apiVersion",
                             "involvedObject.resourceVersion",
                             "reason",
                             "involvedObject.fieldPath",
                             "reportingComponent",
                             "source",
                             "type"};
  kind->creates_on_update = true;
  kind->has_dependents = false;
  kind->check = core_event_problems;
  return kind;
}

// The same objects in the words of events.k8s.io.
std::unique_ptr<Kind> events(const Kind* stored_as) {
  auto kind = made("events.k8s.io", "events", "Event", "io.k8s.api.events.v1.Event");
  kind->short_names = {"ev"};
  kind->selectable_fields = {"regarding.kind",       "regarding.namespace",
                             "regarding.name",       "regarding.uid",
                             "regarding.apiVersion", "regarding.resourceVersion",
                             "regarding.fieldPath",  "reason",
                             "reportingController",  "type"};
  kind->creates_on_update = true;
  kind->has_dependents = false;
  kind->stored_as = stored_as;
  kind->to_stored = event_to_stored;
  kind->from_stored = event_from_stored;
  kind->check = event_problems;
  return kind;
}

std::unique_ptr<Kind> jobs() {
  auto kind = made("batch", "jobs", "Job", "io.k8s.api.batch.v1.Job");
  kind->categories = {"all"};
  kind->has_status = true;
  kind->has_generation = true;
  kind->selectable_fields = {"status.successful"};
  kind->orphans_by_default = true;
  kind->defaults = default_job;
  kind->prepare = prepare_job;
  kind->check = job_problems;
  kind->warnings = job_warnings;
  kind->check_status = job_status_problems;
  return kind;
}

std::unique_ptr<Kind> controller_revisions() {
  auto kind = made("apps", "controllerrevisions", "ControllerRevision", "io.k8s.api.apps.v1.ControllerRevision");
  kind->check = controller_revision_problems;
  return kind;
}

std::unique_ptr<Kind> leases() {
  auto kind = made("coordination.k8s.io", "leases", "Lease", "io.k8s.api.coordination.v1.Lease");
  kind->creates_on_update = true;
  kind->updates_blindly = false;
  kind->prepare = prepare_lease;
  kind->check = lease_problems;
  return kind;
}

std::unique_ptr<Kind> custom_resource_definitions() {
  auto kind = made("apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition",
                   "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition");
  kind->short_names = {"crd", "crds"};
  kind->categories = {"api-extensions"};
  kind->verbs = {"get", "list", "watch"};
  kind->namespaced = false;
  return kind;
}

}  // namespace

std::vector<std::unique_ptr<Kind>> builtin_kinds() {
  std::vector<std::unique_ptr<Kind>> kinds;
  kinds.push_back(namespaces());
  kinds.push_back(pods());
  kinds.push_back(config_maps());
  kinds.push_back(secrets());
  kinds.push_back(core_events());
  kinds.push_back(events(kinds.back().get()));
  kinds.push_back(controller_revisions());
  kinds.push_back(jobs());
  kinds.push_back(leases());
  kinds.push_back(custom_resource_definitions());
  return kinds;
}

}  // namespace ork::embedded
