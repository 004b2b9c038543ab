#include "operator/embedded/protobuf/special_messages.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

#include "operator/embedded/protobuf/limits.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

// The fields of the small messages here are numbered from 1 to 3: `numbers` are the varints among them,
// `texts` those of bytes.
struct SmallMessage {
  std::array<std::uint64_t, 4> numbers{};
  std::array<std::optional<std::string_view>, 4> texts;
};

struct FieldForm {
  WireType type;
  std::string_view name;
};

// `forms`: the fields from 1 on. Others are passed over.
template <std::size_t Count>
Result<SmallMessage, std::string> read_small(std::string_view message, const std::array<FieldForm, Count>& forms) {
  SmallMessage out;
  WireReader reader(message);
  for (WireField field; reader.next(field);) {
    if (field.number > Count) continue;
    const FieldForm& form = forms[field.number - 1];
    if (field.type != form.type) return Err(wrong_wire_type(field.type, form.name));
    if (field.type == WireType::Varint) {
      out.numbers[field.number] = field.varint;
    } else {
      out.texts[field.number] = field.bytes;
    }
  }
  if (!reader.error().empty()) return Err(reader.error());
  return out;
}

std::int64_t as_int64(std::uint64_t varint) { return static_cast<std::int64_t>(varint); }
std::int32_t as_int32(std::uint64_t varint) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(varint)); }

constexpr std::int64_t zero_time = -62'135'596'800;     // Go's: 0001-01-01T00:00:00Z
constexpr std::int64_t first_second = -62'167'219'200;  // 0000-01-01T00:00:00Z, the first that RFC 3339 can say
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

std::string written_time(std::int64_t seconds) {
  const std::chrono::sys_seconds at{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  std::array<char, 80> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return buffer.data();
}

// metav1.Time keeps whole seconds, metav1.MicroTime microseconds; nanos may be negative or beyond a second.
Result<Json, std::string> time_json(std::string_view message, bool micros) {
  if (message.empty()) return Json();
  constexpr std::array<FieldForm, 2> forms = {{{WireType::Varint, "seconds"}, {WireType::Varint, "nanos"}}};
  auto read = read_small(message, forms);
  if (!read) return Err(read.error());
  constexpr std::int64_t per_second = 1'000'000;
  const std::int64_t sent = as_int64(read->numbers[1]);
  std::int64_t micro = micros ? as_int32(read->numbers[2]) / 1000 : 0;
  const std::int64_t carry = (micro >= 0 ? micro : micro - (per_second - 1)) / per_second;
  micro -= carry * per_second;
  if (sent < first_second - carry || sent > last_second - carry)
    return Err(std::string("year outside of range [0,9999]"));
  const std::int64_t seconds = sent + carry;
  if (seconds == zero_time && micro == 0) return Json();
  std::string text = written_time(seconds);
  if (micros) {
    std::array<char, 16> buffer{};
    std::snprintf(buffer.data(), buffer.size(), ".%06d", static_cast<int>(micro));
    text += buffer.data();
  }
  return Json(text + "Z");
}

// `value` / 10^digits, without the zeros at its end.
std::string with_fraction(std::uint64_t value, std::size_t digits) {
  std::string text = std::to_string(value);
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  std::string fraction = text.substr(text.size() - digits);
  text.resize(text.size() - digits);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? text : text + "." + fraction;
}

// Go's time.Duration.String: "1h0m0.5s", "1.5ms", "0s".
std::string written_duration(std::int64_t nanos) {
  const bool negative = nanos < 0;
  const std::uint64_t size = negative ? -static_cast<std::uint64_t>(nanos) : static_cast<std::uint64_t>(nanos);
  const std::string sign = negative ? "-" : "";
  constexpr std::uint64_t second = 1'000'000'000;
  if (size == 0) return "0s";
  if (size < 1'000) return sign + std::to_string(size) + "ns";
  if (size < 1'000'000) return sign + with_fraction(size, 3) + "µs";
  if (size < second) return sign + with_fraction(size, 6) + "ms";
  const std::uint64_t minutes = size / (60 * second);
  std::string text = with_fraction(size % (60 * second), 9) + "s";
  if (minutes > 0) text = std::to_string(minutes % 60) + "m" + text;
  if (minutes >= 60) text = std::to_string(minutes / 60) + "h" + text;
  return sign + text;
}

Result<Json, std::string> duration_json(std::string_view message) {
  constexpr std::array<FieldForm, 1> forms = {{{WireType::Varint, "duration"}}};
  auto read = read_small(message, forms);
  if (!read) return Err(read.error());
  return Json(written_duration(as_int64(read->numbers[1])));
}

Result<Json, std::string> quantity_json(std::string_view message) {
  constexpr std::array<FieldForm, 1> forms = {{{WireType::Bytes, "string"}}};
  auto read = read_small(message, forms);
  if (!read) return Err(read.error());
  const std::optional<std::string_view> text = read->texts[1];
  if (!text) return special_message_zero(ProtoType::Quantity);
  // JSON's "" is a Quantity of zero; this is none.
  if (text->empty()) {
    return Err(
        std::string("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
  }
  return Json(go_text::valid_utf8(*text));
}

Result<Json, std::string> int_or_string_json(std::string_view message) {
  constexpr std::array<FieldForm, 3> forms = {
      {{WireType::Varint, "type"}, {WireType::Varint, "intVal"}, {WireType::Bytes, "strVal"}}};
  auto read = read_small(message, forms);
  if (!read) return Err(read.error());
  switch (as_int64(read->numbers[1])) {
    case 0: return Json(as_int32(read->numbers[2]));
    case 1: return Json(go_text::valid_utf8(read->texts[3].value_or("")));
    default: return Err(std::string("impossible IntOrString.Type"));
  }
}

Result<Json, std::string> raw_json(std::string_view message) {
  constexpr std::array<FieldForm, 1> forms = {{{WireType::Bytes, "raw"}}};
  auto read = read_small(message, forms);
  if (!read) return Err(read.error());
  if (!read->texts[1]) return Json();
  bool too_deep = false;
  const auto bounded = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > static_cast<int>(limits::raw_depth);
    return !too_deep;
  };
  Json json = Json::parse(read->texts[1]->begin(), read->texts[1]->end(), bounded, false);
  if (too_deep) return Err("raw is nested deeper than " + std::to_string(limits::raw_depth) + " levels");
  if (json.is_discarded()) return Err(std::string("raw is not JSON"));
  return json;
}

}  // namespace

std::string wrong_wire_type(WireType type, std::string_view field) {
  return "proto: wrong wireType = " + std::to_string(static_cast<int>(type)) + " for field " + std::string(field);
}

bool is_special_message(ProtoType type) { return type >= ProtoType::Time; }

Result<Json, std::string> special_message_json(ProtoType type, std::string_view message) {
  switch (type) {
    case ProtoType::Time: return time_json(message, false);
    case ProtoType::MicroTime: return time_json(message, true);
    case ProtoType::Duration: return duration_json(message);
    case ProtoType::Quantity: return quantity_json(message);
    case ProtoType::IntOrString: return int_or_string_json(message);
    case ProtoType::Raw: return raw_json(message);
    default: return Err(std::string("not a message of its own JSON"));
  }
}

Json special_message_zero(ProtoType type) {
  if (type == ProtoType::Duration) return "0s";
  if (type == ProtoType::Quantity) return "0";
  if (type == ProtoType::IntOrString) return 0;
  return nullptr;
}

}  // namespace ork::embedded
