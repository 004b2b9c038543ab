#include "operator/cli/cluster/log_source.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <tuple>

#include "controllers/api/meta.hpp"

namespace ork::cli {
namespace {

constexpr std::string_view index_annotation = "batch.kubernetes.io/job-completion-index";

const Json& field(const Json& object, std::string_view name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto it = object.find(name);
  return it == object.end() ? none : *it;
}

std::string text(const Json& object, std::string_view name) {
  const Json& value = field(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

template <typename Number>
std::optional<Number> number(const std::string& written) {
  Number value = 0;
  const char* const end = written.data() + written.size();
  const auto [rest, error] = std::from_chars(written.data(), end, value);
  return !written.empty() && error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

std::string main_container(const Json& spec) {
  const Json& containers = field(spec, "containers");
  if (!containers.is_array() || containers.empty()) return {};
  for (const Json& container : containers) {
    if (text(container, "name") == "main") return "main";
  }
  return text(containers.front(), "name");
}

// The state of that container: {running: {startedAt}} or {terminated: {...}} or {waiting: {...}}.
const Json& state_of(const Json& status, const std::string& container) {
  const Json& statuses = field(status, "containerStatuses");
  if (statuses.is_array()) {
    for (const Json& each : statuses) {
      if (text(each, "name") == container) return field(each, "state");
    }
  }
  return field(status, "none");
}

}  // namespace

std::optional<LogSource> log_source_of(const Json& pod) {
  const Json& metadata = field(pod, "metadata");
  const Json& labels = field(metadata, "labels");
  LogSource out;
  out.pod = text(metadata, "name");
  out.uid = text(metadata, "uid");
  out.task = text(labels, api::label_task);
  out.attempt = number<int>(text(labels, api::label_attempt)).value_or(0);
  out.index = number<std::int64_t>(text(field(metadata, "annotations"), index_annotation));
  out.container = main_container(field(pod, "spec"));
  if (out.pod.empty() || out.uid.empty() || out.task.empty() || out.container.empty()) return std::nullopt;
  const Json& status = field(pod, "status");
  const std::string phase = text(status, "phase");
  const Json& state = state_of(status, out.container);
  const Json& running = field(state, "running");
  const Json& terminated = field(state, "terminated");
  out.started = running.is_object() || terminated.is_object();
  out.ended = terminated.is_object() || phase == "Succeeded" || phase == "Failed";
  const std::string since = text(running.is_object() ? running : terminated, "startedAt");
  out.start_ms = api::parse_time(since).value_or(0);
  return out;
}

std::string label_selector_of(const std::string& run_uid, const LogFilter& filter) {
  std::string out;
  const auto add = [&out](std::string_view label, const std::string& value) {
    if (!out.empty()) out += ',';
    out.append(label).append("=").append(value);
  };
  add(api::label_run_uid, run_uid);
  if (!filter.task.empty()) add(api::label_task, filter.task);
  if (filter.attempt) add(api::label_attempt, std::to_string(*filter.attempt));
  return out;
}

bool matches(const LogSource& source, const LogFilter& filter) {
  if (!filter.task.empty() && source.task != filter.task) return false;
  if (filter.attempt && source.attempt != *filter.attempt) return false;
  return !filter.index || source.index == filter.index;
}

void sort_by_start(std::vector<LogSource>& sources) {
  const auto key = [](const LogSource& source) {
    return std::tuple(!source.started, source.start_ms, std::string_view(source.task), source.attempt,
                      source.index.value_or(-1));
  };
  std::sort(sources.begin(), sources.end(), [&](const LogSource& a, const LogSource& b) { return key(a) < key(b); });
}

}  // namespace ork::cli
