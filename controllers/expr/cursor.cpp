#include "controllers/expr/cursor.hpp"

#include <charconv>
#include <cstdint>

#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `code` is a Unicode scalar value.
void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

bool is_identifier_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_identifier_part(char c) { return is_identifier_start(c) || is_digit(c); }

void Cursor::skip_space() {
  constexpr std::string_view space = " \t\n\f\r";  // as the CEL specification lists it
  while (position_ < text_.size() && space.find(text_[position_]) != std::string_view::npos) ++position_;
}

bool Cursor::at_end() {
  skip_space();
  return position_ >= text_.size();
}

char Cursor::peek() { return at_end() ? '\0' : text_[position_]; }

bool Cursor::take(char c) {
  if (at_end() || text_[position_] != c) return false;
  ++position_;
  return true;
}

std::string_view Cursor::take_identifier() {
  if (at_end() || !is_identifier_start(text_[position_])) return {};
  const std::size_t start = position_;
  while (position_ < text_.size() && is_identifier_part(text_[position_])) ++position_;
  return text_.substr(start, position_ - start);
}

std::string_view Cursor::take_digits() {
  skip_space();
  const std::size_t start = position_;
  while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
  return text_.substr(start, position_ - start);
}

std::string_view Cursor::word() const {
  std::size_t end = position_;
  while (end < text_.size() && (is_identifier_part(text_[end]) || text_[end] == '-')) ++end;
  return text_.substr(position_, end - position_);
}

Result<std::string, ParseError> Cursor::take_string() {
  const std::size_t start = position_;
  const char quote = text_[position_++];
  std::string out;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '\n' || c == '\r') break;
    ++position_;
    if (c == quote) return out;
    if (c != '\\') {
      out += c;
    } else if (auto error = take_escape(out)) {
      return Err(std::move(*error));
    }
  }
  return Err(ParseError{start, "the string has no closing quote"});
}

// The escapes of CEL's string literals.
std::optional<ParseError> Cursor::take_escape(std::string& out) {
  constexpr std::string_view names = "abfnrtv\\?\"'`";
  constexpr std::string_view values = "\a\b\f\n\r\t\v\\?\"'`";
  const std::size_t start = position_ - 1;
  const char c = position_ < text_.size() ? text_[position_] : '\0';
  if (const auto i = names.find(c); c != '\0' && i != std::string_view::npos) {
    ++position_;
    out += values[i];
    return std::nullopt;
  }
  if (c >= '0' && c <= '3') return take_code(out, 3, 8);
  if (c == 'x' || c == 'X') return ++position_, take_code(out, 2, 16);
  if (c == 'u') return ++position_, take_code(out, 4, 16);
  if (c == 'U') return ++position_, take_code(out, 8, 16);
  const std::string_view shown = text_.substr(start, 2);
  return ParseError{start, in_quotes(shown) + " is no escape of a string; a backslash is written \"\\\\\""};
}

std::optional<ParseError> Cursor::take_code(std::string& out, std::size_t count, int base) {
  const std::size_t start = position_;
  const std::string_view digits = text_.substr(start, count);
  std::uint32_t code = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), code, base);
  if (failed != std::errc{} || end != digits.data() + count || digits.size() != count) {
    return ParseError{start, "an escape of " + std::to_string(count) + " digits is cut short"};
  }
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return ParseError{start, "no such character"};
  position_ += count;
  append_utf8(out, code);
  return std::nullopt;
}

}  // namespace ork::expr
