#include "controllers/workflow/memory_growth.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/pod_rules.hpp"
#include "controllers/workflow/resource_rules.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {
namespace {

using api::Json;

constexpr double mebibyte = 1024.0 * 1024.0;

double bytes_of(const std::string& amount) { return amount_of(amount).value_or(0); }

double grown_bytes(const MemoryGrowth& growth, const std::string& written, int times) {
  return bytes_of(written) * std::pow(growth.factor, times);
}

const std::string& usable(const MemoryGrowth& growth) { return growth.limit.empty() ? growth.request : growth.limit; }

// "x1.5": 1.5.
std::optional<double> factor_in(std::string_view text) {
  if (!text.starts_with('x')) return std::nullopt;
  text.remove_prefix(1);
  double factor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), factor, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(factor > 1 && factor <= max_memory_factor)) return std::nullopt;
  return factor;
}

// The amount of memory in requests or limits; empty where there is none that is one.
std::string memory_in(const Json& resources, const char* field) {
  if (!resources.is_object() || !resources.contains(field) || !resources[field].is_object()) return "";
  const auto memory = resources[field].find("memory");
  if (memory == resources[field].end()) return "";
  std::string text = memory->is_string() ? memory->get<std::string>() : memory->dump();
  return amount_of(text).value_or(0) > 0 ? text : "";
}

// Of the container that is the task; what the template says of it goes first.
Json resources_of(const api::Task& task, const api::TaskShared& defaults) {
  if (task.pod_template.is_object()) {
    const Json spec = task.pod_template.value("spec", Json());
    const Json containers = spec.is_object() ? spec.value("containers", Json()) : Json();
    if (containers.is_array() && !containers.empty()) {
      const Json& main = containers[main_container_of(containers)];
      if (main.is_object() && main.contains("resources")) return main["resources"];
    }
  }
  return task.resources.is_null() ? defaults.resources : task.resources;
}

bool needs_too_many(const MemoryGrowth& growth) {
  return grown_bytes(growth, usable(growth), max_memory_growths) < bytes_of(growth.max);
}

MemoryGrowthPtr compile_growth(const api::OnOom& on_oom, const Json& resources, const std::string& path,
                               ProblemList& problems) {
  const std::size_t told = problems.size();
  const auto factor = factor_in(on_oom.memory);
  // Of what is missing the table of fields tells.
  if (!factor && !on_oom.memory.empty()) {
    problems.add(path + ".memory",
                 "is " + expr::in_quotes(on_oom.memory) +
                     ", but must be x and a number of more than 1 and at most 100, such as x2 or x1.5");
  }
  const auto most = amount_of(on_oom.max);
  if (!most && !on_oom.max.empty()) {
    problems.add(path + ".max", "is " + expr::in_quotes(on_oom.max) + ", but must be an amount such as 512Mi or 8Gi");
  }
  if (!factor || !most || problems.size() > told) return nullptr;
  const MemoryGrowth out{*factor, on_oom.max, memory_in(resources, "requests"), memory_in(resources, "limits")};
  const std::string& written = usable(out);
  if (written.empty()) {
    problems.add(path,
                 "finds no memory to multiply: give the task's container some, as in "
                 "resources: {limits: {memory: 512Mi}}");
  } else if (bytes_of(written) >= *most) {
    problems.add(path + ".max", "is " + out.max + ", and the task has " + written +
                                    " from the start: give it less there, or more here");
  } else if (needs_too_many(out)) {
    problems.add(path + ".memory", "is " + on_oom.memory + ", which takes more than " +
                                       std::to_string(max_memory_growths) + " attempts from " + written + " to " +
                                       out.max + ": multiply by more");
  }
  return problems.size() > told ? nullptr : std::make_shared<const MemoryGrowth>(out);
}

}  // namespace

std::string grown(const MemoryGrowth& growth, const std::string& written, int times) {
  const double most = bytes_of(growth.max);
  if (written.empty() || times <= 0 || bytes_of(written) >= most) return written;
  const double bytes = grown_bytes(growth, written, times);
  // Kubernetes takes parts of a byte, and nobody wants to read them; the little that is lost is below a millionth.
  const double whole = bytes < mebibyte ? std::ceil(bytes) : std::ceil(bytes / mebibyte - 1e-6) * mebibyte;
  if (!(whole < most)) return growth.max;
  if (bytes < mebibyte) return std::to_string(static_cast<std::int64_t>(whole));
  const auto mebibytes = static_cast<std::int64_t>(whole / mebibyte);
  return mebibytes % 1024 == 0 ? std::to_string(mebibytes / 1024) + "Gi" : std::to_string(mebibytes) + "Mi";
}

std::string memory_of(const MemoryGrowth& growth, int times) { return grown(growth, usable(growth), times); }

bool can_grow(const MemoryGrowth& growth, int times) {
  return times < max_memory_growths && memory_of(growth, times) != growth.max;
}

std::vector<MemoryGrowthPtr> compile_memory_growths(const api::WorkflowSpec& spec, std::string_view path,
                                                    ProblemList& problems) {
  std::vector<MemoryGrowthPtr> out(spec.tasks.size());
  for (std::size_t i = 0; i < spec.tasks.size() && !problems.full(); ++i) {
    const api::Task& task = spec.tasks[i];
    if (!task.on_oom) continue;
    out[i] = compile_growth(*task.on_oom, resources_of(task, spec.defaults), path_of_task(spec, path, i) + ".onOOM",
                            problems);
  }
  return out;
}

}  // namespace ork::workflow
