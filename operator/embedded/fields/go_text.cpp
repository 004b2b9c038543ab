#include "operator/embedded/fields/go_text.hpp"

#include <charconv>
#include <cmath>

#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view too_deep = "...";

void append_escaped(std::string& out, unsigned char c) {
  out += "\\u00";
  out += hex_digits[c >> 4];
  out += hex_digits[c & 15];
}

// U+2028 and U+2029 end a line in JavaScript; Go escapes them in JSON.
bool is_line_separator(std::string_view rest) {
  return rest.size() >= 3 && rest[0] == '\xe2' && rest[1] == '\x80' && (rest[2] == '\xa8' || rest[2] == '\xa9');
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
      append_escaped(out, c);
    } else if (c == 0xe2 && is_line_separator(text.substr(i))) {
      out += text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

void append_chars(std::string& out, double value, std::chars_format format) {
  char buffer[400];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr;
  out.append(buffer, end);
}

// encoding/json: digits and a point, but an exponent for what is very large or very small.
void append_json_float(std::string& out, double value) {
  double size = std::abs(value);
  bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
  append_chars(out, value, exponent ? std::chars_format::scientific : std::chars_format::fixed);
}

// %v: the shorter of both, with an exponent of two digits from 1e21 on.
void append_plain_float(std::string& out, double value) {
  double size = std::abs(value);
  bool exponent = size != 0 && (size < 1e-4 || size >= 1e21);
  append_chars(out, value, exponent ? std::chars_format::scientific : std::chars_format::fixed);
}

void append_json(std::string& out, const Json& value, std::size_t depth) {
  if (depth > limits::value_depth) {
    out += "null";
    return;
  }
  switch (value.type()) {
    case Json::value_t::object: {
      char before = '{';
      for (const auto& [name, inner] : value.items()) {
        out += std::exchange(before, ',');
        append_json_string(out, name);
        out += ':';
        append_json(out, inner, depth + 1);
      }
      out += value.empty() ? "{}" : "}";
      return;
    }
    case Json::value_t::array: {
      char before = '[';
      for (const Json& inner : value) {
        out += std::exchange(before, ',');
        append_json(out, inner, depth + 1);
      }
      out += value.empty() ? "[]" : "]";
      return;
    }
    case Json::value_t::string: append_json_string(out, value.get_ref<const std::string&>()); return;
    case Json::value_t::number_float: append_json_float(out, value.get<double>()); return;
    case Json::value_t::number_integer: out += std::to_string(value.get<std::int64_t>()); return;
    case Json::value_t::number_unsigned: out += std::to_string(value.get<std::uint64_t>()); return;
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; return;
    default: out += "null";
  }
}

void append_scalar(std::string& out, const Json& value) {
  if (value.is_number_float()) {
    append_plain_float(out, value.get<double>());
  } else if (value.is_number()) {
    append_json(out, value, 0);
  } else if (value.is_boolean()) {
    out += value.get<bool>() ? "true" : "false";
  }
}

void append_plain(std::string& out, const Json& value, std::size_t depth) {
  if (depth > limits::value_depth) {
    out += too_deep;
  } else if (value.is_object()) {
    out += "map[";
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (it != value.begin()) out += ' ';
      out += it.key();
      out += ':';
      append_plain(out, *it, depth + 1);
    }
    out += ']';
  } else if (value.is_array()) {
    out += '[';
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (it != value.begin()) out += ' ';
      append_plain(out, *it, depth + 1);
    }
    out += ']';
  } else if (value.is_string()) {
    out += value.get_ref<const std::string&>();
  } else if (value.is_null()) {
    out += "<nil>";
  } else {
    append_scalar(out, value);
  }
}

void append_syntax(std::string& out, const Json& value, std::size_t depth) {
  if (depth > limits::value_depth) {
    out += too_deep;
  } else if (value.is_object()) {
    out += "map[string]interface {}{";
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (it != value.begin()) out += ", ";
      out += go_quoted(it.key());
      out += ':';
      append_syntax(out, *it, depth + 1);
    }
    out += '}';
  } else if (value.is_array()) {
    out += "[]interface {}{";
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (it != value.begin()) out += ", ";
      append_syntax(out, *it, depth + 1);
    }
    out += '}';
  } else if (value.is_string()) {
    out += go_quoted(value.get_ref<const std::string&>());
  } else if (value.is_null()) {
    out += "interface {}(nil)";
  } else {
    append_scalar(out, value);
  }
}

}  // namespace

void append_go_json(std::string& out, const Json& value) { append_json(out, value, 0); }

std::string go_json(const Json& value) {
  std::string out;
  append_json(out, value, 0);
  return out;
}

std::string go_quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += hex_digits[byte >> 4];
      out += hex_digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string go_plain(const Json& value) {
  std::string out;
  append_plain(out, value, 0);
  return out;
}

std::string go_syntax(const Json& value) {
  std::string out;
  append_syntax(out, value, 0);
  return out;
}

std::string_view go_type(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: return "map[string]interface {}";
    case Json::value_t::array: return "[]interface {}";
    case Json::value_t::string: return "string";
    case Json::value_t::boolean: return "bool";
    case Json::value_t::number_float: return "float64";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return "int64";
    default: return "<nil>";
  }
}

}  // namespace ork::embedded
