#include "controllers/expr/literal.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include "controllers/expr/quote.hpp"
#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

struct Prefix {
  std::size_t length = 0;
  bool bytes = false;
  bool raw = false;
};

Prefix prefix_at(std::string_view text, std::size_t position) {
  Prefix out;
  const auto is = [&](char lower, char upper) {
    const std::size_t at = position + out.length;
    return at < text.size() && (text[at] == lower || text[at] == upper);
  };
  if (is('b', 'B')) out.bytes = true, ++out.length;
  if (is('r', 'R')) out.raw = true, ++out.length;
  return out;
}

class TextReader {
 public:
  TextReader(std::string_view text, std::size_t position, Prefix prefix)
      : text_(text), start_(position), position_(position + prefix.length), prefix_(prefix) {}

  Result<TextLiteral, ParseError> read() {
    const char c = text_[position_];
    const std::string three(3, c);
    quote_ = text_.substr(position_).starts_with(three) ? three : three.substr(0, 1);
    position_ += quote_.size();
    while (position_ < text_.size()) {
      if (text_.substr(position_).starts_with(quote_)) {
        position_ += quote_.size();
        return TextLiteral{prefix_.bytes ? Value::of(Bytes{std::move(out_)}) : of_string(std::move(out_)), position_};
      }
      if (auto error = take_character()) return Err(std::move(*error));
    }
    return Err(unclosed());
  }

 private:
  ParseError unclosed() const { return {start_, "the string has no closing quote"}; }

  std::optional<ParseError> take_character() {
    const char c = text_[position_];
    if (quote_.size() == 1 && (c == '\n' || c == '\r')) return unclosed();
    if (c == '\\' && !prefix_.raw) return take_escape();
    out_ += c;
    ++position_;
    return std::nullopt;
  }

  std::optional<ParseError> take_escape() {
    constexpr std::string_view names = "abfnrtv\\?\"'`";
    constexpr std::string_view values = "\a\b\f\n\r\t\v\\?\"'`";
    const char c = position_ + 1 < text_.size() ? text_[position_ + 1] : '\0';
    if (const auto i = names.find(c); c != '\0' && i != std::string_view::npos) {
      position_ += 2;
      out_ += values[i];
      return std::nullopt;
    }
    if (c >= '0' && c <= '3') return take_code(1, 3, 8);
    if (c == 'x' || c == 'X') return take_code(2, 2, 16);
    if (c == 'u' && !prefix_.bytes) return take_code(2, 4, 16);
    if (c == 'U' && !prefix_.bytes) return take_code(2, 8, 16);
    return ParseError{position_, in_quotes(text_.substr(position_, 2)) + " is no escape of " +
                                     (prefix_.bytes ? "bytes" : "a string") + "; a backslash is written \"\\\\\""};
  }

  // `count` digits of base 8 or 16, `skip` bytes after the backslash. In a string they are a character, in bytes one
  // of them.
  std::optional<ParseError> take_code(std::size_t skip, std::size_t count, int base) {
    const std::string_view digits = text_.substr(std::min(position_ + skip, text_.size())).substr(0, count);
    std::uint32_t code = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), code, base);
    if (failed != std::errc{} || digits.size() != count || end != digits.data() + count) {
      return ParseError{position_, "an escape of " + std::to_string(count) + " digits is cut short"};
    }
    if (!is_scalar(code)) return ParseError{position_, "there is no such character"};
    position_ += skip + count;
    if (prefix_.bytes) {
      out_ += static_cast<char>(code);
    } else {
      append_utf8(out_, code);
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t start_;
  std::size_t position_;
  Prefix prefix_;
  std::string quote_;
  std::string out_;
};

}  // namespace

bool begins_text_literal(std::string_view text, std::size_t position) {
  const std::size_t quote = position + prefix_at(text, position).length;
  return quote < text.size() && (text[quote] == '\'' || text[quote] == '"');
}

Result<TextLiteral, ParseError> read_text_literal(std::string_view text, std::size_t position) {
  return TextReader(text, position, prefix_at(text, position)).read();
}

}  // namespace ork::expr
