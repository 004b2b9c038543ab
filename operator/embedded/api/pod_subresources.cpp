#include "operator/embedded/api/pod_subresources.hpp"

#include <algorithm>
#include <charconv>

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

std::vector<std::string> container_names(const Json& pod, const char* list) {
  std::vector<std::string> names;
  const Json spec = pod.value("spec", Json::object());
  if (const auto containers = spec.find(list); containers != spec.end() && containers->is_array()) {
    for (const Json& container : *containers) names.push_back(container.value("name", ""));
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : " ") + name;
  return "[" + out + "]";
}

Result<std::string, ApiError> chosen_container(const Json& pod, const Target& target) {
  const std::string pod_name = pod["metadata"].value("name", "");
  const std::vector<std::string> names = container_names(pod, "containers");
  const std::string* wanted = target.value("container");
  if (wanted == nullptr || wanted->empty()) {
    if (names.size() == 1) return names.front();
    return Err(
        bad_request("a container name must be specified for pod " + pod_name + ", choose one of: " + joined(names)));
  }
  const std::vector<std::string> init = container_names(pod, "initContainers");
  const auto has = [&](const auto& list) { return std::find(list.begin(), list.end(), *wanted) != list.end(); };
  if (has(names) || has(init)) return *wanted;
  return Err(bad_request("container " + *wanted + " is not valid for pod " + pod_name));
}

// Why there can't be a log yet.
std::optional<std::string> not_started(const Json& pod, const std::string& container) {
  const std::string name = pod["metadata"].value("name", "");
  const Json status = pod.value("status", Json::object());
  for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
    const auto statuses = status.find(list);
    if (statuses == status.end() || !statuses->is_array()) continue;
    for (const Json& one : *statuses) {
      if (one.value("name", "") != container) continue;
      const Json state = one.value("state", Json::object());
      if (!state.contains("waiting")) return std::nullopt;
      return "container \"" + container + "\" in pod \"" + name +
             "\" is waiting to start: " + state["waiting"].value("reason", "ContainerCreating");
    }
  }
  const bool ended = status.value("phase", "") == "Failed" || status.value("phase", "") == "Succeeded";
  if (ended) return std::nullopt;
  return "container \"" + container + "\" in pod \"" + name + "\" is waiting to start: ContainerCreating";
}

class OneLine final : public kube::Stream {
 public:
  OneLine(runtime::Loop& loop, std::string line, kube::StreamHandlers handlers)
      : timer_(loop.after(runtime::Duration{0}, [line = std::move(line), handlers = std::move(handlers)] {
          handlers.on_data(line + "\n");
          handlers.on_end(std::nullopt);
        })) {}

 private:
  std::unique_ptr<runtime::Timer> timer_;
};

Result<std::optional<std::int64_t>, ApiError> number(const Target& target, const char* name) {
  const std::string* text = target.value(name);
  if (text == nullptr || text->empty()) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (code != std::errc{} || end != text->data() + text->size()) {
    return Err(bad_request("strconv.ParseInt: parsing \"" + *text + "\": invalid syntax"));
  }
  return std::optional(value);
}

