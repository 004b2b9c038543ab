#pragma once

// One line of a screen: pieces of text, each in a colour, cut to the screen's width as a whole. What
// is put in comes from programs and users; it comes out printable and in one line.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "operator/cli/show/screen.hpp"

namespace ork::show {

enum class Colour { None, Dim, Red, Green, Yellow, Blue, Bold };

// Columns that a terminal takes for the text: two for wide characters, none for combining ones.
std::size_t width_of(std::string_view text);

// At most `columns` of it, with "…" (or "...") at the end of what was cut.
std::string cut(std::string_view text, std::size_t columns, bool unicode);

// The first line of a text, made printable, cut.
std::string first_line(std::string_view text, std::size_t columns, bool unicode);

class Line {
 public:
  Line() = default;
  explicit Line(std::string_view text, Colour colour = Colour::None) { add(text, colour); }

  Line& add(std::string_view text, Colour colour = Colour::None);
  // Spaces up to that column; at least none.
  Line& pad_to(std::size_t column);
  std::size_t width() const;

  // Without spaces at its end, and without a newline.
  std::string render(const Screen& screen) const;

 private:
  struct Piece {
    std::string text;
    Colour colour;
  };
  std::vector<Piece> pieces_;
};

}  // namespace ork::show
