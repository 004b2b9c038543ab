#include "controllers/run/output.hpp"

#include <map>

#include "controllers/jobs/failure.hpp"
#include "controllers/run/limits.hpp"

namespace ork::run {

using api::Json;

Result<Output, std::string> read_output(const std::optional<std::string>& text) {
  if (!text) return Output{std::nullopt, "its output was lost with its Pod"};
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) return Output{};
  Json value = Json::parse(*text, nullptr, false);
  if (!value.is_discarded()) return Output{std::move(value), ""};
  const std::string shown = jobs::printable_tail(text->substr(0, 80), 80);
  if (text->size() >= max_output_bytes) {
    return Err(std::string("$ORK_OUTPUT holds more than " + std::to_string(max_output_bytes) +
                           " bytes, which is all that Kubernetes keeps; write less, or a reference to it"));
  }
  return Err(std::string("$ORK_OUTPUT must hold one JSON value, but holds: " + shown));
}

Result<Output, std::string> collect_outputs(std::span<const ObservedJob* const> jobs, std::int64_t count) {
  std::map<std::int64_t, const std::string*> written;
  for (const ObservedJob* job : jobs) {
    for (const api::Pod* pod : job->pods) {
      if (pod->phase == api::PodPhase::Succeeded && pod->index >= 0 && pod->index < count) {
        written[pod->index] = &pod->termination_message;
      }
    }
  }
  std::map<std::int64_t, Json> values;
  std::size_t bytes = 0;
  for (const auto& [index, text] : written) {
    auto output = read_output(*text);
    if (!output) return Err("index " + std::to_string(index) + ": " + output.error());
    if (!output->value) continue;
    bytes += text->size();
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
  return Output{std::move(list), ""};
}

}  // namespace ork::run
