#include "operator/embedded/node/pod_spec.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "operator/embedded/node/quantity.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

// Reads fields of expected types; the first that has another one is what went wrong.
class Fields {
 public:
  Fields(const Json& object, std::string path, std::string& wrong)
      : object_(object.is_object() ? object : empty()), path_(std::move(path)), wrong_(wrong) {
    if (!object.is_object() && !object.is_null()) complain("", "an object");
  }

  std::string text(const char* field, std::string otherwise = {}) const {
    const Json* value = find(field);
    if (value == nullptr) return otherwise;
    if (value->is_string()) return value->get<std::string>();
    complain(field, "a string");
    return otherwise;
  }
  // A quantity may be a number as well.
  std::string quantity(const char* field) const {
    const Json* value = find(field);
    return value != nullptr && value->is_number() ? value->dump() : text(field);
  }
  std::optional<std::int64_t> number(const char* field) const {
    const Json* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_integer()) return value->get<std::int64_t>();
    complain(field, "an integer");
    return std::nullopt;
  }
  bool flag(const char* field) const {
    const Json* value = find(field);
    if (value == nullptr || value->is_boolean()) return value != nullptr && value->get<bool>();
    complain(field, "a boolean");
    return false;
  }
  bool has(const char* field) const { return find(field) != nullptr; }
  Fields object(const char* field) const {
    const Json* value = find(field);
    return Fields(value == nullptr ? empty() : *value, path_ + "." + field, wrong_);
  }
  std::map<std::string, std::string> texts_by_name(const char* field) const {
    std::map<std::string, std::string> out;
    const Fields inner = object(field);
    for (const auto& [name, value] : inner.object_.items()) {
      if (value.is_string())
        out.emplace(name, value.get<std::string>());
      else
        inner.complain(name.c_str(), "a string");
    }
    return out;
  }
  std::vector<std::string> texts(const char* field) const {
    std::vector<std::string> out;
    for (const Json& one : list(field)) {
      if (one.is_string())
        out.push_back(one.get<std::string>());
      else
        complain(field, "a list of strings");
    }
    return out;
  }
  template <typename Read>
  auto each(const char* field, Read read) const -> std::vector<decltype(read(std::declval<const Fields&>()))> {
    std::vector<decltype(read(std::declval<const Fields&>()))> out;
    std::size_t i = 0;
    for (const Json& one : list(field)) {
      out.push_back(read(Fields(one, path_ + "." + field + "[" + std::to_string(i++) + "]", wrong_)));
    }
    return out;
  }
  const Json& raw() const { return object_; }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, value] : object_.items()) {
      if (!value.is_null()) out.push_back(name);
    }
    return out;
  }
  void complain(const std::string& field, const char* wanted) const {
    if (wrong_.empty()) wrong_ = path_ + (field.empty() ? "" : "." + field) + " is not " + wanted;
  }

 private:
  static const Json& empty() {
    static const Json object = Json::object();
    return object;
  }
  const Json* find(const char* field) const {
    const auto it = object_.find(field);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }
  const Json& list(const char* field) const {
    static const Json none = Json::array();
    const Json* value = find(field);
    if (value != nullptr && !value->is_array()) complain(field, "a list");
    return value != nullptr && value->is_array() ? *value : none;
  }

  const Json& object_;
  std::string path_;
  std::string& wrong_;
};

EnvVariable read_value_from(const Fields& from, EnvVariable out) {
  if (from.has("fieldRef")) {
    out.from = EnvVariable::From::Field;
    out.text = from.object("fieldRef").text("fieldPath");
  } else if (from.has("resourceFieldRef")) {
    const Fields ref = from.object("resourceFieldRef");
    out.from = EnvVariable::From::Resource;
    out.text = ref.text("resource");
    out.container = ref.text("containerName");
    out.divisor = ref.quantity("divisor");
  } else {
    const bool secret = from.has("secretKeyRef");
    const Fields ref = from.object(secret ? "secretKeyRef" : "configMapKeyRef");
    out.from = EnvVariable::From::Key;
    out.source = {secret, ref.text("name")};
    out.text = ref.text("key");
    out.optional = ref.flag("optional");
  }
  return out;
}

EnvVariable read_env(const Fields& fields) {
  EnvVariable out{.name = fields.text("name"), .text = fields.text("value")};
  // As the kubelet does: a value that is set goes before its source.
  if (!out.text.empty() || !fields.has("valueFrom")) return out;
  return read_value_from(fields.object("valueFrom"), std::move(out));
}

EnvFrom read_env_from(const Fields& fields) {
  const bool secret = fields.has("secretRef");
  const Fields ref = fields.object(secret ? "secretRef" : "configMapRef");
  return {fields.text("prefix"), {secret, ref.text("name")}, ref.flag("optional")};
}

