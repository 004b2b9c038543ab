#include "controllers/workflow/pod_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"

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

bool is_longer(const Json& value, std::size_t most) {
  return value.is_string() && value.get_ref<const std::string&>().size() > most;
}

std::string at_most(std::size_t most, const char* what) { return "may have at most " + std::to_string(most) + what; }

// Names that stand for one thing each. `path` is the list's.
class Names {
 public:
  explicit Names(const std::string& path, ProblemList& problems) : path_(path), problems_(problems) {}

  void add(const Json& name, std::size_t index) {
    if (!is_text(name)) return;
    const auto [first, added] = first_.emplace(name.get_ref<const std::string&>(), index);
    if (added) return;
    problems_.add(item(path_, index) + ".name", expr::in_quotes(first->first) + " is the name of " +
                                                    item(path_, first->second) + " already: rename one of them");
  }

 private:
  const std::string& path_;
  ProblemList& problems_;
  std::map<std::string_view, std::size_t> first_;
};

void check_container(const Json& container, const std::string& path, ProblemList& problems) {
  if (!container.is_object() || !is_text(field_of(container, "name"))) {
    problems.add(path, "must be a container with a name");
    return;
  }
  if (is_longer(field_of(container, "name"), max_name)) problems.add(path + ".name", at_most(max_name, " characters"));
  check_env(field_of(container, "env"), path + ".env", problems);
}

void check_text_map(const Json& map, std::size_t longest, const std::string& path, ProblemList& problems) {
  if (map.is_null()) return;
  if (!map.is_object()) {
    problems.add(path, "must be an object of strings");
    return;
  }
  if (map.size() > max_labels) return problems.add(path, at_most(max_labels, " entries"));
  for (auto i = map.begin(); i != map.end() && !problems.full(); ++i) {
    if (is_longer(*i, longest)) problems.add(path + "." + i.key(), at_most(longest, " characters"));
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
  } else if (containers.size() > max_containers) {
    problems.add(path + ".containers", at_most(max_containers, " entries"));
  } else {
    const std::string list = path + ".containers";
    Names names(list, problems);
    for (std::size_t i = 0; i < containers.size() && !problems.full(); ++i) {
      if (containers[i].is_object()) names.add(field_of(containers[i], "name"), i);
      check_container(containers[i], item(path + ".containers", i), problems);
    }
  }
  // Another policy would let the kubelet try again behind the back of `retry`.
  const Json& policy = field_of(spec, "restartPolicy");
  if (!policy.is_null() && policy != "Never") {
    problems.add(path + ".restartPolicy", "must be Never or left out: use the task's retry instead");
  }
}

// Besides its name and the type of its value.
void check_variable(const Json& variable, const std::string& path, ProblemList& problems) {
  constexpr std::array<std::string_view, 3> known{"name", "value", "valueFrom"};
  for (auto i = variable.begin(); i != variable.end() && !problems.full(); ++i) {
    if (std::find(known.begin(), known.end(), i.key()) != known.end()) continue;
    const auto nearest = dag::nearest(i.key(), known);
    problems.add(path, "there is no field " + expr::in_quotes(i.key()) +
                           (nearest.empty() ? "; there is: name, value, valueFrom" : maybe_meant(nearest)));
  }
  const auto& name = field_of(variable, "name").get_ref<const std::string&>();
  if (name.size() > max_env_name || name.find('=') != std::string::npos) {
    problems.add(path + ".name", at_most(max_env_name, " characters, and no '='"));
  }
  if (is_longer(field_of(variable, "value"), max_text)) problems.add(path + ".value", at_most(max_text, " bytes"));
  const Json& from = field_of(variable, "valueFrom");
  if (!from.is_null() && !field_of(variable, "value").is_null()) {
    problems.add(path, "has both value and valueFrom: remove one of them");
  }
  if (!from.is_null() && !from.is_object()) {
    problems.add(path + ".valueFrom", "must be an object, as in {secretKeyRef: {name: db, key: password}}");
  }
}

}  // namespace

void check_env(const Json& env, const std::string& path, ProblemList& problems) {
  if (env.is_null()) return;
  if (!env.is_array()) {
    problems.add(path, "must be a list of variables, each with a name");
    return;
  }
  if (env.size() > max_env) return problems.add(path, at_most(max_env, " entries"));
  Names names(path, problems);
  for (std::size_t i = 0; i < env.size() && !problems.full(); ++i) {
    const Json& variable = env[i];
    if (!variable.is_object() || !is_text(field_of(variable, "name"))) {
      problems.add(item(path, i), "must be a variable with a name, as in {name: LEVEL, value: debug}");
      continue;
    }
    const auto& name = field_of(variable, "name").get_ref<const std::string&>();
    names.add(field_of(variable, "name"), i);
    check_variable(variable, item(path, i), problems);
    if (name.rfind(reserved, 0) == 0) {
      problems.add(item(path, i) + ".name",
                   expr::in_quotes(name) + " begins with ORK_, which only ork's own variables may: rename it");
    }
    const Json& value = field_of(variable, "value");
    if (!value.is_null() && !value.is_string()) {
      problems.add(item(path, i) + ".value", schema::type_mismatch(value, "string"));
    }
  }
}

void check_env_from(const Json& env_from, const std::string& path, ProblemList& problems) {
  if (env_from.is_null()) return;
  if (env_from.size() > max_env_from) return problems.add(path, at_most(max_env_from, " entries"));
  for (std::size_t i = 0; i < env_from.size() && !problems.full(); ++i) {
    if (!env_from[i].is_object()) problems.add(item(path, i), "must be an object with configMapRef or secretRef");
  }
}

std::size_t main_container_of(const Json& containers) {
  const auto it = std::find_if(containers.begin(), containers.end(),
                               [](const Json& c) { return c.is_object() && c.value("name", Json()) == "main"; });
  return it == containers.end() ? 0 : static_cast<std::size_t>(it - containers.begin());
}

void check_pod_template(const Json& pod_template, const std::string& path, ProblemList& problems) {
  const Json& metadata = field_of(pod_template, "metadata");
  if (metadata.is_object()) {
    check_text_map(field_of(metadata, "labels"), max_label_value, path + ".metadata.labels", problems);
    check_text_map(field_of(metadata, "annotations"), max_annotation_value, path + ".metadata.annotations", problems);
  } else if (!metadata.is_null()) {
    problems.add(path + ".metadata", "must be an object");
  }
  // That it is missing, the table of fields has said.
  const Json& spec = field_of(pod_template, "spec");
  if (!spec.is_null()) check_pod_spec(spec, path + ".spec", problems);
}

}  // namespace ork::workflow
