#include "operator/cli/show/line.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "controllers/expr/quote.hpp"

namespace ork::show {
namespace {

struct Range {
  std::uint32_t first, last;
};

// Of Unicode's East Asian Width (W and F) what is in use; of its combining characters likewise.
constexpr std::array wide = {Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
                             Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
                             Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
                             Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
constexpr std::array combining = {Range{0x0300, 0x036F}, Range{0x200B, 0x200D}, Range{0x20D0, 0x20FF},
                                  Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};

template <std::size_t n>
bool is_in(std::uint32_t character, const std::array<Range, n>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& r) { return character >= r.first && character <= r.last; });
}

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

// Texts are printable UTF-8 here; a wrong byte counts as one column.
Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 1 || at + length > text.size()) return {};
  std::uint32_t character = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    character = (character << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  return {length, is_in(character, wide) ? 2U : is_in(character, combining) ? 0U : 1U};
}

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::None: return "";
    case Colour::Dim: return "\x1b[2m";
    case Colour::Red: return "\x1b[31m";
    case Colour::Green: return "\x1b[32m";
    case Colour::Yellow: return "\x1b[33m";
    case Colour::Blue: return "\x1b[34m";
    case Colour::Bold: return "\x1b[1m";
  }
  return "";
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    columns += character.columns;
    i += character.bytes;
  }
  return columns;
}

std::string cut(std::string_view text, std::size_t columns, bool unicode) {
  if (width_of(text) <= columns) return std::string(text);
  const std::string_view mark = unicode ? "\xE2\x80\xA6" : "...";
  const std::size_t room = columns - std::min(columns, width_of(mark));
  std::size_t used = 0, end = 0;
  while (end < text.size()) {
    const Character character = character_at(text, end);
    if (used + character.columns > room) break;
    used += character.columns;
    end += character.bytes;
  }
  return std::string(text.substr(0, end)) + std::string(columns < width_of(mark) ? "" : mark);
}

std::string first_line(std::string_view text, std::size_t columns, bool unicode) {
  const std::string line(text.substr(0, text.find('\n')));
  return cut(expr::printable(line, columns * 4 + 16), columns, unicode);
}

Line& Line::add(std::string_view text, Colour colour) {
  pieces_.push_back({expr::printable(text, std::max<std::size_t>(text.size() * 6, 16)), colour});
  return *this;
}

Line& Line::pad_to(std::size_t column) {
  const std::size_t now = width();
  if (now < column) pieces_.push_back({std::string(column - now, ' '), Colour::None});
  return *this;
}

std::size_t Line::width() const {
  std::size_t columns = 0;
  for (const Piece& piece : pieces_) columns += width_of(piece.text);
  return columns;
}

std::string Line::render(const Screen& screen) const {
  const auto room = static_cast<std::size_t>(std::max(screen.width, 0));
  const bool whole = screen.width <= 0 || width() <= room;
  std::string out;
  std::size_t used = 0;
  for (const Piece& piece : pieces_) {
    std::string text = piece.text;
    const std::size_t columns = width_of(text);
    // Of a line that is too long the last column is kept for the mark of the cut.
    const bool last = !whole && used + columns >= room;
    if (last) text = cut(text + " ", room - used, screen.unicode);
    if (screen.colour && piece.colour != Colour::None && !text.empty()) {
      out += std::string(code_of(piece.colour)) + text + "\x1b[0m";
    } else {
      out += text;
    }
    used += columns;
    if (last) break;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace ork::show