VolumeMount read_mount(const Fields& fields) {
  return {fields.text("name"), fields.text("mountPath"), fields.text("subPath"), fields.text("subPathExpr"),
          fields.flag("readOnly")};
}

ResourceAmounts read_amounts(const Fields& fields) {
  ResourceAmounts out;
  if (fields.has("cpu")) {
    out.cpu_millis = parse_milli_quantity(fields.quantity("cpu"));
    if (!out.cpu_millis) fields.complain("cpu", "a quantity");
  }
  if (fields.has("memory")) {
    out.memory_bytes = parse_quantity(fields.quantity("memory"));
    if (!out.memory_bytes) fields.complain("memory", "a quantity");
  }
  return out;
}

ContainerSpec read_container(const Fields& fields) {
  ContainerSpec out;
  out.name = fields.text("name");
  out.image = fields.text("image");
  out.pull_policy = fields.text("imagePullPolicy");
  out.command = fields.texts("command");
  out.args = fields.texts("args");
  out.working_dir = fields.text("workingDir");
  out.env_from = fields.each("envFrom", read_env_from);
  out.env = fields.each("env", read_env);
  out.mounts = fields.each("volumeMounts", read_mount);
  const Fields resources = fields.object("resources");
  out.requests = read_amounts(resources.object("requests"));
  out.limits = read_amounts(resources.object("limits"));
  out.termination_path = fields.text("terminationMessagePath", out.termination_path);
  out.sidecar = fields.text("restartPolicy") == "Always";
  out.log_is_message = fields.text("terminationMessagePolicy") == "FallbackToLogsOnError";
  return out;
}

VolumeItem read_item(const Fields& fields) {
  VolumeItem out{.key = fields.text("key"), .path = fields.text("path"), .mode = {}, .value = {}};
  if (const auto mode = fields.number("mode")) out.mode = static_cast<int>(*mode & 0777);
  if (fields.has("fieldRef") || fields.has("resourceFieldRef")) out.value = read_value_from(fields, {});
  return out;
}

VolumeSource read_keys(const Fields& fields, bool secret, const char* name_field) {
  VolumeSource out;
  out.source = {secret, fields.text(name_field)};
  out.optional = fields.flag("optional");
  out.items = fields.each("items", read_item);
  return out;
}

VolumeSource read_downward(const Fields& fields) {
  VolumeSource out;
  out.kind = VolumeSource::Kind::Downward;
  out.items = fields.each("items", read_item);
  return out;
}

VolumeSource read_projection(const Fields& fields) {
  if (fields.has("configMap")) return read_keys(fields.object("configMap"), false, "name");
  if (fields.has("secret")) return read_keys(fields.object("secret"), true, "name");
  if (fields.has("downwardAPI")) return read_downward(fields.object("downwardAPI"));
  VolumeSource token;
  token.kind = VolumeSource::Kind::Token;
  return token;
}

VolumeSpec read_volume(const Fields& fields) {
  VolumeSpec out;
  out.name = fields.text("name");
  out.kind = VolumeSpec::Kind::Files;
  const auto mode_in = [&out](const Fields& source) {
    if (const auto mode = source.number("defaultMode")) out.default_mode = static_cast<int>(*mode & 0777);
  };
  if (fields.has("configMap")) {
    out.sources.push_back(read_keys(fields.object("configMap"), false, "name"));
    mode_in(fields.object("configMap"));
  } else if (fields.has("secret")) {
    out.sources.push_back(read_keys(fields.object("secret"), true, "secretName"));
    mode_in(fields.object("secret"));
  } else if (fields.has("downwardAPI")) {
    out.sources.push_back(read_downward(fields.object("downwardAPI")));
    mode_in(fields.object("downwardAPI"));
  } else if (fields.has("projected")) {
    out.sources = fields.object("projected").each("sources", read_projection);
    mode_in(fields.object("projected"));
  } else if (fields.has("hostPath")) {
    out.kind = VolumeSpec::Kind::HostPath;
    out.host_path = fields.object("hostPath").text("path");
  } else {
    const std::vector<std::string> names = fields.names();
    const auto other = std::find_if(names.begin(), names.end(), [](const auto& name) { return name != "name"; });
    out.unknown_kind = other == names.end() ? "" : *other;
    // A volume without a source is an emptyDir, by the API server's own default.
    const bool is_empty = other == names.end() || *other == "emptyDir";
    out.kind = is_empty ? VolumeSpec::Kind::Empty : VolumeSpec::Kind::Unknown;
  }
  return out;
}

