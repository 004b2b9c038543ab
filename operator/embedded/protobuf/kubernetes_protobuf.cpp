#include "operator/embedded/protobuf/kubernetes_protobuf.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <optional>

#include "operator/embedded/protobuf/limits.hpp"
#include "operator/embedded/protobuf/messages.hpp"
#include "operator/embedded/protobuf/wire_reader.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

const std::string magic("k8s\0", 4);

const WireMessages& messages() {
  static const auto parsed = WireMessages::parse(wire_message_table);
  static const WireMessages none;
  return parsed ? *parsed : none;
}

// --- values with a form of their own ---------------------------------------------------------

struct Timestamp {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
};

std::string clock_text(const Timestamp& time, bool with_micros) {
  const std::time_t seconds = time.seconds;
  std::tm utc{};
  if (gmtime_r(&seconds, &utc) == nullptr) return "";
  std::array<char, 64> text{};
  std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (with_micros) {
    size += static_cast<std::size_t>(
        std::snprintf(text.data() + size, text.size() - size, ".%06d", static_cast<int>(time.nanos / 1000)));
  }
  return std::string(text.data(), size) + "Z";
}

bool is_deeper_than(std::string_view json, std::size_t bound) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') ++i;
    if (c == '"') in_text = !in_text;
    if (in_text) continue;
    if ((c == '{' || c == '[') && ++depth > bound) return true;
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return false;
}

// Also overlong forms, surrogates and what is beyond U+10FFFF are none.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char lead = byte(i);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xc0U) != 0x80) return false;
    }
    const unsigned char second = length > 1 ? byte(i + 1) : 0;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f)) {
      return false;
    }
    i += length;
  }
  return true;
}

// --- messages --------------------------------------------------------------------------------

class Decoder {
 public:
  // False: `problem` says why.
  bool decode(std::string_view bytes, const WireMessage& message, Json& object, std::size_t depth);
  std::string problem;

 private:
  bool fail(std::string what) {
    if (problem.empty()) problem = std::move(what);
    return false;
  }
  bool add(const WireValue& value, const WireField& field, Json& object, std::size_t depth);
  bool add_entry(const WireValue& value, const WireField& field, Json& map, std::size_t depth);
  std::optional<Json> read(const WireValue& value, const WireField& field, std::size_t depth);
  std::optional<Json> read_bytes(std::string_view bytes, const WireField& field, std::size_t depth);
  std::optional<Json> read_text(std::string_view bytes);
  std::optional<Json> read_time(std::string_view bytes, bool with_micros);
  std::optional<Json> read_int_or_string(std::string_view bytes);
  std::optional<Json> read_raw(std::string_view bytes);
  std::optional<Json> read_strings(std::string_view bytes);
  // Calls `take` for each value of a small message; false if it is broken.
  template <typename Take>
  bool each_value(std::string_view bytes, Take take);
};

template <typename Take>
bool Decoder::each_value(std::string_view bytes, Take take) {
  WireReader reader(bytes);
  while (!reader.at_end()) {
    const auto value = reader.next();
    if (!value) return fail("the protobuf message is cut off");
    take(*value);
  }
  return true;
}

// Zero is what Go writes for a value that was never set, unless it is behind a pointer.
bool is_zero(const Json& value) { return value.is_null() || value == "" || value == 0 || value == false; }

std::optional<Json> Decoder::read_text(std::string_view bytes) {
  if (is_utf8(bytes)) return Json(std::string(bytes));
  fail("a text in the protobuf message is not UTF-8");
  return std::nullopt;
}

std::optional<Json> Decoder::read_time(std::string_view bytes, bool with_micros) {
  Timestamp time;
  const bool read = each_value(bytes, [&](const WireValue& value) {
    if (value.number == 1) time.seconds = static_cast<std::int64_t>(value.scalar);
    if (value.number == 2) time.nanos = static_cast<std::int32_t>(value.scalar);
  });
  if (!read) return std::nullopt;
  if (time.seconds == 0 && time.nanos == 0) return Json();
  constexpr std::int64_t first = -62'167'219'200;  // the year 0
  constexpr std::int64_t last = 253'402'300'799;   // the end of the year 9999
  if (time.seconds < first || time.seconds > last || time.nanos < 0 || time.nanos > 999'999'999) {
    fail("a time is outside the years 0 to 9999");
    return std::nullopt;
  }
  return Json(clock_text(time, with_micros));
}

std::optional<Json> Decoder::read_int_or_string(std::string_view bytes) {
  std::uint64_t type = 0;
  std::int64_t number = 0;
  std::string_view text;
  const bool read = each_value(bytes, [&](const WireValue& value) {
    if (value.number == 1) type = value.scalar;
    if (value.number == 2) number = static_cast<std::int32_t>(value.scalar);
    if (value.number == 3) text = value.bytes;
  });
  if (!read) return std::nullopt;
  return type == 0 ? Json(number) : read_text(text);
}

std::optional<Json> Decoder::read_raw(std::string_view bytes) {
  std::string_view raw;
  const bool read = each_value(bytes, [&](const WireValue& value) {
    if (value.number == 1) raw = value.bytes;
  });
  if (!read) return std::nullopt;
  if (raw.empty()) return Json();
  if (is_deeper_than(raw, protobuf_limits::json_depth)) {
    fail("a JSON value within the protobuf message is nested too deeply");
    return std::nullopt;
  }
  Json value = Json::parse(raw, nullptr, false);
  if (!value.is_discarded()) return value;
  fail("a JSON value within the protobuf message is none");
  return std::nullopt;
}

