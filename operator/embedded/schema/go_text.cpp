#include "operator/embedded/schema/go_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace ork::embedded::go_text {
namespace {

// Decodes one code point of valid UTF-8 at `at`, or returns -1 for a byte that is not part of any: also
// of an overlong form, of a surrogate, of what is beyond the last character.
int code_point(std::string_view text, std::size_t at, std::size_t& length) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char lead = byte(at);
  length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  auto none = [&] {
    length = 1;
    return -1;
  };
  if (length == 0 || at + length > text.size()) return none();
  int value = length == 1 ? lead : lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return none();
    value = value << 6 | (byte(at + i) & 0x3F);
  }
  bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return overlong || surrogate || value > 0x10FFFF ? none() : value;
}

void append_hex(std::string& out, const char* format, int value) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, static_cast<unsigned>(value));
  out += buffer.data();
}

// Go's unicode tables call much more unprintable; these are what turns up in texts.
bool printable(int point) {
  if (point < 0x20 || (point >= 0x7F && point < 0xA1) || point == 0xAD) return false;
  bool space_or_format = (point >= 0x2000 && point <= 0x200F) || (point >= 0x2028 && point <= 0x202F) ||
                         (point >= 0x205F && point <= 0x206F) || point == 0x3000 || point == 0xFEFF;
  return !space_or_format && (point < 0xD800 || point > 0xF8FF) && (point & 0xFFFE) != 0xFFFE;
}

void append_quoted(std::string& out, int point, std::string_view bytes) {
  switch (point) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\a': out += "\\a"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\v': out += "\\v"; return;
    default: break;
  }
  if (point < 0) {
    append_hex(out, "\\x%02x", static_cast<unsigned char>(bytes[0]));
  } else if (printable(point)) {
    out += bytes;
  } else {
    append_hex(out, point < 0x20 || point == 0x7F ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x", point);
  }
}

std::string digits(double value, std::chars_format format) {
  std::array<char, 400> buffer{};
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  return {buffer.data(), end.ptr};
}

void append_json_string(std::string& out, const std::string& text) {
  out += '"';
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    int point = code_point(text, at, length);
    std::string_view bytes = std::string_view(text).substr(at, length);
    if (point == '"' || point == '\\') {
      out += '\\';
      out += bytes;
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\r') {
      out += "\\r";
    } else if (point == '\t') {
      out += "\\t";
    } else if (point == '\b') {
      out += "\\b";
    } else if (point == '\f') {
      out += "\\f";
    } else if (point < 0) {
      out += "\\ufffd";
    } else if (point < 0x20 || point == '<' || point == '>' || point == '&' || point == 0x2028 || point == 0x2029) {
      append_hex(out, "\\u%04x", point);
    } else {
      out += bytes;
    }
  }
  out += '"';
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  double size = std::fabs(value);
  if (size == 0 || (size >= 1e-6 && size < 1e21)) return digits(value, std::chars_format::fixed);
  std::string text = digits(value, std::chars_format::scientific);
  // encoding/json writes e-9 where strconv writes e-09.
  std::size_t size_of = text.size();
  if (size_of >= 4 && text[size_of - 4] == 'e' && text[size_of - 3] == '-' && text[size_of - 2] == '0') {
    text.erase(size_of - 2, 1);
  }
  return text;
}

// What a value of any depth prints to; deeper than Go's own decoder would have let in is cut.
void append_json(std::string& out, const Json& value, int depth) {
  constexpr int deepest = 1000;
  if (value.is_string()) {
    append_json_string(out, value.get_ref<const std::string&>());
  } else if (value.is_number_float()) {
    out += json_number(value.get<double>());
  } else if (value.is_structured() && depth < deepest) {
    out += value.is_object() ? '{' : '[';
    bool first = true;
    for (auto item = value.begin(); item != value.end(); ++item) {
      if (!first) out += ',';
      first = false;
      if (value.is_object()) {
        append_json_string(out, item.key());
        out += ':';
      }
      append_json(out, *item, depth + 1);
    }
    out += value.is_object() ? '}' : ']';
  } else if (value.is_structured() || value.is_binary() || value.is_discarded()) {
    out += "null";
  } else {
    out += value.dump();
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    int point = code_point(text, at, length);
    append_quoted(out, point, text.substr(at, length));
  }
  return out + "\"";
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  double size = std::fabs(value);
  bool plain = size == 0 || (size >= 1e-4 && size < 1e21);
  return digits(value, plain ? std::chars_format::fixed : std::chars_format::scientific);
}

std::string json(const Json& value) {
  std::string out;
  append_json(out, value, 0);
  return out;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    if (code_point(text, at, length) < 0) {
      out += "\uFFFD";
    } else {
      out += text.substr(at, length);
    }
  }
  return out;
}

}  // namespace ork::embedded::go_text
