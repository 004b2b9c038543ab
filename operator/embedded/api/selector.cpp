#include "operator/embedded/api/selector.hpp"

#include <algorithm>
#include <charconv>

#include "operator/embedded/api/limits.hpp"

namespace ork::embedded {
namespace {

enum class TokenType { Word, Punctuation, End };
struct Token {
  TokenType type = TokenType::End;
  std::string_view text;
};

// Words, and the signs = == != ( ) , ! < >.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) { advance(); }
  const Token& peek() const { return current_; }
  Token take() {
    const Token token = current_;
    advance();
    return token;
  }
  bool take_if(std::string_view punctuation) {
    if (current_.type != TokenType::Punctuation || current_.text != punctuation) return false;
    advance();
    return true;
  }

 private:
  static bool is_sign(char c) { return std::string_view("=!(),<>").find(c) != std::string_view::npos; }

  void advance() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
    if (at_ == text_.size()) {
      current_ = {TokenType::End, {}};
      return;
    }
    const std::size_t start = at_;
    if (is_sign(text_[at_])) {
      const char first = text_[at_++];
      const bool doubled = at_ < text_.size() && text_[at_] == '=' && (first == '=' || first == '!');
      if (doubled) ++at_;
      current_ = {TokenType::Punctuation, text_.substr(start, at_ - start)};
      return;
    }
    while (at_ < text_.size() && !is_sign(text_[at_]) && text_[at_] != ' ' && text_[at_] != '\t') ++at_;
    current_ = {TokenType::Word, text_.substr(start, at_ - start)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token current_;
};

std::string unexpected(const Token& token, std::string_view expected) {
  return "unable to parse requirement: found '" + std::string(token.text) + "', expected: " + std::string(expected);
}

Result<std::vector<std::string>, std::string> parse_values(Tokens& tokens) {
  if (!tokens.take_if("(")) return Err(unexpected(tokens.peek(), "'('"));
  std::vector<std::string> values;
  while (true) {
    if (tokens.peek().type == TokenType::Word) {
      values.emplace_back(tokens.take().text);
    } else {
      values.emplace_back();
    }
    if (tokens.take_if(")")) return values;
    if (!tokens.take_if(",")) return Err(unexpected(tokens.peek(), "',' or ')'"));
  }
}

using Op = Requirement::Operator;

std::string single_value(Tokens& tokens) {
  return tokens.peek().type == TokenType::Word ? std::string(tokens.take().text) : "";
}

Result<Requirement, std::string> parse_requirement(Tokens& tokens) {
  if (tokens.take_if("!")) {
    if (tokens.peek().type != TokenType::Word) return Err(unexpected(tokens.peek(), "identifier"));
    return Requirement{std::string(tokens.take().text), Op::Absent, {}};
  }
  if (tokens.peek().type != TokenType::Word) return Err(unexpected(tokens.peek(), "!, identifier, or 'end of string'"));
  Requirement requirement{std::string(tokens.take().text), Op::Exists, {}};
  const Token next = tokens.peek();
  if (next.type == TokenType::End || (next.type == TokenType::Punctuation && next.text == ",")) return requirement;
  if (next.type == TokenType::Word && (next.text == "in" || next.text == "notin")) {
    tokens.take();
    requirement.op = next.text == "in" ? Op::In : Op::NotIn;
    auto values = parse_values(tokens);
    if (!values) return Err(values.error());
    requirement.values = std::move(*values);
    return requirement;
  }
  constexpr std::string_view expected = "in, notin, =, ==, !=, gt, lt";
  if (next.type != TokenType::Punctuation) return Err(unexpected(next, expected));
  if (next.text == "=" || next.text == "==") {
    requirement.op = Op::In;
  } else if (next.text == "!=") {
    requirement.op = Op::NotIn;
  } else if (next.text == ">" || next.text == "<") {
    requirement.op = next.text == ">" ? Op::GreaterThan : Op::LessThan;
  } else {
    return Err(unexpected(next, expected));
  }
  tokens.take();
  requirement.values = {single_value(tokens)};
  return requirement;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const std::string* find(const Pairs& pairs, std::string_view key) {
  const auto it = std::find_if(pairs.begin(), pairs.end(), [key](const auto& pair) { return pair.first == key; });
  return it == pairs.end() ? nullptr : &it->second;
}

bool holds(const Requirement& requirement, const Pairs& labels) {
  const std::string* value = find(labels, requirement.key);
  const auto listed = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(), *value) != requirement.values.end();
  };
  switch (requirement.op) {
    case Op::In: return value != nullptr && listed();
    case Op::NotIn: return value == nullptr || !listed();
    case Op::Exists: return value != nullptr;
    case Op::Absent: return value == nullptr;
    case Op::GreaterThan:
    case Op::LessThan: {
      if (value == nullptr) return false;
      const auto left = number(*value);
      const auto right = number(requirement.values.front());
      if (!left || !right) return false;
      return requirement.op == Op::GreaterThan ? *left > *right : *left < *right;
    }
  }
  return false;
}

// events.k8s.io/v1 Events are stored in core/v1's words, and looked up by them.
std::string stored_name(const Kind& kind, const std::string& field) {
  if (kind.stored_as == nullptr) return field;
  if (field.starts_with("regarding.")) return "involvedObject" + field.substr(field.find('.'));
  return field == "reportingController" ? "reportingComponent" : field;
}

bool selectable(std::string_view field, const Kind& kind) {
  if (field == "metadata.name" || (field == "metadata.namespace" && kind.namespaced)) return true;
  return std::find(kind.selectable_fields.begin(), kind.selectable_fields.end(), field) != kind.selectable_fields.end();
}

}  // namespace