std::optional<Json> Decoder::read_strings(std::string_view bytes) {
  Json list = Json::array();
  bool good = true;
  const bool read_all = each_value(bytes, [&](const WireValue& value) {
    if (value.number != 1) return;
    auto text = read_text(value.bytes);
    good = good && text;
    if (text) list.push_back(*std::move(text));
  });
  return read_all && good ? std::optional(std::move(list)) : std::nullopt;
}

std::optional<Json> Decoder::read_bytes(std::string_view bytes, const WireField& field, std::size_t depth) {
  switch (field.type) {
    case WireType::String: return read_text(bytes);
    case WireType::Bytes: return Json(kube::base64_encode(bytes));
    case WireType::Time: return read_time(bytes, false);
    case WireType::MicroTime: return read_time(bytes, true);
    case WireType::IntOrString: return read_int_or_string(bytes);
    case WireType::Raw: return read_raw(bytes);
    case WireType::Strings: return read_strings(bytes);
    case WireType::Quantity: {
      std::string_view text;
      const bool read_all = each_value(bytes, [&](const WireValue& value) {
        if (value.number == 1) text = value.bytes;
      });
      return read_all ? read_text(text) : std::nullopt;
    }
    case WireType::Message: {
      Json object = Json::object();
      return decode(bytes, *field.message, object, depth + 1) ? std::optional(std::move(object)) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

std::optional<Json> Decoder::read(const WireValue& value, const WireField& field, std::size_t depth) {
  const bool scalar = field.type == WireType::Bool || field.type == WireType::Int;
  if (scalar == value.is_bytes) {
    fail("proto: the field " + field.json + " has a wrong wire type");
    return std::nullopt;
  }
  if (field.type == WireType::Bool) return Json(value.scalar != 0);
  if (field.type == WireType::Int) return Json(static_cast<std::int64_t>(value.scalar));
  return read_bytes(value.bytes, field, depth);
}

bool Decoder::add_entry(const WireValue& value, const WireField& field, Json& map, std::size_t depth) {
  if (!value.is_bytes) return fail("proto: the field " + field.json + " has a wrong wire type");
  std::string key;
  Json entry;
  bool good = true;
  const bool read_all = each_value(value.bytes, [&](const WireValue& part) {
    if (part.number == 1) {
      key = std::string(part.bytes);
      good = good && read_text(key);
    }
    if (part.number != 2) return;
    auto decoded = read(part, field, depth);
    good = good && decoded;
    if (decoded) entry = *std::move(decoded);
  });
  if (!read_all || !good) return false;
  if (entry.is_null() && (field.type == WireType::String || field.type == WireType::Bytes)) entry = "";
  if (!map.is_object()) map = Json::object();
  map[key] = std::move(entry);
  return true;
}

bool Decoder::add(const WireValue& value, const WireField& field, Json& object, std::size_t depth) {
  if (field.shape == WireShape::Inline) {
    if (!value.is_bytes) return fail("proto: a wrong wire type");
    return decode(value.bytes, *field.message, object, depth + 1);
  }
  if (field.shape == WireShape::Map) return add_entry(value, field, object[field.json], depth);
  auto decoded = read(value, field, depth);
  if (!decoded) return false;
  if (field.shape == WireShape::List) {
    object[field.json].push_back(*std::move(decoded));
  } else if (field.shape == WireShape::Optional ? !decoded->is_null() : !is_zero(*decoded)) {
    object[field.json] = *std::move(decoded);
  }
  return true;
}

bool Decoder::decode(std::string_view bytes, const WireMessage& message, Json& object, std::size_t depth) {
  if (depth > protobuf_limits::message_depth) return fail("the protobuf message is nested too deeply");
  WireReader reader(bytes);
  while (!reader.at_end()) {
    const auto value = reader.next();
    if (!value) return fail("the protobuf message is cut off");
    const auto field = message.fields.find(value->number);
    if (field != message.fields.end() && !add(*value, field->second, object, depth)) return false;
  }
  return true;
}

// What is around each object: its apiVersion and kind, and the object's own message.
struct Envelope {
  std::string api_version;
  std::string kind;
  std::string_view object;
};

std::optional<Envelope> open_envelope(std::string_view body) {
  Envelope envelope;
  WireReader reader(body);
  while (!reader.at_end()) {
    const auto value = reader.next();
    if (!value) return std::nullopt;
    if (value->number == 2) envelope.object = value->bytes;
    if (value->number != 1) continue;
    WireReader type(value->bytes);
    while (!type.at_end()) {
      const auto part = type.next();
      if (!part) return std::nullopt;
      if (part->number == 1) envelope.api_version = part->bytes;
      if (part->number == 2) envelope.kind = part->bytes;
    }
  }
  return envelope;
}

}  // namespace

bool is_kubernetes_protobuf(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  return content_type == "application/vnd.kubernetes.protobuf";
}

Result<Json, std::string> json_of_protobuf(std::string_view body) {
  if (!body.starts_with(magic))
    return Err(std::string("the body is no protobuf of Kubernetes: it must begin with k8s"));
  const auto envelope = open_envelope(body.substr(magic.size()));
  if (!envelope) return Err(std::string("the protobuf message is cut off"));
  const WireMessage* message = messages().find(envelope->api_version, envelope->kind);
  if (message == nullptr) {
    if (!is_utf8(envelope->kind) || !is_utf8(envelope->api_version)) return Err(std::string("its kind is not UTF-8"));
    return Err("no kind " + envelope->kind.substr(0, 100) + " of version " + envelope->api_version.substr(0, 100) +
               " is read as protobuf here; send it as JSON");
  }
  Json object = {{"apiVersion", envelope->api_version}, {"kind", envelope->kind}};  // known ones: UTF-8
  Decoder decoder;
  if (!decoder.decode(envelope->object, *message, object, 0)) return Err(decoder.problem);
  return object;
}

}  // namespace ork::embedded
