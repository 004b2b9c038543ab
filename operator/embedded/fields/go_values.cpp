#include "operator/embedded/fields/go_values.hpp"

#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded::go_values {
namespace {

constexpr std::string_view too_deep = "...";

void append_scalar(std::string& out, const Json& value) {
  out += value.is_number_float() ? go_text::number(value.get<double>()) : go_text::json(value);
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
      out += go_text::quoted(it.key());
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
    out += go_text::quoted(value.get_ref<const std::string&>());
  } else if (value.is_null()) {
    out += "interface {}(nil)";
  } else {
    append_scalar(out, value);
  }
}

}  // namespace

std::string plain(const Json& value) {
  std::string out;
  append_plain(out, value, 0);
  return out;
}

std::string syntax(const Json& value) {
  std::string out;
  append_syntax(out, value, 0);
  return out;
}

std::string_view type(const Json& value) {
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

}  // namespace ork::embedded::go_values
