#include "operator/manifest/yaml_reader.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <sstream>
#include <utility>

#include "operator/manifest/document_builder.hpp"
#include "operator/manifest/limits.hpp"
#include "operator/manifest/source_text.hpp"

namespace ork::manifest {
namespace {

struct Wording {
  std::string_view parser;  // the beginning of what yaml-cpp says
  std::string_view ours;
};

// yaml-cpp names its own states; these say what its user can do.
constexpr std::array wordings = {
    Wording{"illegal map value",
            "a ':' can't stand here: put the text before it in quotes, or check the indentation of this line"},
    Wording{"illegal block entry", "a list item can't stand here: check the indentation"},
    Wording{"illegal map key", "a field can't stand here: check the indentation"},
    Wording{"end of sequence flow not found", "a '[' before this is not closed, or a ',' is missing"},
    Wording{"end of map flow not found", "a '{' before this is not closed, or a ',' is missing"},
    Wording{"end of sequence not found",
            "this is neither another item of the list before it nor a field: check the indentation"},
    Wording{"end of map not found", "this is no field of the object before it: check the indentation"},
    Wording{"unknown token", "text can't begin with this character: put it in quotes"},
    Wording{"the referenced anchor is not defined", "there is no anchor of that name before this alias"},
    Wording{"bad file", "is nested too deep: make it flatter"},
};

std::string worded(const std::string& parser_says) {
  for (const Wording& wording : wordings) {
    if (parser_says.starts_with(wording.parser)) return std::string(wording.ours);
  }
  return parser_says;
}

std::optional<std::uint32_t> hex4(std::string_view text) {
  std::uint32_t value = 0;
  if (text.size() < 4) return std::nullopt;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  return error == std::errc() && rest == text.data() + 4 ? std::optional(value) : std::nullopt;
}

// The character of "\ud83d\ude00", which is how JSON escapes what is beyond U+FFFF.
std::optional<std::uint32_t> surrogate_pair(std::string_view text) {
  if (text.size() < 12 || !text.starts_with("\\u") || text.substr(6, 2) != "\\u") return std::nullopt;
  const auto high = hex4(text.substr(2));
  const auto low = hex4(text.substr(8));
  if (!high || !low || *high < 0xD800 || *high > 0xDBFF || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  return 0x10000 + ((*high - 0xD800) << 10U) + (*low - 0xDC00);
}

// JSON is YAML but for surrogate pairs, which YAML writes as one escape. (Columns behind one are told
// two too low.)
std::string without_surrogate_pairs(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
    } else if (const auto character = surrogate_pair(text.substr(i))) {
      std::array<char, 12> escape{};
      std::snprintf(escape.data(), escape.size(), "\\U%08X", *character);
      out += escape.data();
      i += 12;
    } else {
      out += text.substr(i, 2);  // the escaped character is no beginning of another escape
      i += 2;
    }
  }
  return out;
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

// A tab in front of a line is the one mistake that can't be seen.
bool begins_with_tab(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first != std::string_view::npos && line[first] == '\t';
}

ReadError parser_error(const SourceText& source, const YAML::Exception& error) {
  if (error.mark.line >= 0 && begins_with_tab(source.line(static_cast<std::size_t>(error.mark.line)))) {
    return {{error.mark.line + 1, 1}, "this line is indented by a tab, and YAML takes only spaces there"};
  }
  return {source.position(error.mark), worded(error.msg)};
}

Result<std::vector<Document>, ReadError> parse(const std::string& text) {
  const SourceText source(text);
  if (const auto bad = source.unreadable_byte()) {
    return Err(ReadError{source.position_at(*bad),
                         "this is not text: there is a control character, or a byte that is not UTF-8"});
  }
  DocumentBuilder builder(source);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (!builder.error() && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    // What the builder saw first is nearer to the mistake.
    return Err(builder.error() ? *builder.error() : parser_error(source, error));
  }
  if (builder.error()) return Err(*builder.error());
  return std::move(builder).take();
}

}  // namespace

Result<std::vector<Document>, ReadError> read_yaml(std::string_view text) {
  if (text.size() > limits::file_bytes) {
    return Err(ReadError{{}, "the file is larger than " + std::to_string(limits::file_bytes >> 20U) + " MiB"});
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return parse(is_json(text) ? without_surrogate_pairs(text) : std::string(text));
}

}  // namespace ork::manifest
