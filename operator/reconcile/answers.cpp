#include "operator/reconcile/answers.hpp"

#include "operator/reconcile/decode.hpp"

namespace ork::reconcile {
namespace {

// One parser for all answers: its buffers grow to the largest and stay.
simdjson::ondemand::parser& parser() {
  static simdjson::ondemand::parser instance;
  return instance;
}

template <typename Read>
auto read_answer(std::string_view body, Read read)
    -> std::optional<decltype(read(std::declval<simdjson::ondemand::object&>()))> {
  try {
    const simdjson::padded_string padded(body);
    auto document = parser().iterate(padded);
    simdjson::ondemand::object object = document.get_object();
    return read(object);
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> written_version(std::string_view body) {
  auto version = read_answer(body, [](simdjson::ondemand::object& object) { return peek_version(object); });
  if (!version || version->resource_version.empty()) return std::nullopt;
  return std::move(version->resource_version);
}

std::optional<api::Job> read_job_answer(std::string_view body) {
  auto job = read_answer(body, [](simdjson::ondemand::object& object) { return read_job(object); });
  if (!job || job->meta.uid.empty()) return std::nullopt;
  return job;
}

std::optional<api::Job> created_job(std::string_view body) { return read_job_answer(body); }

}  // namespace ork::reconcile
