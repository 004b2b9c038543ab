#include "operator/embedded/client/object_meta.hpp"

#include <charconv>

namespace ork::embedded {
namespace {

namespace od = simdjson::ondemand;

std::string controller_owner(od::array owners) {
  std::string uid;
  for (od::object owner : owners) {
    std::string owner_uid;
    bool controller = false;
    each_field(owner, [&](auto key, od::value v) {
      if (key == "uid") owner_uid = text_of(v);
      if (key == "controller") controller = v.get_bool();
    });
    if (controller) uid = std::move(owner_uid);
  }
  return uid;
}

}  // namespace

std::string text_of(od::value value) { return std::string(std::string_view(value.get_string())); }

api::TimeMs time_of(od::value value) {
  return value.is_null() ? 0 : api::parse_time(std::string_view(value.get_string())).value_or(0);
}

std::int64_t number_in(std::string_view digits, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : otherwise;
}

api::ObjectMeta read_meta(od::object metadata, const OnText& on_annotation) {
  api::ObjectMeta meta;
  each_field(metadata, [&](auto key, od::value v) {
    if (key == "name")
      meta.name = text_of(v);
    else if (key == "namespace")
      meta.ns = text_of(v);
    else if (key == "uid")
      meta.uid = text_of(v);
    else if (key == "resourceVersion")
      meta.resource_version = text_of(v);
    else if (key == "generation")
      meta.generation = v.get_int64();
    else if (key == "creationTimestamp")
      meta.creation_ms = time_of(v);
    else if (key == "deletionTimestamp")
      meta.deleting = !v.is_null();
    else if (key == "ownerReferences")
      meta.owner_uid = controller_owner(v.get_array());
    else if (key == "annotations" && on_annotation)
      each_field(v.get_object(), on_annotation);
  });
  return meta;
}

api::ObjectMeta peek_meta(od::object& object) {
  od::object metadata = object.find_field_unordered("metadata").get_object();
  api::ObjectMeta meta = read_meta(metadata, {});
  object.reset();
  return meta;
}

std::optional<api::ObjectMeta> meta_in_answer(std::string_view body) {
  try {
    const simdjson::padded_string padded(body);
    od::parser parser;
    od::document document = parser.iterate(padded);
    od::object metadata = document.find_field_unordered("metadata").get_object();
    api::ObjectMeta meta = read_meta(metadata, {});
    if (meta.uid.empty() || meta.name.empty()) return std::nullopt;
    return meta;
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

std::string seconds_text(api::TimeMs time) { return api::format_time(time).substr(0, 19) + "Z"; }

}  // namespace ork::embedded
