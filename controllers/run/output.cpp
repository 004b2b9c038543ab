#include "controllers/run/output.hpp"

#include <algorithm>
#include <map>

#include "controllers/expr/depth.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/jobs/failure.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/schema/check.hpp"

namespace ork::run {

using api::Json;

namespace {

// How much of a wrong output a message shows.
constexpr std::size_t max_shown_output = 80;
// How many of the things that are wrong with one a message tells, and how much of each.
constexpr std::size_t max_told = 3;
constexpr std::size_t max_told_bytes = 200;

std::string told(const std::vector<schema::Problem>& problems) {
  std::string out;
  for (std::size_t i = 0; i < std::min(problems.size(), max_told); ++i) {
    out += (i > 0 ? "; output" : "output") +
           expr::printable(problems[i].path + ": " + problems[i].message, max_told_bytes);
  }
  if (problems.size() > max_told) out += "; and " + std::to_string(problems.size() - max_told) + " more";
  return out;
}

// `bytes` that were written are in `value`; null: nothing was.
Result<Output, std::string> as_declared(Json value, std::size_t bytes, const schema::Schema& schema) {
  const std::vector<schema::Problem> problems = schema::check(value, schema);
  if (!problems.empty()) return Err((value.is_null() ? "$ORK_OUTPUT holds nothing: " : "") + told(problems));
  auto whole = schema::completed(value, schema, max_output_bytes - std::min(bytes, max_output_bytes));
  if (!whole) {
    return Err("with the defaults of its fields filled in, $ORK_OUTPUT would hold more than " +
               std::to_string(max_output_bytes) + " bytes; write less, or a reference to it");
  }
  return whole->is_null() ? Output{} : Output{std::move(*whole), ""};
}

}  // namespace

Result<Output, std::string> read_output(const std::optional<std::string>& text, const schema::Schema* schema) {
  if (!text) return Output{std::nullopt, "its output was lost with its Pod"};
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) {
    return schema == nullptr ? Output{} : as_declared(nullptr, 0, *schema);
  }
  Json value = Json::parse(*text, nullptr, false);
  if (!value.is_discarded()) {
    if (expr::is_deeper_than(value, max_output_depth)) {
      return Err("$ORK_OUTPUT is nested more than " + std::to_string(max_output_depth) + " deep; make it flatter");
    }
    if (schema != nullptr) return as_declared(std::move(value), text->size(), *schema);
    // null is how JSON says that there is nothing; a status could not hold it either.
    return value.is_null() ? Output{} : Output{std::move(value), ""};
  }
  if (text->size() >= max_output_bytes) {
    return Err("$ORK_OUTPUT holds more than " + std::to_string(max_output_bytes) +
               " bytes, which is all that Kubernetes keeps; write less, or a reference to it");
  }
  return Err("$ORK_OUTPUT must hold one JSON value, but holds: " + jobs::printable_head(*text, max_shown_output));
}

Result<Output, std::string> read_run_output(const api::WorkflowRun& run, const schema::Schema* schema) {
  const std::optional<Json>& value = run.status.output;
  const bool none = !value || value->is_null();
  if (schema == nullptr) return none ? Output{} : Output{*value, ""};
  const std::vector<schema::Problem> problems = schema::check(none ? Json() : *value, *schema);
  if (!problems.empty())
    return Err("run " + run.meta.name + (none ? " gave nothing out: " : " gave out what is not declared: ") +
               told(problems));
  if (none) return Output{};
  auto whole = schema::completed(*value, *schema, max_run_output_bytes);
  if (!whole)
    return Err("with the defaults of its fields filled in, the output of run " + run.meta.name +
               " would be too large; declare fewer defaults");
  return Output{std::move(*whole), ""};
}

