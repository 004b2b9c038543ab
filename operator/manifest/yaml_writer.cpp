#include "operator/manifest/yaml_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "operator/manifest/go_number.hpp"
#include "operator/manifest/limits.hpp"
#include "operator/manifest/scalar.hpp"
#include "operator/manifest/scalar_writer.hpp"

namespace ork::manifest {
namespace {

using Json = nlohmann::json;
using Field = std::pair<std::string_view, const Json*>;

// By the first byte of a character; beyond U+FFFF there are more symbols than letters.
bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (byte >= 0x80 && byte < 0xF0);
}

// The digits around `at`, without leading zeros.
std::string_view number_around(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  while (begin < end && text[begin] == '0') ++begin;
  return text.substr(begin, end - begin);
}

// Numbers within names by their value; letters after digits, and those after everything else.
bool naturally_less(const Field& left, const Field& right) {
  const std::string_view a = left.first, b = right.first;
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at_a == a.end() || at_b == b.end()) return a.size() < b.size();
  if (is_letter(*at_a) != is_letter(*at_b)) return is_letter(*at_b);
  const auto at = static_cast<std::size_t>(at_a - a.begin());
  const std::string_view number_a = number_around(a, at), number_b = number_around(b, at);
  if (is_digit(*at_a) != is_digit(*at_b)) return is_digit(*at_b);
  if (is_digit(*at_a) && number_a != number_b) {
    return number_a.size() != number_b.size() ? number_a.size() < number_b.size() : number_a < number_b;
  }
  return static_cast<unsigned char>(*at_a) < static_cast<unsigned char>(*at_b);
}

class Writer {
 public:
  void document(const Json& value) {
    node(value, 0);
    if (out_.empty() || out_.back() != '\n') out_ += '\n';
  }
  std::string take() && { return std::move(out_); }

 private:
  // Goes on in the line that is begun, where the node's first line belongs; `indent` is that of a
  // collection's further lines.
  void node(const Json& value, std::size_t indent) {
    if (value.is_object() && !value.empty()) return object(value, indent);
    if (value.is_array() && !value.empty()) return array(value, indent);
    scalar(value, indent);
  }

  void scalar(const Json& value, std::size_t indent) {
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      return append_scalar(out_, text, style_of(text, /*key=*/false), indent + 2, /*key=*/false);
    }
    if (value.is_number_float()) {
      out_ += go_number(value.get<double>());
    } else {
      out_ += value.dump();  // null, a boolean, an integer, {} or []
    }
  }

  void object(const Json& value, std::size_t indent) {
    std::vector<Field> fields;
    for (const auto& [name, inner] : value.items()) fields.emplace_back(name, &inner);
    std::sort(fields.begin(), fields.end(), naturally_less);
    bool first = true;
    for (const auto& [name, inner] : fields) {
      if (!first) new_line(indent);
      first = false;
      field(name, *inner, indent);
    }
  }

  void field(std::string_view name, const Json& value, std::size_t indent) {
    const bool simple = name.size() <= limits::simple_key_bytes && name.find('\n') == std::string_view::npos;
    if (!simple) {
      out_ += "? ";
      append_scalar(out_, name, style_of(name, /*key=*/false), indent + 2, /*key=*/false);
      new_line(indent);
      out_ += ": ";
      return value.is_structured() ? node(value, indent + 2) : scalar(value, indent);
    }
    append_scalar(out_, name, style_of(name, /*key=*/true), indent, /*key=*/true);
    out_ += ':';
    if (value.is_object() && !value.empty()) {
      new_line(indent + 2);
      object(value, indent + 2);
    } else if (value.is_array() && !value.empty()) {
      new_line(indent);
      array(value, indent);
    } else {
      out_ += ' ';
      scalar(value, indent);
    }
  }

  void array(const Json& value, std::size_t indent) {
    bool first = true;
    for (const Json& item : value) {
      if (!first) new_line(indent);
      first = false;
      out_ += "- ";
      if (item.is_structured()) {
        node(item, indent + 2);
      } else {
        scalar(item, indent);
      }
    }
  }

  // A block has ended its last line already.
  void new_line(std::size_t indent) {
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
    out_.append(indent, ' ');
  }

  std::string out_;
};

}  // namespace

std::string to_yaml(const Json& value) {
  Writer writer;
  writer.document(value);
  return std::move(writer).take();
}

}  // namespace ork::manifest
