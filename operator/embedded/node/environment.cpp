#include "operator/embedded/node/environment.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "operator/embedded/node/expansion.hpp"
#include "operator/embedded/node/quantity.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

// As Go's strconv.Quote, for what can stand in a label or an annotation.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          char escaped[8];
          std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(c));
          out += escaped;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string listed(const std::map<std::string, std::string>& map) {
  std::string out;
  for (const auto& [key, value] : map) out += (out.empty() ? "" : "\n") + key + "=" + quoted(value);
  return out;
}

std::string value_in(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto it = map.find(key);
  return it == map.end() ? "" : it->second;
}

// "metadata.labels['KEY']".
std::optional<std::string> subscript(const std::string& path, const std::string& of) {
  const std::string head = of + "['";
  if (!path.starts_with(head) || !path.ends_with("']") || path.size() < head.size() + 2) return std::nullopt;
  return path.substr(head.size(), path.size() - head.size() - 2);
}

Result<std::string, std::string> pod_field(const PodSpec& pod, const std::string& path, const NodeFacts& node) {
  if (const auto key = subscript(path, "metadata.labels")) return value_in(pod.labels, *key);
  if (const auto key = subscript(path, "metadata.annotations")) return value_in(pod.annotations, *key);
  if (path == "metadata.labels") return listed(pod.labels);
  if (path == "metadata.annotations") return listed(pod.annotations);
  if (path == "metadata.name") return pod.meta.name;
  if (path == "metadata.namespace") return pod.meta.ns;
  if (path == "metadata.uid") return pod.meta.uid;
  if (path == "spec.nodeName") return node.name;
  if (path == "spec.serviceAccountName") return pod.service_account;
  if (path == "status.podIP" || path == "status.hostIP" || path == "status.podIPs" || path == "status.hostIPs") {
    return node.ip;
  }
  return Err("unsupported fieldPath: " + path);
}

const ContainerSpec* container_named(const PodSpec& pod, const std::string& name) {
  for (const auto* list : {&pod.containers, &pod.init_containers}) {
    for (const ContainerSpec& container : *list) {
      if (container.name == name) return &container;
    }
  }
  return nullptr;
}

// Rounded up to whole divisors; a divisor that is not set is 1.
std::string divided(std::int64_t milli, const std::string& divisor) {
  const std::int64_t by = std::max<std::int64_t>(0, parse_milli_quantity(divisor).value_or(0));
  const std::int64_t unit = by == 0 ? 1000 : by;
  return std::to_string(milli / unit + (milli % unit != 0 ? 1 : 0));
}

std::int64_t in_millis(std::int64_t units) { return units > INT64_MAX / 1000 ? INT64_MAX : units * 1000; }

Result<std::string, std::string> resource_field(const PodSpec& pod, const EnvVariable& ref, const ContainerSpec* own,
                                                const NodeFacts& node) {
  const ContainerSpec* container = ref.container.empty() ? own : container_named(pod, ref.container);
  if (container == nullptr) return Err("container " + ref.container + " not found");
  const ResourceAmounts& limits = container->limits;
  const ResourceAmounts& requests = container->requests;
  if (ref.text == "limits.cpu") return divided(limits.cpu_millis.value_or(node.cpu_millis), ref.divisor);
  if (ref.text == "requests.cpu") return divided(requests.cpu_millis.value_or(0), ref.divisor);
  if (ref.text == "limits.memory") {
    return divided(in_millis(limits.memory_bytes.value_or(node.memory_bytes)), ref.divisor);
  }
  if (ref.text == "requests.memory") return divided(in_millis(requests.memory_bytes.value_or(0)), ref.divisor);
  return Err("unsupported container resource : " + ref.text);
}

std::string kind_of(const SourceRef& source) { return source.secret ? "secret" : "configmap"; }

class Environment {
 public:
  Environment(const PodSpec& pod, const ContainerSpec& container, const Sources& sources, const NodeFacts& node,
              Variables base)
      : pod_(pod), container_(container), sources_(sources), node_(node), variables_(std::move(base)) {
    // What the machine brings is no variable of the Pod: it can't be referred to as $(NAME).
    own_from_ = variables_.size();
  }

