#pragma once

// `metadata` as it stands in lists and watch events, skimmed by simdjson. Functions that take
// simdjson values throw simdjson::simdjson_error where the JSON is not what the API promises; a
// watcher quarantines such an object.

#include <simdjson.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/meta.hpp"
#include "controllers/api/time.hpp"

namespace ork::embedded {

// Calls on_field(key, value) for each field; a value that is not read is skipped at no cost.
template <typename OnField>
void each_field(simdjson::ondemand::object fields, OnField on_field) {
  for (auto field : fields) {
    const simdjson::ondemand::raw_json_string key = field.key();
    simdjson::ondemand::value value = field.value();
    on_field(key, value);
  }
}

std::string text_of(simdjson::ondemand::value value);
// 0 for null and for what is no time.
api::TimeMs time_of(simdjson::ondemand::value value);
// `otherwise` for what is no whole number.
std::int64_t number_in(std::string_view digits, std::int64_t otherwise);

using OnText = std::function<void(simdjson::ondemand::raw_json_string key, simdjson::ondemand::value text)>;

// `on_annotation` is called for each annotation; it may be empty.
api::ObjectMeta read_meta(simdjson::ondemand::object metadata, const OnText& on_annotation);

// What identifies an object and its version. `object` is left at its start.
api::ObjectMeta peek_meta(simdjson::ondemand::object& object);

// The metadata in the answer to a write, in full or metadata only; nullopt where there is none.
std::optional<api::ObjectMeta> meta_in_answer(std::string_view body);

// As Kubernetes writes times: whole seconds, "2026-11-21T03:32:00Z".
std::string seconds_text(api::TimeMs time);

}  // namespace ork::embedded
