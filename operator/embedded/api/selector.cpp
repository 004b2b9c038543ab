#include "operator/embedded/api/selector.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

using Op = Requirement::Operator;

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

// In the words of each kind's own conversion.
std::string unknown_field(const std::string& field, const Kind& kind) {
  if (kind.kind == "Job") return "field label " + go_text::quoted(field) + " not supported for Job";
  if (!kind.custom && kind.selectable_fields.empty()) {
    return go_text::quoted(field) + R"( is not a known field selector: only "metadata.name", "metadata.namespace")";
  }
  return "field label not supported: " + field;
}

// At commas that no backslash stands before.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ',') {
      terms.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  terms.push_back(text.substr(start));
  return terms;
}

Result<std::string, std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == ',' || c == '=') {
      return Err("invalid field selector: unescaped character in value: " + std::to_string(static_cast<int>(c)));
    }
    if (c == '\\') {
      const bool known = ++i < text.size() && std::string_view("\\,=").find(text[i]) != std::string_view::npos;
      if (!known) {
        return Err("invalid field selector: invalid escape sequence: \\" + std::string(text.substr(i, 1)));
      }
      c = text[i];
    }
    out += c;
  }
  return out;
}

struct Term {
  std::string field;
  std::optional<std::string_view> sign;  // none: there is none
  std::string value;
};

Result<Term, std::string> parse_term(std::string_view term) {
  for (std::size_t i = 0; i < term.size(); ++i) {
    for (const std::string_view sign : {"!=", "==", "="}) {
      if (!term.substr(i).starts_with(sign)) continue;
      auto value = unescaped(term.substr(i + sign.size()));
      if (!value) return Err(value.error());
      return Term{std::string(term.substr(0, i)), sign, std::move(*value)};
    }
  }
  return Term{};
}

}  // namespace

Result<FieldSelector, std::string> parse_field_selector(std::string_view text) {
  FieldSelector selector;
  std::vector<std::string_view> terms = split_terms(text);
  std::sort(terms.begin(), terms.end());
  for (const std::string_view term : terms) {
    if (term.empty()) continue;
    auto requirement = parse_term(term);
    if (!requirement) return Err(requirement.error());
    if (requirement->field.empty() && !requirement->sign) {
      return Err("invalid selector: '" + std::string(text) + "'; can't understand '" + std::string(term) + "'");
    }
    selector.push_back({std::move(requirement->field), std::move(requirement->value), *requirement->sign != "!="});
    if (selector.size() > limits::selector_requirements) return Err(std::string("too many requirements in a selector"));
  }
  std::erase_if(selector, [](const FieldRequirement& r) { return r.field.empty() && r.value.empty(); });
  return selector;
}

std::optional<std::string> name_as_stored(FieldSelector& selector, const Kind& kind) {
  for (FieldRequirement& requirement : selector) {
    if (!selectable(requirement.field, kind)) return unknown_field(requirement.field, kind);
    requirement.field = stored_name(kind, requirement.field);
  }
  return std::nullopt;
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
