#include "controllers/workflow/fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/workflow/foreign_words.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;

constexpr double unlimited = std::numeric_limits<double>::max();

struct Field {
  std::string_view name;
  std::span<const Field> fields{};  // of the object, or of each object of the list; none: not looked into
  bool required = false;
  double least = 0;  // numbers only
  double most = unlimited;
  std::size_t items = std::numeric_limits<std::size_t>::max();  // lists and maps only
  bool more = false;  // there are others beside `fields`, of which other rules know
};

// Every field that the decoder of controllers/api reads, and no other.
constexpr Field backoff_fields[] = {
    {.name = "initial"},
    {.name = "factor", .least = 1, .most = max_backoff_factor},
    {.name = "max"},
    {.name = "jitter", .most = 1},
};
constexpr Field retry_fields[] = {
    {.name = "limit", .required = true, .most = max_retries},
    {.name = "backoff", .fields = backoff_fields},
    {.name = "when"},
};
constexpr Field on_oom_fields[] = {{.name = "memory", .required = true}, {.name = "max", .required = true}};
constexpr Field tolerate_fields[] = {{.name = "failures", .required = true, .least = 1, .most = max_count}};
constexpr Field param_fields[] = {
    {.name = "name", .required = true},
};
constexpr Field capabilities_fields[] = {{.name = "add", .items = max_capabilities},
                                         {.name = "drop", .items = max_capabilities}};
constexpr Field se_linux_fields[] = {{.name = "level"}, {.name = "role"}, {.name = "type"}, {.name = "user"}};
constexpr Field profile_fields[] = {{.name = "type", .required = true}, {.name = "localhostProfile"}};
constexpr Field security_context_fields[] = {
    {.name = "allowPrivilegeEscalation"},
    {.name = "appArmorProfile", .fields = profile_fields},
    {.name = "capabilities", .fields = capabilities_fields},
    {.name = "privileged"},
    {.name = "procMount"},
    {.name = "readOnlyRootFilesystem"},
    {.name = "runAsGroup", .most = max_user_id},
    {.name = "runAsNonRoot"},
    {.name = "runAsUser", .most = max_user_id},
    {.name = "seLinuxOptions", .fields = se_linux_fields},
    {.name = "seccompProfile", .fields = profile_fields},
};
constexpr Field default_fields[] = {
    {.name = "image"},
    {.name = "timeout"},
    {.name = "pendingTimeout"},
    {.name = "retry", .fields = retry_fields},
    {.name = "onFailure"},
    {.name = "env"},
    {.name = "envFrom"},
    {.name = "resources"},
    {.name = "securityContext", .fields = security_context_fields},
    {.name = "serviceAccountName"},
};
constexpr Field approve_fields[] = {{.name = "message"}, {.name = "timeout"}, {.name = "default"}};
constexpr Field cache_fields[] = {{.name = "key", .required = true}, {.name = "ttl", .required = true}};
constexpr Field wait_run_fields[] = {{.name = "name", .required = true}};
constexpr Field wait_object_fields[] = {{.name = "apiVersion", .required = true},
                                        {.name = "kind", .required = true},
                                        {.name = "name", .required = true},
                                        {.name = "condition"},
                                        {.name = "until"}};
constexpr Field wait_fields[] = {{.name = "for"},
                                 {.name = "until"},
                                 {.name = "run", .fields = wait_run_fields},
                                 {.name = "object", .fields = wait_object_fields}};
constexpr Field call_fields[] = {{.name = "name", .required = true}, {.name = "params", .items = max_params}};
constexpr Field pod_metadata_fields[] = {{.name = "labels"}, {.name = "annotations"}};
constexpr Field pod_template_fields[] = {
    {.name = "metadata", .fields = pod_metadata_fields},
    {.name = "spec", .required = true},
};
// What a task and a hook have alike; which of it means nothing for one of them, other rules know.
constexpr Field shared_task_fields[] = {
    {.name = "name", .required = true},
    {.name = "image"},
    {.name = "command"},
    {.name = "args"},
    {.name = "script"},
    {.name = "podTemplate", .fields = pod_template_fields},
    {.name = "dependsOn", .items = max_depends_on},
    {.name = "trigger"},
    {.name = "when"},
    {.name = "count", .least = 1, .most = max_count},
    {.name = "forEach", .items = max_count},
    {.name = "matrix"},
    {.name = "parallelism", .least = 1, .most = max_parallelism},
    {.name = "tolerate", .fields = tolerate_fields},
    {.name = "inputs", .items = max_inputs},
    {.name = "output"},
    {.name = "wait", .fields = wait_fields},
    {.name = "approve", .fields = approve_fields},
    {.name = "cache", .fields = cache_fields},
    {.name = "workflow", .fields = call_fields},
    {.name = "retry", .fields = retry_fields},
    {.name = "onOOM", .fields = on_oom_fields},
    {.name = "timeout"},
    {.name = "pendingTimeout"},
    {.name = "onFailure"},
    {.name = "env"},
    {.name = "envFrom"},
    {.name = "resources"},
    {.name = "securityContext", .fields = security_context_fields},
    {.name = "serviceAccountName"},
    {.name = "failsRun"},
};
constexpr Field task_hooks_fields[] = {
    {.name = "onStart", .fields = shared_task_fields, .items = max_hooks},
    {.name = "onSuccess", .fields = shared_task_fields, .items = max_hooks},
    {.name = "onFailure", .fields = shared_task_fields, .items = max_hooks},
    {.name = "onExit", .fields = shared_task_fields, .items = max_hooks},
};