std::optional<ApiError> check_numbers(const Json& pod, const Target& target, const std::optional<std::int64_t>& tail,
                                      const std::optional<std::int64_t>& since,
                                      const std::optional<std::int64_t>& limit) {
  std::vector<FieldProblem> problems;
  const auto invalid_number = [&](const char* field, std::int64_t value, const char* why) {
    problems.push_back(
        {ProblemType::Invalid, field, "Invalid value: " + std::to_string(value) + ": must be greater than " + why});
  };
  if (tail.value_or(0) < 0) invalid_number("tailLines", *tail, "or equal to 0");
  if (limit.value_or(1) < 1) invalid_number("limitBytes", *limit, "0");
  if (since && target.value("sinceTime") != nullptr) {
    problems.push_back(
        {ProblemType::Forbidden, "[]", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"});
  } else if (since.value_or(1) < 1) {
    invalid_number("sinceSeconds", *since, "0");
  }
  if (problems.empty()) return std::nullopt;
  Kind options;
  options.kind = "PodLogOptions";
  return invalid(options, pod["metadata"].value("name", ""), problems);
}

}  // namespace

Result<LogRequest, ApiError> log_request(const Json& pod, const Target& target) {
  auto tail = number(target, "tailLines");
  if (!tail) return Err(tail.error());
  auto limit = number(target, "limitBytes");
  if (!limit) return Err(limit.error());
  auto since = number(target, "sinceSeconds");
  if (!since) return Err(since.error());
  if (auto error = check_numbers(pod, target, *tail, *since, *limit)) return Err(std::move(*error));
  auto container = chosen_container(pod, target);
  if (!container) return Err(container.error());
  const auto flag = [&](const char* name) {
    const std::string* value = target.value(name);
    return value != nullptr && *value != "false" && *value != "0";
  };
  if (flag("timestamps")) {
    return Err(bad_request("this cluster keeps no times of log lines: ask without timestamps"));
  }
  if (flag("previous")) {
    return Err(bad_request("previous terminated container \"" + *container + "\" in pod \"" +
                           pod["metadata"].value("name", "") + "\" not found"));
  }
  const bool has_node = pod.contains("spec") && !pod["spec"].value("nodeName", "").empty();
  if (auto why = not_started(pod, *container); why && has_node) return Err(bad_request(std::move(*why)));
  const Json& metadata = pod["metadata"];
  return LogRequest{metadata.value("namespace", ""),
                    metadata.value("name", ""),
                    metadata.value("uid", ""),
                    std::move(*container),
                    *tail,
                    *limit,
                    flag("follow")};
}

std::unique_ptr<kube::Stream> open_log(PodLogs& logs, runtime::Loop& loop, const LogRequest& request,
                                       kube::StreamHandlers handlers) {
  auto opened = logs.open(request, handlers);
  if (opened) return std::move(*opened);
  return std::make_unique<OneLine>(loop, opened.error(), std::move(handlers));
}

std::optional<std::string> binding_problem(const Json& binding) {
  const Json target = binding.is_object() ? binding.value("target", Json::object()) : Json::object();
  const auto text = [&](const char* field) {
    return target.is_object() && target.contains(field) && target[field].is_string() ? target[field].get<std::string>()
                                                                                     : std::string();
  };
  if (const std::string kind = text("kind"); !kind.empty() && kind != "Node") {
    return "target.kind: Unsupported value: " + go_text::quoted(kind) + ": supported values: \"Node\", \"<empty>\"";
  }
  if (text("name").empty()) return "target.name: Required value";
  return std::nullopt;
}

std::optional<std::string> bind_pod(Json& pod, const Json& binding, const std::string& now) {
  const std::string name = pod["metadata"].value("name", "");
  if (pod["metadata"].contains("deletionTimestamp"))
    return "pod " + name + " is being deleted, cannot be assigned to a host";
  const std::string node = pod["spec"].value("nodeName", "");
  if (!node.empty()) return "pod " + name + " is already assigned to node \"" + node + "\"";
  static const nlohmann::json::json_pointer target("/target/name");
  if (!binding.contains(target) || !binding[target].is_string()) return "the binding names no node";
  pod["spec"]["nodeName"] = binding[target];
  Json& conditions = pod["status"]["conditions"];
  if (!conditions.is_array()) conditions = Json::array();
  const auto scheduled = [](const Json& c) { return c.is_object() && c.value("type", "") == "PodScheduled"; };
  conditions.erase(std::remove_if(conditions.begin(), conditions.end(), scheduled), conditions.end());
  conditions.push_back(
      {{"type", "PodScheduled"}, {"status", "True"}, {"lastProbeTime", nullptr}, {"lastTransitionTime", now}});
  return std::nullopt;
}

}  // namespace ork::embedded
