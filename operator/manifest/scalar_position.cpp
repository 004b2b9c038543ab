#include "operator/manifest/scalar_position.hpp"

#include <algorithm>
#include <optional>

#include "operator/manifest/source_text.hpp"
#include "operator/manifest/utf8.hpp"

namespace ork::manifest {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

// Goes through the text of a scalar beside its value. Lines of YAML are folded and indented, so white space of one
// stands for white space of the other, whatever it is; all else is the same but for escapes.
class Walk {
 public:
  Walk(std::string_view text, std::size_t at, std::string_view value) : text_(text), at_(at), value_(value) {}

  // Where byte `offset` of the value stands.
  std::optional<std::size_t> to(std::size_t offset) {
    skip_properties();
    if (!enter()) return std::nullopt;
    std::size_t done = block_ ? std::min(value_.find_first_not_of(blanks), value_.size()) : 0;
    while (done < offset && done < value_.size()) {
      const std::size_t step = is_blank(value_[done]) ? over_blanks(done) : over_character(done);
      if (step == 0) return std::nullopt;
      done += step;
    }
    return at_;
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

  // A tag and an anchor may stand before it.
  void skip_properties() {
    while (here() == '!' || here() == '&') {
      at_ = std::min(text_.find_first_of(blanks, at_), text_.size());
      skip_blanks();
    }
  }

  // To the first character, past a quote or the head of a block; false where it is no scalar's text.
  bool enter() {
    const char first = here();
    if (first == '"' || first == '\'') {
      quote_ = first;
      ++at_;
    } else if (first == '|' || first == '>') {
      block_ = true;
      at_ = std::min(text_.find('\n', at_), text_.size());
      skip_blanks();
    }
    return first != '*' && first != '\0';
  }

  // White space of the value from `done` on; gives how much of it.
  std::size_t over_blanks(std::size_t done) {
    const std::size_t end = std::min(value_.find_first_not_of(blanks, done), value_.size());
    const std::size_t text_end = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    if (text_end == at_) return quote_ == '"' ? over_character(done) : 0;  // "\n", say
    // Within a line each is one of the other, so that a place between them is found too.
    if (text_.substr(at_, text_end - at_).find('\n') == std::string_view::npos) {
      ++at_;
      return 1;
    }
    at_ = text_end;
    return end - done;
  }

  // One character of the value; gives its bytes, 0 where the text has another one.
  std::size_t over_character(std::size_t done) {
    const std::size_t bytes = std::max<std::size_t>(utf8_sequence(value_.substr(done)), 1);
    skip_escaped_line_ends();
    if (quote_ == '"' && here() == '\\') return over_escape() ? bytes : 0;
    if (value_.substr(done, bytes) != text_.substr(at_, bytes)) return 0;
    at_ += bytes;
    if (quote_ == '\'' && text_[at_ - 1] == '\'') ++at_;
    return bytes;
  }

  // They leave nothing in the value.
  void skip_escaped_line_ends() {
    while (quote_ == '"' && here() == '\\' && at_ + 1 < text_.size() &&
           (text_[at_ + 1] == '\n' || text_[at_ + 1] == '\r')) {
      ++at_;
      skip_blanks();
    }
  }

  bool over_escape() {
    const std::string_view rest = text_.substr(at_ + 1);
    if (rest.empty()) return false;
    switch (rest.front()) {
      case 'x': at_ += 4; break;
      case 'U': at_ += 10; break;
      // JSON writes what is beyond U+FFFF as two of them.
      case 'u': at_ += rest.substr(5, 2) == "\\u" && (rest[1] == 'd' || rest[1] == 'D') ? 12 : 6; break;
      default: at_ += 2;
    }
    at_ = std::min(at_, text_.size());
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  std::string_view value_;
  char quote_ = '\0';
  bool block_ = false;
};

std::size_t offset_of(std::string_view text, Position position) {
  std::size_t at = 0;
  for (int line = 1; line < position.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  for (int column = 1; column < position.column && at < text.size(); ++column) {
    at += std::max<std::size_t>(utf8_sequence(text.substr(at)), 1);
  }
  return std::min(at, text.size());
}

}  // namespace

Position position_in_scalar(std::string_view text, Position start, std::string_view value, std::size_t offset) {
  const auto found = Walk(text, offset_of(text, start), value).to(offset);
  return found ? SourceText(text).position_at(*found) : start;
}

}  // namespace ork::manifest