void read_meta(const Fields& meta, PodSpec& pod) {
  pod.meta.ns = meta.text("namespace");
  pod.meta.name = meta.text("name");
  pod.meta.uid = meta.text("uid");
  pod.meta.resource_version = meta.text("resourceVersion");
  pod.meta.creation_ms = api::parse_time(meta.text("creationTimestamp")).value_or(0);
  pod.meta.deleting = meta.has("deletionTimestamp");
  pod.labels = meta.texts_by_name("labels");
  pod.annotations = meta.texts_by_name("annotations");
  for (const bool controller :
       meta.each("ownerReferences", [](const Fields& owner) { return owner.flag("controller"); })) {
    pod.owned = pod.owned || controller;
  }
}

RestartPolicy restart_policy_named(const std::string& name) {
  if (name == "Never") return RestartPolicy::Never;
  return name == "OnFailure" ? RestartPolicy::OnFailure : RestartPolicy::Always;
}

void read_spec(const Fields& spec, PodSpec& pod) {
  pod.node = spec.text("nodeName");
  pod.service_account = spec.text("serviceAccountName");
  pod.scheduler = spec.text("schedulerName");
  pod.hostname = spec.text("hostname");
  pod.node_selector = spec.texts_by_name("nodeSelector");
  pod.has_affinity = !spec.object("affinity").raw().empty();
  pod.gated = !spec.each("schedulingGates", [](const Fields&) { return 0; }).empty();
  pod.restart_policy = restart_policy_named(spec.text("restartPolicy"));
  pod.grace_seconds = std::max<std::int64_t>(0, spec.number("terminationGracePeriodSeconds").value_or(30));
  pod.active_deadline_seconds = spec.number("activeDeadlineSeconds");
  pod.init_containers = spec.each("initContainers", read_container);
  pod.containers = spec.each("containers", read_container);
  pod.volumes = spec.each("volumes", read_volume);
}

// Requests, and limits where there are none.
std::int64_t asked(const std::optional<std::int64_t>& request, const std::optional<std::int64_t>& limit) {
  return request ? *request : limit.value_or(0);
}

std::int64_t add(std::int64_t a, std::int64_t b) { return a > INT64_MAX - b ? INT64_MAX : a + b; }

}  // namespace

Result<PodSpec, std::string> read_pod_spec(const Json& json) {
  std::string wrong;
  PodSpec pod;
  const Fields root(json, "pod", wrong);
  read_meta(root.object("metadata"), pod);
  read_spec(root.object("spec"), pod);
  const Fields status = root.object("status");
  pod.phase = status.text("phase");
  pod.start_ms = api::parse_time(status.text("startTime")).value_or(0);
  if (!wrong.empty()) return Err(wrong);
  if (pod.meta.uid.empty() || pod.meta.name.empty()) return Err(std::string("pod.metadata has no name or uid"));
  if (pod.containers.empty()) return Err(std::string("pod.spec.containers is empty"));
  return pod;
}

std::vector<std::string> container_names(const PodSpec& pod) {
  std::vector<std::string> names;
  for (const auto* list : {&pod.init_containers, &pod.containers}) {
    for (const ContainerSpec& container : *list) names.push_back(container.name);
  }
  return names;
}

RoomNeeded room_needed(const PodSpec& pod) {
  RoomNeeded together;
  for (const ContainerSpec& c : pod.containers) {
    together.cpu_millis = add(together.cpu_millis, asked(c.requests.cpu_millis, c.limits.cpu_millis));
    together.memory_bytes = add(together.memory_bytes, asked(c.requests.memory_bytes, c.limits.memory_bytes));
  }
  for (const ContainerSpec& c : pod.init_containers) {
    together.cpu_millis = std::max(together.cpu_millis, asked(c.requests.cpu_millis, c.limits.cpu_millis));
    together.memory_bytes = std::max(together.memory_bytes, asked(c.requests.memory_bytes, c.limits.memory_bytes));
  }
  return together;
}

std::vector<SourceRef> sources_of(const PodSpec& pod) {
  std::set<SourceRef> out;
  for (const auto* list : {&pod.init_containers, &pod.containers}) {
    for (const ContainerSpec& container : *list) {
      for (const EnvFrom& from : container.env_from) out.insert(from.source);
      for (const EnvVariable& variable : container.env) {
        if (variable.from == EnvVariable::From::Key) out.insert(variable.source);
      }
    }
  }
  for (const VolumeSpec& volume : pod.volumes) {
    for (const VolumeSource& source : volume.sources) {
      if (source.kind == VolumeSource::Kind::Keys) out.insert(source.source);
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace ork::embedded
