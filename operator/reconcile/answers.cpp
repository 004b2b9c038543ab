#include "operator/reconcile/answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "operator/reconcile/decode.hpp"
#include "operator/reconcile/limits.hpp"

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

kube::Error unreadable_answer(const std::string& what) {
  return {.code = kube::Errc::Malformed, .message = "the answer about " + what + " can't be read"};
}

std::optional<std::string> read_controller_answer(std::string_view body) {
  return read_answer(body, [](simdjson::ondemand::object& object) { return read_controller(object); });
}

std::optional<api::Job> read_job_answer(std::string_view body) {
  auto job = read_answer(body, [](simdjson::ondemand::object& object) { return read_job(object); });
  if (!job || job->meta.uid.empty()) return std::nullopt;
  return job;
}

std::optional<api::WorkflowRun> read_run_answer(std::string_view body) {
  const nlohmann::json object = nlohmann::json::parse(body, nullptr, false);
  if (object.is_discarded()) return std::nullopt;
  auto run = api::decode_workflow_run(object);
  return run ? std::optional(std::move(*run)) : std::nullopt;
}

std::string text_of(const api::Json& object, const char* field) {
  const auto it = object.is_object() ? object.find(field) : object.end();
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

runtime::Duration least_wait(const kube::Error& error) {
  const runtime::Duration own = error.code == kube::Errc::Terminating ? limits::terminating_wait : runtime::Duration{0};
  return std::max(own, error.retry_after.value_or(runtime::Duration{0}));
}

bool worth_a_line(const kube::Error& error) {
  switch (error.code) {
    case kube::Errc::Terminating:             // what it holds is being deleted, our objects included
    case kube::Errc::AlreadyExists:           // the watch will show what we missed: the object is there,
    case kube::Errc::NotFound:                // gone,
    case kube::Errc::Conflict: return false;  // or newer
    default: return true;
  }
}

}  // namespace ork::reconcile