namespace {

// What an index gave out that has succeeded: its Pod's words, or its child run.
struct Written {
  const std::string* text = nullptr;
  const api::WorkflowRun* run = nullptr;
};

// By index, in whichever attempt.
std::map<std::int64_t, Written> written_by(std::span<const ObservedJob* const> jobs, std::int64_t count) {
  std::map<std::int64_t, Written> written;
  for (const ObservedJob* job : jobs) {
    for (const api::Pod* pod : job->pods) {
      if (pod->phase == api::PodPhase::Succeeded && pod->index >= 0 && pod->index < count) {
        written[pod->index] = {&pod->termination_message, nullptr};
      }
    }
    for (const api::WorkflowRun* run : job->children) {
      const std::int64_t index = run->spec.child_of->index;
      if (run->status.phase == api::Phase::Succeeded && index < count) written[index] = {nullptr, run};
    }
  }
  return written;
}

}  // namespace

Result<Output, std::string> collect_outputs(std::span<const ObservedJob* const> jobs, std::int64_t count,
                                            const schema::Schema* schema, const api::IndexSet& failed) {
  const auto written = written_by(jobs, count);
  std::map<std::int64_t, Json> values;
  std::size_t bytes = 0;
  for (const auto& [index, by] : written) {
    auto output = by.run != nullptr ? read_run_output(*by.run, schema) : read_output(*by.text, schema);
    if (!output) return Err("index " + std::to_string(index) + ": " + output.error());
    if (!output->value) continue;
    bytes += schema == nullptr && by.text != nullptr ? by.text->size() : output->value->dump().size();
    values.emplace(index, std::move(*output->value));
  }
  if (values.empty()) return Output{};
  // "null," for each index that wrote nothing.
  bytes += (static_cast<std::size_t>(count) - values.size()) * 5;
  if (bytes > max_fan_out_output_bytes) {
    return Output{std::nullopt, "the outputs of its indexes are more than " + std::to_string(max_fan_out_output_bytes) +
                                    " bytes together and were not kept"};
  }
  Json list(static_cast<std::size_t>(count), nullptr);
  for (auto& [index, value] : values) list[static_cast<std::size_t>(index)] = std::move(value);
  const std::int64_t lost = count - failed.size() - static_cast<std::int64_t>(written.size());
  if (lost == 0) return Output{std::move(list), ""};
  return Output{std::move(list), "the outputs of " + std::to_string(lost) + " indexes were lost with their Pods"};
}

namespace {

Result<Output, std::string> given_list(const api::Json& value, const schema::Schema* schema) {
  if (!value.is_array()) return Err(std::string("its output must be a list: what each of its indexes gives out"));
  Json list = Json::array();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (schema == nullptr || value[i].is_null()) {
      list.push_back(value[i]);
      continue;
    }
    auto one = as_declared(value[i], value[i].dump().size(), *schema);
    if (!one) return Err("index " + std::to_string(i) + ": " + one.error());
    list.push_back(one->value.value_or(nullptr));
  }
  return Output{std::move(list), ""};
}

}  // namespace

Result<Output, std::string> given_output(const std::optional<api::Json>& value, const workflow::CompiledTask& task) {
  const schema::Schema* schema = task.output.get();
  const bool none = !value || value->is_null();
  if (none && (schema == nullptr || task.fans_out())) return Output{};
  if (none) {
    const std::vector<schema::Problem> problems = schema::check(nullptr, *schema);
    if (!problems.empty()) return Err("it declares an output, so it has to be given one: " + told(problems));
    return Output{};
  }
  if (expr::is_deeper_than(*value, max_output_depth))
    return Err("its output is nested more than " + std::to_string(max_output_depth) + " deep");
  const std::size_t bytes = value->dump(-1, ' ', false, Json::error_handler_t::replace).size();
  if (bytes > max_output_bytes) return Err("its output is more than " + std::to_string(max_output_bytes) + " bytes");
  if (task.fans_out()) return given_list(*value, schema);
  return schema == nullptr ? Output{*value, ""} : as_declared(*value, bytes, *schema);
}

}  // namespace ork::run
