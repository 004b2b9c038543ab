#include "controllers/workflow/pod_rules.hpp"

#include <string_view>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/names.hpp"
#include "controllers/workflow/params.hpp"

namespace ork::workflow {
namespace {

using api::Json;

constexpr std::string_view reserved = "ORK_";

// The field, or null where there is none.
const Json& field_of(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

bool is_text(const Json& value) { return value.is_string() && !value.get_ref<const std::string&>().empty(); }

void check_container(const Json& container, const std::string& path, ProblemList& problems) {
  if (!container.is_object() || !is_text(field_of(container, "name"))) {
    problems.add(path, "must be a container with a name");
    return;
  }
  check_env(field_of(container, "env"), path + ".env", problems);
}

void check_text_map(const Json& map, const std::string& path, ProblemList& problems) {
  if (map.is_null()) return;
  if (!map.is_object()) {
    problems.add(path, "must be an object of strings");
    return;
  }
  for (auto i = map.begin(); i != map.end() && !problems.full(); ++i) {
    if (i->is_string()) continue;
    problems.add(path, "the value of " + expr::in_quotes(i.key()) + " must be a string: put it in quotes");
  }
}

void check_pod_spec(const Json& spec, const std::string& path, ProblemList& problems) {
  if (!spec.is_object()) {
    problems.add(path, "must be an object: the spec of a Pod");
    return;
  }
  const Json& containers = field_of(spec, "containers");
  if (!containers.is_array() || containers.empty()) {
    problems.add(path + ".containers", "must be a list of at least one container");
  } else {
    for (std::size_t i = 0; i < containers.size() && !problems.full(); ++i) {
      check_container(containers[i], item(path + ".containers", i), problems);
    }
  }
  // Another policy would let the kubelet try again behind the back of `retry`.
  const Json& policy = field_of(spec, "restartPolicy");
  if (!policy.is_null() && policy != "Never") {
    problems.add(path + ".restartPolicy", "must be Never or left out: use the task's retry instead");
  }
}

}  // namespace

void check_env(const Json& env, const std::string& path, ProblemList& problems) {
  if (env.is_null()) return;
  if (!env.is_array()) {
    problems.add(path, "must be a list of variables, each with a name");
    return;
  }
  for (std::size_t i = 0; i < env.size() && !problems.full(); ++i) {
    const Json& variable = env[i];
    if (!variable.is_object() || !is_text(field_of(variable, "name"))) {
      problems.add(item(path, i), "must be a variable with a name, as in {name: LEVEL, value: debug}");
      continue;
    }
    const auto& name = field_of(variable, "name").get_ref<const std::string&>();
    if (name.rfind(reserved, 0) == 0) {
      problems.add(item(path, i) + ".name",
                   expr::in_quotes(name) + " begins with ORK_, which only ork's own variables may: rename it");
    }
    const Json& value = field_of(variable, "value");
    if (!value.is_null() && !value.is_string()) {
      problems.add(item(path, i) + ".value", type_mismatch(value, "string"));
    }
  }
}

void check_env_from(const Json& env_from, const std::string& path, ProblemList& problems) {
  if (env_from.is_null()) return;
  for (std::size_t i = 0; i < env_from.size() && !problems.full(); ++i) {
    if (!env_from[i].is_object()) problems.add(item(path, i), "must be an object with configMapRef or secretRef");
  }
}

void check_pod_template(const Json& pod_template, const std::string& path, ProblemList& problems) {
  const Json& metadata = field_of(pod_template, "metadata");
  if (metadata.is_object()) {
    check_text_map(field_of(metadata, "labels"), path + ".metadata.labels", problems);
    check_text_map(field_of(metadata, "annotations"), path + ".metadata.annotations", problems);
  } else if (!metadata.is_null()) {
    problems.add(path + ".metadata", "must be an object");
  }
  // That it is missing, the table of fields has said.
  const Json& spec = field_of(pod_template, "spec");
  if (!spec.is_null()) check_pod_spec(spec, path + ".spec", problems);
}

}  // namespace ork::workflow
