// Label selectors as k8s.io/apimachinery/pkg/labels reads them: a lexer of signs and words, and a
// parser that looks one token ahead. Its sentences are those of the 400 that the API server answers.

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/api/selector.hpp"
#include "operator/embedded/kinds/names.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

enum class TokenType { Word, Sign, Error, End };
struct Token {
  TokenType type = TokenType::End;
  std::string text;

  bool is(std::string_view sign) const { return type == TokenType::Sign && text == sign; }
  bool is_word() const { return type == TokenType::Word; }
  bool ends_requirement() const { return type == TokenType::End || is(","); }
};

// Words, and the signs = == != ( ) , ! < >.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) { advance(); }
  const Token& peek() const { return current_; }
  Token take() {
    Token token = std::move(current_);
    advance();
    return token;
  }
  bool take_if(std::string_view sign) {
    if (!current_.is(sign)) return false;
    advance();
    return true;
  }

 private:
  static bool is_sign(char c) { return std::string_view("=!(),<>").find(c) != std::string_view::npos; }
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  void advance() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) {
      current_ = {TokenType::End, {}};
      return;
    }
    const std::size_t start = at_;
    if (is_sign(text_[at_])) {
      const char first = text_[at_++];
      const bool doubled = at_ < text_.size() && text_[at_] == '=' && (first == '=' || first == '!');
      if (doubled) ++at_;
      current_ = {TokenType::Sign, std::string(text_.substr(start, at_ - start))};
      return;
    }
    while (at_ < text_.size() && !is_sign(text_[at_]) && !is_space(text_[at_])) ++at_;
    current_ = {TokenType::Word, std::string(text_.substr(start, at_ - start))};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token current_;
};

using Op = Requirement::Operator;
using Values = Result<std::set<std::string>, std::string>;

Err<std::string> found(const Token& token, std::string_view expected) {
  return Err("found '" + token.text + "', expected: " + std::string(expected));
}

// "values[0][app]: Invalid value: ..."; of a key there is no path.
Err<std::string> not_valid(const std::string& path, const std::string& value, const names::Wrong& wrong) {
  std::string why;
  for (const std::string& one : wrong) why += (why.empty() ? "" : "; ") + one;
  return Err(path + ": Invalid value: " + go_text::quoted(value) + ": " + why);
}

Values parse_list(Tokens& tokens) {
  std::set<std::string> values;
  while (true) {
    const Token token = tokens.take();
    if (token.is_word()) {
      values.insert(token.text);
      if (tokens.peek().is(")")) return values;
      if (!tokens.peek().is(",")) return found(tokens.peek(), "',' or ')'");
    } else if (token.is(",")) {
      if (values.empty()) values.insert("");  // "(,"
      if (tokens.peek().is(")")) {            // ",)"
        values.insert("");
        return values;
      }
      if (tokens.take_if(",")) values.insert("");  // ",,"
    } else {
      return found(token, "',', or identifier");
    }
    if (values.size() > limits::selector_requirements) return Err(std::string("too many values in a selector"));
  }
}

Values parse_values(Tokens& tokens) {
  const Token open = tokens.take();
  if (!open.is("(")) return Err("found '" + open.text + "' expected: '('");
  if (tokens.take_if(")")) return std::set<std::string>{""};
  const Token first = tokens.peek();
  if (!first.is_word() && !first.is(",")) return found(first, "',', ')' or identifier");
  auto values = parse_list(tokens);
  if (!values) return values;
  if (!tokens.take_if(")")) return found(first, "')'");
  return values;
}

Values parse_value(Tokens& tokens) {
  if (tokens.peek().ends_requirement()) return std::set<std::string>{""};
  const Token token = tokens.take();
  if (!token.is_word()) return found(token, "identifier");
  return std::set<std::string>{token.text};
}

Result<Op, std::string> parse_operator(Tokens& tokens) {
  static constexpr std::array<std::pair<std::string_view, Op>, 7> operators = {{{"in", Op::In},
                                                                                {"notin", Op::NotIn},
                                                                                {"=", Op::In},
                                                                                {"==", Op::In},
                                                                                {"!=", Op::NotIn},
                                                                                {">", Op::GreaterThan},
                                                                                {"<", Op::LessThan}}};
  const Token token = tokens.take();
  const auto it =
      std::find_if(operators.begin(), operators.end(), [&](const auto& o) { return o.first == token.text; });
  if (it == operators.end()) return found(token, "in, notin, =, ==, !=, gt, lt");
  return it->second;
}

bool is_number(const std::string& text) {
  std::int64_t value = 0;
  const std::size_t sign = text.starts_with('+') ? 1 : 0;  // strconv.ParseInt takes one
  const auto [end, code] = std::from_chars(text.data() + sign, text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size();
}

std::optional<std::string> wrong_value(const Requirement& requirement) {
  const bool compares = requirement.op == Op::GreaterThan || requirement.op == Op::LessThan;
  for (std::size_t i = 0; i < requirement.values.size(); ++i) {
    const std::string& value = requirement.values[i];
    const std::string path = "values[" + std::to_string(i) + "]";
    if (compares && !is_number(value)) {
      return not_valid(path, value, {"for 'Gt', 'Lt' operators, the value must be an integer"}).error;
    }
    const names::Wrong wrong = names::label_value(value);
    if (!wrong.empty()) return not_valid(path + "[" + requirement.key + "]", value, wrong).error;
  }
  return std::nullopt;
}

Result<Requirement, std::string> parse_requirement(Tokens& tokens) {
  const bool absent = tokens.take_if("!");
  const Token key = tokens.take();
  if (!key.is_word()) return found(key, "identifier");
  if (const auto wrong = names::qualified_name(key.text); !wrong.empty()) return not_valid("<nil>", key.text, wrong);
  Requirement requirement{key.text, absent ? Op::Absent : Op::Exists, {}};
  if (absent || tokens.peek().ends_requirement()) return requirement;
  const bool in_words = tokens.peek().is_word();
  const auto op = parse_operator(tokens);
  if (!op) return Err(op.error());
  auto values = in_words ? parse_values(tokens) : parse_value(tokens);
  if (!values) return Err(values.error());
  requirement.op = *op;
  requirement.values.assign(values->begin(), values->end());
  if (const auto wrong = wrong_value(requirement)) return Err(*wrong);
  return requirement;
}

}  // namespace

Result<LabelSelector, std::string> parse_label_selector(std::string_view text) {
  LabelSelector selector;
  Tokens tokens(text);
  while (tokens.peek().type != TokenType::End) {
    if (!tokens.peek().is_word() && !tokens.peek().is("!")) {
      return found(tokens.peek(), "!, identifier, or 'end of string'");
    }
    auto requirement = parse_requirement(tokens);
    if (!requirement) return Err("unable to parse requirement: " + requirement.error());
    selector.push_back(std::move(*requirement));
    if (selector.size() > limits::selector_requirements) return Err(std::string("too many requirements in a selector"));
    if (tokens.peek().type == TokenType::End) return selector;
    if (!tokens.take_if(",")) return found(tokens.peek(), "',' or 'end of string'");
    if (!tokens.peek().is_word() && !tokens.peek().is("!")) return found(tokens.peek(), "identifier after ','");
  }
  return selector;
}

}  // namespace ork::embedded