template <std::size_t Size>
constexpr std::array<Field, Size + 1> with(const Field (&fields)[Size], const Field& more) {
  std::array<Field, Size + 1> out{};
  std::copy(std::begin(fields), std::end(fields), out.begin());
  out.back() = more;
  return out;
}

constexpr auto task_fields = with(shared_task_fields, {.name = "hooks", .fields = task_hooks_fields});
constexpr auto run_hooks_fields = with(task_hooks_fields, {.name = "timeout"});
constexpr Field schedule_fields[] = {
    {.name = "cron", .required = true},
    {.name = "timeZone"},
    {.name = "concurrencyPolicy"},
    {.name = "startingDeadlineSeconds", .least = 1, .most = max_starting_deadline_seconds},
    {.name = "suspend"},
    {.name = "params", .items = max_params},
};
constexpr Field circuit_fields[] = {{.name = "failures", .required = true, .least = 1, .most = max_circuit_failures}};
constexpr Field spec_fields[] = {
    {.name = "types"},
    {.name = "params", .fields = param_fields, .items = max_params, .more = true},
    {.name = "defaults", .fields = default_fields},
    {.name = "parallelism", .least = 1, .most = max_parallelism},
    {.name = "timeout"},
    {.name = "ttlSecondsAfterFinished"},
    {.name = "successfulRunsHistoryLimit"},
    {.name = "failedRunsHistoryLimit"},
    {.name = "output"},
    {.name = "schedule", .fields = schedule_fields},
    {.name = "hooks", .fields = run_hooks_fields},
    {.name = "suspend"},
    {.name = "circuitBreaker", .fields = circuit_fields},
    {.name = "tasks", .fields = task_fields, .required = true, .items = max_tasks},
};

// "1" for 1.0, "0.5" for 0.5: the table holds no number with more digits.
std::string shown(double number) {
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? std::to_string(whole) : std::to_string(number);
}

void check_unknown(const Json& object, std::span<const Field> fields, const std::string& path, ProblemList& problems) {
  std::vector<std::string_view> names;
  for (const Field& field : fields) names.push_back(field.name);
  for (auto i = object.begin(); i != object.end() && !problems.full(); ++i) {
    if (std::find(names.begin(), names.end(), i.key()) != names.end()) continue;
    const std::string what = "there is no field " + expr::in_quotes(i.key());
    const bool of_ours =
        fields.data() == task_fields.data() || fields.data() == shared_task_fields || fields.data() == spec_fields;
    const auto instead = of_ours ? instead_of_foreign(i.key()) : std::string_view();
    const auto nearest = dag::nearest(i.key(), names);
    if (!instead.empty()) {
      problems.add(path, what + ": " + std::string(instead));
    } else {
      problems.add(path,
                   what + (nearest.empty() ? "; remove it, or move it to where it belongs" : maybe_meant(nearest)));
    }
  }
}

void check_fields_of(const Json& object, std::span<const Field> fields, const std::string& path, ProblemList& problems);

void check_object(const Json& object, const Field& field, const std::string& path, ProblemList& problems) {
  if (!field.more) check_unknown(object, field.fields, path, problems);
  check_fields_of(object, field.fields, path, problems);
}

void check_number(const Json& value, const Field& field, const std::string& path, ProblemList& problems) {
  const auto number = value.get<double>();
  if (field.least <= number && number <= field.most) return;
  const std::string bounds = field.most == unlimited ? "at least " + shown(field.least)
                                                     : "from " + shown(field.least) + " to " + shown(field.most);
  problems.add(path, "is " + expr::printable(value.dump()) + ", but must be " + bounds);
}

void check_value(const Json& value, const Field& field, const std::string& path, ProblemList& problems) {
  if (value.is_number()) return check_number(value, field, path, problems);
  if (value.is_structured() && value.size() > field.items) {
    problems.add(
        path, "has " + std::to_string(value.size()) + " entries, but may have at most " + std::to_string(field.items));
    return;
  }
  if (field.required && value == "") problems.add(path, "is empty");
  if (field.fields.empty()) return;
  if (value.is_object()) check_object(value, field, path, problems);
  if (!value.is_array()) return;
  for (std::size_t i = 0; i < value.size() && !problems.full(); ++i) {
    if (value[i].is_object()) check_object(value[i], field, item(path, i), problems);
  }
}

// Calls itself through check_value, as deep as the table is.
void check_fields_of(const Json& object, std::span<const Field> fields, const std::string& path,
                     ProblemList& problems) {
  for (const Field& field : fields) {
    const auto found = object.find(field.name);
    const std::string field_path = path + "." + std::string(field.name);
    if (found != object.end() && !found->is_null()) {
      check_value(*found, field, field_path, problems);
    } else if (field.required) {
      problems.add(field_path, "is missing");
    }
  }
}

}  // namespace

void check_fields(const Json& spec, std::string_view path, ProblemList& problems) {
  check_object(spec, {.name = "spec", .fields = spec_fields}, std::string(path), problems);
}

}  // namespace ork::workflow
