#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "controllers/expr/literal.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/expr/token.hpp"
#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return begins_name(c) || is_digit(c); }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Longer ones first, so that they are found first.
constexpr std::array<std::string_view, 24> signs{"==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "?", ":", "+",
                                                 "-",  "*",  "/",  "%",  ".",  ",",  "(", ")", "[", "]", "{", "}"};

}  // namespace

void Lexer::skip_space() {
  constexpr std::string_view space = " \t\n\f\r";  // as the CEL specification lists it
  while (position_ < text_.size()) {
    if (space.find(text_[position_]) != std::string_view::npos) {
      ++position_;
    } else if (text_.substr(position_).starts_with("//")) {
      position_ = std::min(text_.find('\n', position_), text_.size());
    } else {
      return;
    }
  }
}

Token Lexer::make(TokenKind kind, std::size_t end) {
  Token out;
  out.kind = kind;
  out.begin = position_;
  out.end = end;
  out.text = text_.substr(position_, end - position_);
  position_ = end;
  return out;
}

Result<Token, ParseError> Lexer::next() {
  skip_space();
  if (position_ >= text_.size()) return make(TokenKind::End, position_);
  const char c = text_[position_];
  if (begins_text_literal(text_, position_)) return literal();
  if (begins_name(c)) return name();
  const bool point = c == '.' && position_ + 1 < text_.size() && is_digit(text_[position_ + 1]);
  if (is_digit(c) || point) return number();
  if (c == '`') return quoted_name();
  return sign();
}

Result<Token, ParseError> Lexer::name() {
  std::size_t end = position_;
  while (end < text_.size() && continues_name(text_[end])) ++end;
  const std::string_view text = text_.substr(position_, end - position_);
  if (text != "true" && text != "false" && text != "null") return make(TokenKind::Name, end);
  Token out = make(TokenKind::Value, end);
  if (text != "null") out.value = of_bool(text == "true");
  return out;
}

Result<Token, ParseError> Lexer::quoted_name() {
  const std::size_t start = position_++;
  std::size_t end = position_;
  constexpr std::string_view allowed = "_.-/ ";
  while (end < text_.size() && (continues_name(text_[end]) || allowed.find(text_[end]) != std::string_view::npos))
    ++end;
  if (end >= text_.size() || text_[end] != '`' || end == position_) {
    return Err(ParseError{start, "a name between backquotes consists of letters, digits, _, -, ., / and spaces"});
  }
  Token out = make(TokenKind::QuotedName, end);
  ++position_;
  out.begin = start;
  out.end = position_;
  return out;
}

Result<Token, ParseError> Lexer::number() {
  const auto digits_from = [&](std::size_t at, bool (*is)(char)) {
    while (at < text_.size() && is(text_[at])) ++at;
    return at;
  };
  const auto at = [&](std::size_t i) { return i < text_.size() ? text_[i] : '\0'; };
  const std::string_view rest = text_.substr(position_);
  if ((rest.starts_with("0x") || rest.starts_with("0X")) && is_hex_digit(at(position_ + 2))) {
    return whole_number(digits_from(position_ + 2, is_hex_digit), true);
  }
  std::size_t end = digits_from(position_, is_digit);
  bool fraction = false;
  if (at(end) == '.' && is_digit(at(end + 1))) {
    end = digits_from(end + 1, is_digit);
    fraction = true;
  }
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t digits = end + 1 + (at(end + 1) == '+' || at(end + 1) == '-' ? 1 : 0);
    if (is_digit(at(digits))) {
      end = digits_from(digits, is_digit);
      fraction = true;
    }
  }
  if (!fraction) return whole_number(end, false);
  Token out = make(TokenKind::Value, end);
  double value = 0;
  const auto read = std::from_chars(out.text.data(), out.text.data() + out.text.size(), value);
  if (read.ec != std::errc()) {
    // Beyond what a double holds: infinity, or nothing. The C library tells which.
    value = std::strtod(std::string(out.text).c_str(), nullptr);
  }
  out.value = of_double(value);
  return out;
}

Result<Token, ParseError> Lexer::whole_number(std::size_t end, bool hexadecimal) {
  const std::string_view digits =
      text_.substr(position_ + (hexadecimal ? 2 : 0), end - position_ - (hexadecimal ? 2 : 0));
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal ? 16 : 10);
  const bool is_uint = end < text_.size() && (text_[end] == 'u' || text_[end] == 'U');
  const std::size_t start = position_;
  Token out = make(TokenKind::Value, end + (is_uint ? 1 : 0));
  if (read.ec != std::errc()) {
    return Err(ParseError{start, "the number " + printable(out.text) + " is too large: at most " +
                                     (is_uint ? "18446744073709551615u" : "9223372036854775807")});
  }
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  out.too_large = !is_uint && number > largest;
  out.value = is_uint || out.too_large ? of_uint(number) : of_int(static_cast<std::int64_t>(number));
  return out;
}

Result<Token, ParseError> Lexer::literal() {
  auto read = read_text_literal(text_, position_);
  if (!read) return Err(std::move(read).error());
  Token out = make(TokenKind::Value, read->end);
  out.value = std::move(read->value);
  return out;
}

Result<Token, ParseError> Lexer::sign() {
  const std::string_view rest = text_.substr(position_);
  const auto found =
      std::find_if(signs.begin(), signs.end(), [&](std::string_view sign) { return rest.starts_with(sign); });
  if (found != signs.end()) return make(TokenKind::Sign, position_ + found->size());
  const std::string shown = in_quotes(rest.substr(0, decode(rest).bytes));
  if (rest.front() == '=') return Err(ParseError{position_, "\"=\" means nothing here: equality is written =="});
  if (rest.front() == '&' || rest.front() == '|') {
    return Err(ParseError{position_, shown + " means nothing here: write " + std::string(2, rest.front())});
  }
  return Err(ParseError{position_, shown + " means nothing here"});
}

bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 18> words{"as",        "break",  "const",  "continue", "else",  "for",
                                                   "function",  "if",     "import", "let",      "loop",  "package",
                                                   "namespace", "return", "var",    "void",     "while", "in"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace ork::expr
