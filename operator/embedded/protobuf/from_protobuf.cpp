#include "operator/embedded/protobuf/from_protobuf.hpp"

#include <algorithm>

#include "operator/embedded/protobuf/message.hpp"
#include "operator/embedded/protobuf/special_messages.hpp"
#include "operator/embedded/protobuf/wire.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

constexpr std::string_view magic("k8s\0", 4);

// runtime.TypeMeta: 1 is apiVersion, 2 is kind.
std::string read_type(std::string_view message, Envelope& envelope) {
  WireReader reader(message);
  for (WireField field; reader.next(field);) {
    if (field.number > 2) continue;
    const bool is_kind = field.number == 2;
    if (field.type != WireType::Bytes) return wrong_wire_type(field.type, is_kind ? "Kind" : "APIVersion");
    (is_kind ? envelope.kind : envelope.api_version) = go_text::valid_utf8(field.bytes);
  }
  return reader.error();
}

const Schema* schema_of(const Envelope& envelope, const Kinds& kinds) {
  const Kind* kind = kinds.find_kind(envelope.api_version, envelope.kind);
  const Schema* schema = kind == nullptr ? kinds.message(envelope.api_version, envelope.kind) : &kind->schema.value();
  if (schema == nullptr) return nullptr;
  const auto& properties = schema->root().properties;
  const bool in_protobuf = std::any_of(properties.begin(), properties.end(),
                                       [](const Property& property) { return property.proto.type != ProtoType::None; });
  return in_protobuf ? schema : nullptr;
}

}  // namespace

Result<Envelope, std::string> open_envelope(std::string_view body) {
  if (body.empty()) return Err(std::string("empty data"));
  if (!body.starts_with(magic)) {
    return Err(std::string("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"));
  }
  if (body.size() == magic.size()) return Err(std::string("empty body"));
  Envelope envelope;
  // runtime.Unknown: 1 is the type, 2 the message; contentEncoding and contentType are not looked at.
  WireReader reader(body.substr(magic.size()));
  for (WireField field; reader.next(field);) {
    if (field.number > 2) continue;
    if (field.type != WireType::Bytes) {
      return Err(wrong_wire_type(field.type, field.number == 1 ? "TypeMeta" : "Raw"));
    }
    if (field.number == 2) {
      envelope.message = field.bytes;
    } else if (std::string error = read_type(field.bytes, envelope); !error.empty()) {
      return Err(std::move(error));
    }
  }
  if (!reader.error().empty()) return Err(reader.error());
  return envelope;
}

Result<Json, std::string> object_json(const Envelope& envelope, const Kinds& kinds) {
  if (envelope.kind.empty()) return Err(std::string("Object 'Kind' is missing"));
  if (envelope.api_version.empty()) return Err(std::string("Object 'apiVersion' is missing"));
  const Schema* schema = schema_of(envelope, kinds);
  if (schema == nullptr) {
    return Err("no kind \"" + envelope.kind + "\" is registered for version \"" + envelope.api_version + "\"");
  }
  auto object = message_json(envelope.message, schema->root());
  if (!object) return Err(object.error());
  (*object)["apiVersion"] = envelope.api_version;
  (*object)["kind"] = envelope.kind;
  return object;
}

Result<Json, std::string> from_protobuf(std::string_view body, const Kinds& kinds) {
  const auto envelope = open_envelope(body);
  if (!envelope) return Err(envelope.error());
  return object_json(*envelope, kinds);
}

}  // namespace ork::embedded