Result<LabelSelector, std::string> parse_label_selector(std::string_view text) {
  LabelSelector selector;
  Tokens tokens(text);
  if (tokens.peek().type == TokenType::End) return selector;
  while (true) {
    auto requirement = parse_requirement(tokens);
    if (!requirement) return Err(requirement.error());
    selector.push_back(std::move(*requirement));
    if (tokens.peek().type == TokenType::End) return selector;
    if (!tokens.take_if(",")) return Err(unexpected(tokens.peek(), "',' or 'end of string'"));
    if (selector.size() > limits::selector_requirements) return Err(std::string("too many requirements in a selector"));
  }
}

Result<FieldSelector, std::string> parse_field_selector(std::string_view text, const Kind& kind) {
  FieldSelector selector;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view term = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (term.empty()) continue;
    const std::size_t sign = term.find_first_of("=!");
    const bool unequal = sign != std::string_view::npos && term[sign] == '!';
    if (sign == std::string_view::npos || (unequal && term.substr(sign, 2) != "!=")) {
      return Err("invalid selector: '" + std::string(term) + "'; can't understand '" + std::string(term) + "'");
    }
    std::string_view value = term.substr(sign + (unequal ? 2 : 1));
    if (!unequal && !value.empty() && value.front() == '=') value.remove_prefix(1);
    FieldRequirement requirement{std::string(term.substr(0, sign)), std::string(value), !unequal};
    if (!selectable(requirement.field, kind)) {
      return Err("field label not supported: " + requirement.field);
    }
    requirement.field = stored_name(kind, requirement.field);
    selector.push_back(std::move(requirement));
    if (selector.size() > limits::selector_requirements) return Err(std::string("too many requirements in a selector"));
  }
  return selector;
}

bool matches(const Stored& object, const Selectors& selectors) {
  const auto field_holds = [&](const FieldRequirement& requirement) {
    const std::string* value = find(object.fields, requirement.field);
    return ((value == nullptr ? std::string_view() : std::string_view(*value)) == requirement.value) ==
           requirement.equal;
  };
  return std::all_of(selectors.labels.begin(), selectors.labels.end(),
                     [&](const Requirement& r) { return holds(r, object.labels); }) &&
         std::all_of(selectors.fields.begin(), selectors.fields.end(), field_holds);
}

}  // namespace ork::embedded
