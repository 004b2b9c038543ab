#include "operator/embedded/schema/rules/lexer.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace ork::embedded::rules {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::uint32_t> digits(std::string_view text, std::uint32_t base) {
  std::uint32_t value = 0;
  for (char c : text) {
    int digit = hex_digit(c);
    if (digit < 0 || static_cast<std::uint32_t>(digit) >= base) return std::nullopt;
    value = value * base + static_cast<std::uint32_t>(digit);
  }
  return value;
}

bool append_utf8(std::string& out, std::uint32_t point) {
  if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
  auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6);
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
  return true;
}

}  // namespace

void Lexer::skip_space() {
  while (at_ < text_.size()) {
    if (starts("//")) {
      std::size_t end = text_.find('\n', at_);
      at_ = end == std::string_view::npos ? text_.size() : end;
    } else if (std::string_view(" \t\r\n\f").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      return;
    }
  }
}

Word Lexer::next() {
  skip_space();
  if (at_ >= text_.size()) return {Token::End, "", at_};
  char first = text_[at_];
  char second = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if ((first == 'r' || first == 'R') && (second == '"' || second == '\'')) {
    ++at_;
    return string(true);
  }
  if (first == '"' || first == '\'') return string(false);
  if (is_digit(first) || (first == '.' && is_digit(second))) return number();
  if (!is_letter(first)) return symbol();
  std::size_t begin = at_;
  while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
  return {Token::Identifier, std::string(text_.substr(begin, at_ - begin)), begin};
}

Word Lexer::number() {
  std::size_t begin = at_;
  bool is_double = false;
  if (starts("0x") || starts("0X")) {
    at_ += 2;
    while (at_ < text_.size() && hex_digit(text_[at_]) >= 0) ++at_;
  } else {
    auto skip_digits = [&] {
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    };
    skip_digits();
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      is_double = true;
      ++at_;
      skip_digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      is_double = true;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      skip_digits();
    }
  }
  std::string digits_text(text_.substr(begin, at_ - begin));
  if (!is_double && at_ < text_.size() && (text_[at_] == 'u' || text_[at_] == 'U')) {
    ++at_;
    return {Token::Uint, digits_text, begin};
  }
  return {is_double ? Token::Double : Token::Int, digits_text, begin};
}

bool Lexer::escape(std::string& out) {
  constexpr std::string_view plain = "abfnrtv\\'\"`?";
  constexpr std::string_view meaning = "\a\b\f\n\r\t\v\\'\"`?";
  if (++at_ >= text_.size()) return false;
  char kind = text_[at_++];
  if (std::size_t found = plain.find(kind); found != std::string_view::npos) {
    out += meaning[found];
    return true;
  }
  std::size_t length = kind == 'x' || kind == 'X' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 3;
  std::uint32_t base = length == 3 ? 8 : 16;
  if (length == 3) --at_;
  if (at_ + length > text_.size()) return false;
  auto point = digits(text_.substr(at_, length), base);
  at_ += length;
  return point && append_utf8(out, *point);
}

Word Lexer::string(bool raw) {
  std::size_t begin = at_;
  std::string quote(1, text_[at_]);
  if (starts(quote + quote + quote)) quote = quote + quote + quote;
  at_ += quote.size();
  std::string out;
  while (at_ < text_.size()) {
    if (starts(quote)) {
      at_ += quote.size();
      return {Token::String, out, begin};
    }
    if (text_[at_] == '\n' && quote.size() == 1) break;
    if (text_[at_] != '\\' || raw) {
      out += text_[at_++];
    } else if (!escape(out)) {
      return {Token::Wrong, "a string with an escape that is not one", begin};
    }
  }
  return {Token::Wrong, "a string without an end", begin};
}

Word Lexer::symbol() {
  static constexpr std::array<std::string_view, 27> symbols = {"&&", "||", "==", "!=", "<=", ">=", "<", ">", "+",
                                                               "-",  "*",  "/",  "%",  "!",  "?",  ":", ".", ",",
                                                               "(",  ")",  "[",  "]",  "{",  "}",  "=", "&", "|"};
  for (std::string_view symbol : symbols) {
    if (!starts(symbol)) continue;
    std::size_t begin = at_;
    at_ += symbol.size();
    return {Token::Symbol, std::string(symbol), begin};
  }
  return {Token::Wrong, "a character that is not expected here", at_};
}

}  // namespace ork::embedded::rules
