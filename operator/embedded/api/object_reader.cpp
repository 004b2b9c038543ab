#include "operator/embedded/api/object_reader.hpp"

#include <algorithm>

#include "operator/embedded/api/body.hpp"
#include "operator/embedded/api/go_names.hpp"
#include "operator/embedded/api/stored_object.hpp"
#include "operator/embedded/protobuf/from_protobuf.hpp"

namespace ork::embedded {
namespace {

std::string unrecognized(const Kind& kind, const std::string& why, std::string_view body) {
  return "the object provided is unrecognized (must be of type " + kind.kind + "): " + why + " (" + beginning(body) +
         ")";
}

std::string cannot_be_handled(const Kind& kind, const std::string& given_kind, const std::string& given_version,
                              const std::string& why) {
  const std::string& wanted = kind.custom ? given_kind : kind.kind;
  return given_kind + " in version \"" + given_version + "\" cannot be handled as a " + wanted + ": " + why;
}

std::string version_part(const std::string& api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? api_version : api_version.substr(slash + 1);
}

// Absent apiVersion and kind mean those of the URL; kinds of CRDs want them said, and are asked later
// whether they are the right ones.
std::optional<ApiError> check_kind(const Kinds& kinds, const Kind& kind, std::string_view body,
                                   FieldValidation validation, Json& object) {
  auto given = given_kind(object);
  if (!given) return bad_request(unrecognized(kind, given.error(), body));
  if (kind.custom) {
    if (!text_of(object, "kind").empty()) return std::nullopt;
    const std::string missing = "Object 'Kind' is missing in '" + std::string(body) + "'";
    const bool ignores = validation == FieldValidation::Ignore;
    return bad_request(ignores ? cannot_be_handled(kind, kind.kind, kind.version, missing)
                               : unrecognized(kind, missing, body));
  }
  if (given->kind.empty()) given->kind = kind.kind;
  if (given->api_version.empty()) given->api_version = kind.group_version();
  if (object.is_null()) object = Json::object();
  if (given->api_version == kind.group_version() && given->kind == kind.kind) {
    object["kind"] = kind.kind;
    object["apiVersion"] = kind.group_version();
    return std::nullopt;
  }
  return bad_request(
      cannot_be_handled(kind, given->kind, version_part(given->api_version), other_kind(kinds, kind, *given, object)));
}

Result<Json, ApiError> read_protobuf(const Kinds& kinds, const Kind& kind, const Call& call) {
  if (auto error = check_size(call)) return Err(std::move(*error));
  auto envelope = open_envelope(call.body);
  if (!envelope) return Err(bad_request(unrecognized(kind, envelope.error(), call.body)));
  if (envelope->kind.empty()) envelope->kind = kind.kind;
  if (envelope->api_version.empty()) envelope->api_version = kind.group_version();
  auto object = object_json(*envelope, kinds);
  if (!object) {
    return Err(
        bad_request(cannot_be_handled(kind, envelope->kind, version_part(envelope->api_version), object.error())));
  }
  return std::move(*object);
}

ApiError wrong_version(const Kind& kind, const std::string& version) {
  return bad_request("the API version in the data (" + version + ") does not match the expected API version (" +
                     kind.group_version() + ")");
}

// What is refused where `validation` is Strict, and else told as a warning.
Status<std::string> report(const std::vector<std::string>& oddities, FieldValidation validation,
                           std::vector<std::string>& warnings) {
  if (oddities.empty() || validation == FieldValidation::Ignore) return Done{};
  if (validation == FieldValidation::Warn) {
    warnings.insert(warnings.end(), oddities.begin(), oddities.end());
    return Done{};
  }
  std::string why = "strict decoding error: ";
  for (std::size_t i = 0; i < oddities.size(); ++i) why += (i == 0 ? "" : ", ") + oddities[i];
  return Err(why);
}

Result<std::vector<std::string>, std::string> decoded(const Kind& kind, Json& object, Nulls nulls = Nulls::Dropped) {
  // Whoever writes managedFields is understood by fields/, which wants them as they were sent.
  Json managed;
  const auto metadata = object.find("metadata");
  const bool sent = metadata != object.end() && metadata->is_object() && metadata->contains("managedFields");
  if (sent) {
    managed = std::move((*metadata)["managedFields"]);
    metadata->erase("managedFields");
  }
  auto unknown = kind.decode(object, nulls);
  if (sent) object["metadata"]["managedFields"] = std::move(managed);
  if (!unknown) return Err(unknown.error());
  for (std::string& field : *unknown) field = unknown_field(field);
  return std::move(*unknown);
}

}  // namespace

Status<std::string> decode_patched(const Kind& kind, Json& object, FieldValidation validation,
                                   std::vector<std::string>& warnings, Nulls nulls, std::vector<std::string> oddities) {
  auto unknown = decoded(kind, object, nulls);
  if (!unknown) return Err(unknown.error());
  oddities.insert(oddities.end(), unknown->begin(), unknown->end());
  return report(oddities, validation, warnings);
}

std::string other_kind(const Kinds& kinds, const Kind& kind, const GivenKind& given, Json object) {
  const std::string as_kind = given.kind.empty() ? kind.kind : given.kind;
  const std::string as_version = given.api_version.empty() ? kind.group_version() : given.api_version;
  const Kind* other = kinds.find_kind(as_version, as_kind);
  const bool known = (other != nullptr && !other->custom) || (as_version == "v1" && as_kind == "List");
  if (!known) return not_registered(as_kind, as_version);
  // Before it is found to be another it is read as that.
  if (other != nullptr) {
    if (auto read = decoded(*other, object); !read) return read.error();
  }
  return "converting (" + version_part(as_version) + "." + as_kind + ") to (" + internal_name(kind) +
         "): unknown conversion";
}

Result<Json, ApiError> read_object(const Kinds& kinds, const Kind& kind, const Call& call, const WriteOptions& options,
                                   std::vector<std::string>& warnings) {
  const std::string type = media_type(call.content_type);
  const bool protobuf = is_protobuf(type) && !kind.custom;
  const bool yaml = type == "application/yaml";
  if (!protobuf && !yaml && !type.empty() && type != "application/json" && type != "*/*") {
    return Err(unsupported_media_type(
        false, kind.custom ? "application/json, application/yaml"
                           : "application/json, application/yaml, application/vnd.kubernetes.protobuf"));
  }
  if (auto error = check_size(call)) return Err(std::move(*error));
  std::vector<std::string> oddities;
  Json object;
  if (protobuf) {
    auto read = read_protobuf(kinds, kind, call);
    if (!read) return read;
    object = std::move(*read);
  } else {
    auto read = yaml ? parse_yaml(call.body) : parse_json(call.body, oddities);
    if (!read) return Err(bad_request(unrecognized(kind, read.error(), call.body)));
    object = std::move(*read);
  }
  if (auto error = check_kind(kinds, kind, call.body, options.field_validation, object)) return Err(std::move(*error));
  const std::string version = object.value("apiVersion", "");
  if (version != kind.group_version()) return Err(wrong_version(kind, version));
  const auto refused = [&](const std::string& why) {
    return Err(
        bad_request(cannot_be_handled(kind, kind.custom ? text_of(object, "kind") : kind.kind, kind.version, why)));
  };
  auto unknown = decoded(kind, object);
  if (!unknown) return refused(unknown.error());
  oddities.insert(oddities.end(), unknown->begin(), unknown->end());
  // YAML becomes JSON with its fields sorted, and what is odd about an object of a CRD is sorted too.
  if (!kind.custom && !protobuf && !yaml) sort_as_written(call.body, oddities);
  if (auto reported = report(oddities, options.field_validation, warnings); !reported) {
    return refused(reported.error());
  }
  return object;
}

}  // namespace ork::embedded