  Result<Variables, std::string> run() {
    for (const EnvFrom& from : container_.env_from) {
      const SourceData* data = find(from.source, from.optional);
      if (data == nullptr) continue;
      for (const auto& [key, value] : *data) set(from.prefix + key, value);
    }
    for (const EnvVariable& variable : container_.env) {
      auto value = value_of(variable);
      if (!wrong_.empty()) return Err(wrong_);
      if (value) set(variable.name, std::move(*value));
    }
    if (!wrong_.empty()) return Err(wrong_);
    return std::move(variables_);
  }

 private:
  const SourceData* find(const SourceRef& source, bool optional) {
    const auto it = sources_.find(source);
    if (it != sources_.end() && it->second) return &*it->second;
    if (!optional && wrong_.empty()) wrong_ = kind_of(source) + " \"" + source.name + "\" not found";
    return nullptr;
  }

  std::optional<std::string> value_of(const EnvVariable& variable) {
    switch (variable.from) {
      case EnvVariable::From::Value: return expand(variable.text, [this](std::string_view name) { return own(name); });
      case EnvVariable::From::Key: return key_value(variable);
      case EnvVariable::From::Field:
      case EnvVariable::From::Resource: break;
    }
    auto value = field_value(pod_, variable, &container_, node_);
    if (value) return std::move(*value);
    wrong_ = value.error();
    return std::nullopt;
  }

  std::optional<std::string> key_value(const EnvVariable& variable) {
    const SourceData* data = find(variable.source, variable.optional);
    if (data == nullptr) return std::nullopt;
    if (const auto it = data->find(variable.text); it != data->end()) return it->second;
    if (!variable.optional) {
      wrong_ = "couldn't find key " + variable.text + " in " + (variable.source.secret ? "Secret " : "ConfigMap ") +
               pod_.meta.ns + "/" + variable.source.name;
    }
    return std::nullopt;
  }

  std::optional<std::string> own(std::string_view name) const {
    for (std::size_t i = own_from_; i < variables_.size(); ++i) {
      if (variables_[i].first == name) return variables_[i].second;
    }
    return std::nullopt;
  }

  // A variable of the machine's that the Pod sets anew becomes the Pod's.
  void set(const std::string& name, std::string value) {
    const auto it = std::find_if(variables_.begin(), variables_.end(), [&](const auto& v) { return v.first == name; });
    if (it != variables_.end() && it - variables_.begin() >= static_cast<std::ptrdiff_t>(own_from_)) {
      it->second = std::move(value);
      return;
    }
    if (it != variables_.end()) {
      variables_.erase(it);
      --own_from_;
    }
    variables_.emplace_back(name, std::move(value));
  }

  const PodSpec& pod_;
  const ContainerSpec& container_;
  const Sources& sources_;
  const NodeFacts& node_;
  Variables variables_;
  std::size_t own_from_ = 0;
  std::string wrong_;
};

}  // namespace

SourceData read_source(const Json& object, bool secret) {
  SourceData out;
  const auto take = [&](const char* field, bool encoded) {
    const auto it = object.find(field);
    if (it == object.end() || !it->is_object()) return;
    for (const auto& [key, value] : it->items()) {
      if (!value.is_string()) continue;
      auto text = encoded ? kube::base64_decode(value.get_ref<const std::string&>()) : value.get<std::string>();
      if (text) out[key] = std::move(*text);
    }
  };
  if (!object.is_object()) return out;
  take("data", secret);
  if (!secret) take("binaryData", true);
  return out;
}

Result<std::string, std::string> field_value(const PodSpec& pod, const EnvVariable& reference, const ContainerSpec* own,
                                             const NodeFacts& node) {
  return reference.from == EnvVariable::From::Field ? pod_field(pod, reference.text, node)
                                                    : resource_field(pod, reference, own, node);
}

Result<Variables, std::string> container_variables(const PodSpec& pod, const ContainerSpec& container,
                                                   const Sources& sources, const NodeFacts& node, Variables base) {
  return Environment(pod, container, sources, node, std::move(base)).run();
}

std::optional<std::string> find_variable(const Variables& variables, std::string_view name) {
  for (const auto& [key, value] : variables) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace ork::embedded
