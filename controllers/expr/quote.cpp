#include "controllers/expr/quote.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

// Characters that a terminal acts on, or that a reader can't see.
bool is_hidden(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr std::array<Range, 14> hidden{{
      {0x00, 0x1f},       // C0 controls, NUL and ESC among them
      {0x7f, 0x9f},       // DEL, C1 controls
      {0xad, 0xad},       // soft hyphen
      {0x61c, 0x61c},     // Arabic letter mark
      {0x115f, 0x1160},   // fillers
      {0x180e, 0x180e},   // Mongolian vowel separator
      {0x200b, 0x200f},   // zero width, direction marks
      {0x2028, 0x202e},   // line ends, direction overrides
      {0x2060, 0x206f},   // word joiner, direction isolates
      {0x3164, 0x3164},   // filler
      {0xfeff, 0xfeff},   // byte order mark
      {0xfff9, 0xfffb},   // annotations
      {0xfffe, 0xffff},   // no characters
      {0xe0000, 0xe007f}  // tags
  }};
  return std::any_of(hidden.begin(), hidden.end(), [&](Range r) { return r.first <= code && code <= r.last; });
}

std::string escape(const Character& c) {
  if (c.code == '\n') return "\\n";
  if (c.code == '\t') return "\\t";
  if (c.code == '\r') return "\\r";
  std::array<char, 16> text{};
  const char* format = !c.valid || c.code < 0x80 ? "\\x%02x" : c.code <= 0xffff ? "\\u%04x" : "\\U%08x";
  std::snprintf(text.data(), text.size(), format, static_cast<unsigned>(c.code));
  return text.data();
}

std::string make_printable(std::string_view text, std::size_t max_bytes, bool escape_quotes) {
  std::string out;
  std::size_t keep = 0;  // where to cut, should the end not fit
  while (!text.empty()) {
    const Character c = decode(text);
    std::string piece(text.substr(0, c.bytes));
    if (!c.valid || is_hidden(c.code)) {
      piece = escape(c);
    } else if (escape_quotes && (c.code == '"' || c.code == '\\')) {
      piece.insert(0, 1, '\\');
    }
    if (out.size() + piece.size() > max_bytes) return out.substr(0, keep) + "...";
    out += piece;
    if (out.size() + 3 <= max_bytes) keep = out.size();
    text.remove_prefix(c.bytes);
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) { return make_printable(text, max_bytes, false); }

// An escape takes at most six times the bytes that it stands for.
std::string printable_whole(std::string_view text) { return printable(text, text.size() * 6 + 3); }

std::string in_quotes(std::string_view text, std::size_t max_bytes) {
  return '"' + make_printable(text, max_bytes, true) + '"';
}

}  // namespace ork::expr
