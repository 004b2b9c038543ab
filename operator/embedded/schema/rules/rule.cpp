#include "operator/embedded/schema/rules/rule.hpp"

#include <algorithm>

namespace ork::embedded {
namespace {

std::string trimmed(const std::string& text) {
  std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// Reads a text field of the rule, if it is there and a text.
bool read_text(const Json& definition, const char* name, std::string& out) {
  auto found = definition.find(name);
  if (found == definition.end()) return true;
  if (!found->is_string()) return false;
  out = found->get<std::string>();
  return true;
}

std::optional<ProblemType> reason_of(const std::string& reason) {
  if (reason.empty() || reason == "FieldValueInvalid") return ProblemType::Invalid;
  if (reason == "FieldValueForbidden") return ProblemType::Forbidden;
  if (reason == "FieldValueRequired") return ProblemType::Required;
  if (reason == "FieldValueDuplicate") return ProblemType::Duplicate;
  return std::nullopt;
}

// One step of a field path, cut from its front: ".name" or "['name']".
std::optional<std::string> cut_step(std::string_view& path) {
  if (path.starts_with("['")) {
    std::size_t end = path.find("']", 2);
    if (end == std::string_view::npos) return std::nullopt;
    std::string name(path.substr(2, end - 2));
    path.remove_prefix(end + 2);
    return name;
  }
  if (!path.starts_with('.')) return std::nullopt;
  path.remove_prefix(1);
  std::size_t end = std::min(path.find_first_of(".["), path.size());
  std::string name(path.substr(0, end));
  path.remove_prefix(end);
  return name;
}

// ".spec['a.b']" as messages write it: "spec.a.b"; the keys of a map stand in brackets.
std::optional<std::string> plain_path(std::string_view path, const SchemaNode& start) {
  std::string out;
  const SchemaNode* node = &start;
  while (!path.empty()) {
    auto name = cut_step(path);
    if (!name) return std::nullopt;
    bool named = !node->properties.empty();
    node = named ? node->property(*name) : node->additional_properties;
    if (node == nullptr) return std::nullopt;
    out += named ? (out.empty() ? "" : ".") + *name : "[" + *name + "]";
  }
  return out;
}

}  // namespace

Result<Rule, std::string> parse_rule(const Json& definition, const SchemaNode& node) {
  if (!definition.is_object()) return Err(std::string("a rule is not an object"));
  Rule rule;
  std::string reason, path, message_expression;
  bool texts = read_text(definition, "rule", rule.rule) && read_text(definition, "message", rule.message) &&
               read_text(definition, "reason", reason) && read_text(definition, "fieldPath", path) &&
               read_text(definition, "messageExpression", message_expression);
  if (!texts) return Err(std::string("a rule has a field that is not a text"));
  rule.rule = trimmed(rule.rule);
  rule.message = trimmed(rule.message);
  auto optional = definition.find("optionalOldSelf");
  rule.optional_old_self = optional != definition.end() && *optional == true;

  auto type = reason_of(reason);
  if (!type) return Err("rule '" + rule.rule + "': unknown reason " + reason);
  rule.reason = *type;
  auto plain = plain_path(path, node);
  if (!plain) return Err("rule '" + rule.rule + "': no field at " + path);
  rule.field_path = *plain;
  auto program = rules::parse(rule.rule);
  if (!program) return Err("rule '" + rule.rule + "': " + program.error());
  rule.program = *std::move(program);
  if (!message_expression.empty()) {
    auto message = rules::parse(message_expression);
    if (!message) return Err("messageExpression '" + message_expression + "': " + message.error());
    rule.message_program = *std::move(message);
  }
  return rule;
}

}  // namespace ork::embedded
