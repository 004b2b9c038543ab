#include "operator/manifest/scalar_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "operator/manifest/scalar.hpp"
#include "operator/manifest/utf8.hpp"

namespace ork::manifest {
namespace {

constexpr std::size_t fold_column = 80;

// What YAML 1.1 counts as a line's end.
bool is_break(std::uint32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }

// As yaml.v2 has it: no tab, and nothing beyond U+FFFF.
bool is_printable(std::uint32_t c) {
  return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

bool is_blank(std::uint32_t c) { return c == ' ' || c == '\t'; }

std::vector<std::uint32_t> characters_of(std::string_view text) {
  std::vector<std::uint32_t> out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence(text.substr(i));
    out.push_back(length == 0 ? 0xFFFD : utf8_character(text.substr(i, length)));
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

// What of a text keeps it from a style.
struct Traits {
  bool indicators = false;  // characters that mean something to YAML, where they stand
  bool breaks = false;      // line ends
  bool special = false;     // what only double quotes can hold
  bool edge_blank = false;  // a space or line end first or last
  bool last_space = false;  // a space last
};

bool begins_with_indicator(const std::vector<std::uint32_t>& text, bool blank_follows) {
  constexpr std::string_view always = "#,[]{}&*!|>'\"%@`";
  const std::uint32_t c = text.front();
  if (c < 0x80 && always.find(static_cast<char>(c)) != std::string_view::npos) return true;
  return (c == '?' || c == ':' || c == '-') && blank_follows;
}

// What a character means to YAML where it stands: the first of a text, or within it.
bool is_indicator(const std::vector<std::uint32_t>& text, std::size_t at, bool after_blank) {
  const bool blank_follows = at + 1 == text.size() || is_blank(text[at + 1]);
  if (at == 0) return begins_with_indicator(text, blank_follows);
  return (text[at] == ':' && blank_follows) || (text[at] == '#' && after_blank);
}

Traits traits_of(std::string_view text, const std::vector<std::uint32_t>& characters) {
  Traits traits;
  traits.indicators = text.starts_with("---") || text.starts_with("...");
  bool after_blank = true, after_space = false;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const std::uint32_t c = characters[i];
    const bool line_end = is_break(c);
    traits.indicators |= is_indicator(characters, i, after_blank);
    traits.special |= !is_printable(c) || (line_end && (c != '\n' || after_space));
    traits.breaks |= line_end;
    after_blank = is_blank(c) || line_end;
    after_space = c == ' ';
  }
  if (characters.empty()) return traits;
  const auto is_edge = [](std::uint32_t c) { return c == ' ' || is_break(c); };
  traits.edge_blank = is_edge(characters.front()) || is_edge(characters.back());
  traits.last_space = characters.back() == ' ';
  return traits;
}

// Takes what `fits` off the front; how much that was.
std::size_t take(std::string_view& text, bool (*fits)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), fits);
  const auto length = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(length);
  return length;
}

// Takes ":59" off the front.
bool take_sixtieths(std::string_view& text) {
  if (text.empty() || text.front() != ':') return false;
  text.remove_prefix(1);
  const char first = text.empty() ? ' ' : text.front();
  const std::size_t digits = take(text, is_digit);
  return digits == 1 || (digits == 2 && first <= '5');
}

// 1:30 is 90 in YAML 1.1: [-+]? digits_ ( : 0-59 )+ ( . digits_ )?
bool is_base_60(std::string_view text) {
  const auto digit_or_gap = [](char c) { return is_digit(c) || c == '_'; };
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  take(text, digit_or_gap);
  if (!take_sixtieths(text)) return false;
  while (!text.empty() && text.front() == ':') {
    if (!take_sixtieths(text)) return false;
  }
  if (!text.empty() && text.front() == '.') text.remove_prefix(1);
  take(text, digit_or_gap);
  return text.empty();
}

// The line that is being written, and its column.
class Line {
 public:
  Line(std::string& out, std::size_t indent) : out_(out), indent_(indent) {
    column_ = utf8_length(std::string_view(out).substr(out.rfind('\n') + 1));  // npos + 1 is 0
  }

