#include "operator/embedded/api/object_reader.hpp"

#include <algorithm>

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/protobuf/from_protobuf.hpp"
#include "operator/manifest/load.hpp"

namespace ork::embedded {
namespace {

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
  return type;
}

std::string unrecognized(const Kind& kind, const std::string& why) {
  return "the object provided is unrecognized (must be of type " + kind.kind + "): " + why;
}

std::string cannot_be_handled(const Kind& kind, const std::string& given_kind, const std::string& given_version,
                              const std::string& why) {
  return given_kind + " in version \"" + given_version + "\" cannot be handled as a " + kind.kind + ": " + why;
}

std::string version_part(const std::string& api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? api_version : api_version.substr(slash + 1);
}

// Absent apiVersion and kind mean those of the URL, but for kinds of CRDs, which want them said.
std::optional<ApiError> check_kind(const Kind& kind, Json& object) {
  const auto text = [&](const char* field) -> std::optional<std::string> {
    const auto it = object.find(field);
    if (it == object.end() || it->is_null()) return std::string();
    return it->is_string() ? std::optional(it->get<std::string>()) : std::nullopt;
  };
  const auto given_kind = text("kind");
  const auto given_version = text("apiVersion");
  if (!given_kind || !given_version) {
    return bad_request(
        unrecognized(kind, "couldn't get version/kind; json parse error: apiVersion and kind are strings"));
  }
  if (kind.custom && given_kind->empty()) {
    return bad_request(unrecognized(kind, "Object 'Kind' is missing in '" + object.dump() + "'"));
  }
  const std::string as_kind = given_kind->empty() ? kind.kind : *given_kind;
  const std::string as_version = given_version->empty() ? kind.group_version() : *given_version;
  if (as_version != kind.group_version()) {
    return bad_request(kind.custom ? "the API version in the data (" + as_version +
                                         ") does not match the expected API version (" + kind.group_version() + ")"
                                   : cannot_be_handled(kind, as_kind, version_part(as_version),
                                                       "no kind \"" + as_kind + "\" is registered for version \"" +
                                                           as_version + "\""));
  }
  if (as_kind != kind.kind) {
    if (kind.custom) {
      Kind given;
      given.kind = as_kind;
      given.group = kind.group;
      const Json metadata = object.value("metadata", Json::object());
      return invalid(given,
                     metadata.is_object() && metadata.contains("name") && metadata["name"].is_string()
                         ? metadata["name"].get<std::string>()
                         : "",
                     {{ProblemType::Invalid, "kind", "Invalid value: \"" + as_kind + "\": must be " + kind.kind}});
    }
    return bad_request(cannot_be_handled(kind, as_kind, version_part(as_version), "it is not a " + kind.kind));
  }
  object["kind"] = kind.kind;
  object["apiVersion"] = kind.group_version();
  return std::nullopt;
}

std::optional<ApiError> check_size(const Call& call) {
  if (call.body.size() <= limits::body_bytes) return std::nullopt;
  return too_large("Request entity too large: limit is " + std::to_string(limits::body_bytes));
}

bool is_protobuf(const std::string& type) { return type == "application/vnd.kubernetes.protobuf"; }

Result<Json, ApiError> parse_json(const Call& call) {
  if (auto error = check_size(call)) return Err(std::move(*error));
  if (too_deep(call.body)) {
    return Err(bad_request("the body is nested deeper than " + std::to_string(limits::object_depth) + " levels"));
  }
  Json json = Json::parse(call.body, nullptr, false);
  if (json.is_discarded()) return Err(bad_request("the body is not JSON"));
  return json;
}

// How a body begins, where that may tell what is wrong with it.
std::string beginning(std::string_view body) {
  constexpr std::size_t shown = 30;
  constexpr std::string_view digits = "0123456789abcdef";
  if (body.empty()) return "<empty>";
  const std::string_view start = body.substr(0, shown);
  std::string text;
  if (start.front() == '{') {
    text = start;
  } else {
    for (const char c : start) {
      text += digits[static_cast<unsigned char>(c) >> 4U];
      text += digits[static_cast<unsigned char>(c) & 15U];
    }
  }
  return body.size() > shown ? text + " ..." : text;
}

Result<Json, ApiError> read_protobuf(const Kinds& kinds, const Kind& kind, const Call& call) {
  if (auto error = check_size(call)) return Err(std::move(*error));
  auto envelope = open_envelope(call.body);
  if (!envelope) return Err(bad_request(unrecognized(kind, envelope.error() + " (" + beginning(call.body) + ")")));
  if (envelope->kind.empty()) envelope->kind = kind.kind;
  if (envelope->api_version.empty()) envelope->api_version = kind.group_version();
  auto object = object_json(*envelope, kinds);
  if (!object) {
    return Err(
        bad_request(cannot_be_handled(kind, envelope->kind, version_part(envelope->api_version), object.error())));
  }
  return std::move(*object);
}

Result<Json, ApiError> read_json_object(const Kind& kind, const Call& call) {
  auto json = parse_json(call);
  if (!json) {
    if (json.error().code != 400) return Err(json.error());
    return Err(bad_request(unrecognized(kind, "couldn't get version/kind; json parse error: " + json.error().message)));
  }
  if (!json->is_object()) {
    return Err(bad_request(unrecognized(kind, "couldn't get version/kind; json parse error: it is not an object")));
  }
  return std::move(*json);
}

}  // namespace

bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits::object_depth) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

Result<Json, ApiError> read_json(const Kinds& kinds, const Call& call) {
  if (!is_protobuf(media_type(call.content_type))) return parse_json(call);
  if (auto error = check_size(call)) return Err(std::move(*error));
  auto object = from_protobuf(call.body, kinds);
  if (!object) return Err(bad_request(object.error()));
  return std::move(*object);
}

Result<Json, ApiError> read_yaml(const Call& call) {
  // kubectl and client-go send JSON, which is quicker read as what it is.
  if (call.body.empty() || call.body.front() == '{') return parse_json(call);
  if (auto error = check_size(call)) return Err(std::move(*error));
  manifest::Loaded loaded = manifest::load_text("the body", call.body);
  if (!loaded.problems.empty()) {
    const manifest::Problem& first = loaded.problems.front();
    return Err(bad_request("error decoding YAML: line " + std::to_string(first.at.line) + ": " + first.message));
  }
  if (loaded.manifests.size() != 1) return Err(bad_request("error decoding YAML: it is not one object"));
  return std::move(loaded.manifests.front().value);
}

Result<std::vector<std::string>, ApiError> decode_object(const Kind& kind, Json& object, FieldValidation validation) {
  // Whoever writes managedFields is understood by fields/, which wants them as they were sent.
  Json managed;
  const auto metadata = object.find("metadata");
  const bool sent = metadata != object.end() && metadata->is_object() && metadata->contains("managedFields");
  if (sent) {
    managed = std::move((*metadata)["managedFields"]);
    metadata->erase("managedFields");
  }
  auto decoded = kind.decode(object);
  if (sent) object["metadata"]["managedFields"] = std::move(managed);
  if (!decoded) return Err(bad_request(cannot_be_handled(kind, kind.kind, kind.version, decoded.error())));
  std::vector<std::string> unknown = std::move(*decoded);
  if (validation == FieldValidation::Ignore) unknown.clear();
  if (unknown.empty() || validation != FieldValidation::Strict) return unknown;
  std::string why = "strict decoding error: ";
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    why += (i == 0 ? "unknown field \"" : ", unknown field \"") + unknown[i] + "\"";
  }
  return Err(bad_request(cannot_be_handled(kind, kind.kind, kind.version, why)));
}

Result<ReadObject, ApiError> read_object(const Kinds& kinds, const Kind& kind, const Call& call,
                                         const WriteOptions& options) {
  const std::string type = media_type(call.content_type);
  const bool protobuf = is_protobuf(type) && !kind.custom;
  if (!protobuf && !type.empty() && type != "application/json" && type != "*/*") {
    return Err(unsupported_media_type(
        false, kind.custom ? "application/json" : "application/json, application/vnd.kubernetes.protobuf"));
  }
  auto body = protobuf ? read_protobuf(kinds, kind, call) : read_json_object(kind, call);
  if (!body) return Err(body.error());
  ReadObject read{std::move(*body), {}};
  if (auto error = check_kind(kind, read.object)) return Err(std::move(*error));
  auto unknown = decode_object(kind, read.object, options.field_validation);
  if (!unknown) return Err(unknown.error());
  read.unknown_fields = std::move(*unknown);
  return read;
}

}  // namespace ork::embedded