  bool is_full() const { return column_ > fold_column; }
  void fold() {
    out_ += '\n';
    out_.append(indent_, ' ');
    column_ = indent_;
  }
  void put(std::string_view ascii) {
    out_ += ascii;
    column_ += ascii.size();
  }
  // Up to U+FFFF: what is beyond is never written as itself.
  void put(std::uint32_t c) {
    if (c < 0x80) {
      out_ += static_cast<char>(c);
    } else if (c < 0x800) {
      out_ += {static_cast<char>(0xC0U | (c >> 6U)), static_cast<char>(0x80U | (c & 0x3FU))};
    } else {
      out_ += {static_cast<char>(0xE0U | (c >> 12U)), static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)),
               static_cast<char>(0x80U | (c & 0x3FU))};
    }
    ++column_;
  }

 private:
  std::string& out_;
  std::size_t indent_;
  std::size_t column_ = 0;
};

struct Escape {
  std::uint32_t character;
  std::string_view written;
};

constexpr std::array escapes = {
    Escape{0x00, "\\0"},  Escape{0x07, "\\a"}, Escape{0x08, "\\b"}, Escape{0x09, "\\t"},   Escape{0x0A, "\\n"},
    Escape{0x0B, "\\v"},  Escape{0x0C, "\\f"}, Escape{0x0D, "\\r"}, Escape{0x1B, "\\e"},   Escape{'"', "\\\""},
    Escape{'\\', "\\\\"}, Escape{0x85, "\\N"}, Escape{0xA0, "\\_"}, Escape{0x2028, "\\L"}, Escape{0x2029, "\\P"},
};

std::string escape_of(std::uint32_t c) {
  const auto it = std::find_if(escapes.begin(), escapes.end(), [&](const Escape& e) { return e.character == c; });
  if (it != escapes.end()) return std::string(it->written);
  std::array<char, 12> hex{};
  std::snprintf(hex.data(), hex.size(), c <= 0xFF ? "\\x%02X" : c <= 0xFFFF ? "\\u%04X" : "\\U%08X", c);
  return hex.data();
}

bool needs_escape(std::uint32_t c) { return !is_printable(c) || is_break(c) || c == '"' || c == '\\'; }

// Plain and quoted text: one line, folded at single spaces where it is too long.
void append_flow(Line& line, const std::vector<std::uint32_t>& text, ScalarStyle style, bool fold) {
  bool after_space = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t c = text[i];
    const bool inside = i > 0 && i + 1 < text.size();
    const bool space_follows = i + 1 < text.size() && text[i + 1] == ' ';
    const bool can_fold = fold && c == ' ' && !after_space && inside && line.is_full();
    if (can_fold && (style == ScalarStyle::DoubleQuoted || !space_follows)) {
      line.fold();
      if (space_follows) line.put("\\");  // or the reader would drop it with the indentation
    } else if (style == ScalarStyle::DoubleQuoted && needs_escape(c)) {
      line.put(escape_of(c));
    } else {
      line.put(c);
      if (style == ScalarStyle::SingleQuoted && c == '\'') line.put("'");
    }
    after_space = c == ' ';
  }
}

// "|", what its reader must know of spaces in front and lines at the end, and then the lines.
void append_literal(std::string& out, std::string_view text, std::size_t indent) {
  out += '|';
  if (text.front() == ' ' || text.front() == '\n') out += '2';
  if (text.back() != '\n') {
    out += '-';
  } else if (text.size() == 1 || text[text.size() - 2] == '\n') {
    out += '+';
  }
  out += '\n';
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) out.append(indent, ' ');
    out += text.substr(0, end);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

ScalarStyle style_of(std::string_view text, bool key) {
  const Traits traits = traits_of(text, characters_of(text));
  if (traits.breaks && text.find('\n') != std::string_view::npos) {
    return key || traits.special || traits.last_space ? ScalarStyle::DoubleQuoted : ScalarStyle::Literal;
  }
  if (traits.special || reads_as_other_type(text) || is_base_60(text)) return ScalarStyle::DoubleQuoted;
  return traits.indicators || traits.edge_blank ? ScalarStyle::SingleQuoted : ScalarStyle::Plain;
}

void append_scalar(std::string& out, std::string_view text, ScalarStyle style, std::size_t indent, bool key) {
  if (style == ScalarStyle::Literal) return append_literal(out, text, indent);
  const std::string_view quote = style == ScalarStyle::SingleQuoted   ? "'"
                                 : style == ScalarStyle::DoubleQuoted ? "\""
                                                                      : "";
  Line line(out, indent);
  line.put(quote);
  append_flow(line, characters_of(text), style, !key);
  line.put(quote);
}

}  // namespace ork::manifest
