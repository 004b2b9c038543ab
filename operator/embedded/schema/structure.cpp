#include "operator/embedded/schema/structure.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <span>

#include "operator/embedded/schema/correlate.hpp"
#include "operator/embedded/schema/formats.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/number_checks.hpp"
#include "operator/embedded/schema/problems.hpp"
#include "operator/embedded/schema/value_path.hpp"

namespace ork::embedded {
namespace {

struct Finding {
  FieldProblem problem;
  std::string text;  // what makes it the same finding as another
};

// `matches` counts the checks that passed: of several alternatives that all fail, the one with the
// most is the one that is explained.
struct Outcome {
  std::vector<Finding> findings;
  int matches = 0;

  bool valid() const { return findings.empty(); }
  void add(FieldProblem problem, std::string text) {
    bool known =
        std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.text == text; });
    if (!known) findings.push_back({std::move(problem), std::move(text)});
  }
  void merge(Outcome other) {
    for (Finding& finding : other.findings) add(std::move(finding.problem), std::move(finding.text));
    matches += other.matches;
  }
};

std::string_view type_of(const Json& value) {
  if (value.is_boolean()) return "boolean";
  if (value.is_string()) return "string";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (value.is_number()) return is_int64(value) ? "integer" : "number";
  return "null";
}

// The types a schema names; none: anything.
std::span<const std::string_view> types_of(const SchemaNode& node) {
  static constexpr std::array<std::string_view, 6> names = {"object", "array",  "integer",
                                                            "string", "number", "boolean"};
  const std::span<const std::string_view> all(names);
  if (node.int_or_string) return all.subspan(2, 2);
  switch (node.type) {
    case ValueType::Object: return all.subspan(0, 1);
    case ValueType::Array: return all.subspan(1, 1);
    case ValueType::Integer: return all.subspan(2, 1);
    case ValueType::String: return all.subspan(3, 1);
    case ValueType::Number: return all.subspan(4, 1);
    case ValueType::Boolean: return all.subspan(5, 1);
    case ValueType::Any: break;
  }
  return {};
}

bool holds(std::span<const std::string_view> types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::int64_t code_points(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

bool equals_one(const std::vector<Json>& values, const Json& value) {
  return std::any_of(values.begin(), values.end(), [&](const Json& one) {
    return value.type() == one.type() || (value.is_number() && one.is_number()) ? value == one : false;
  });
}

class Validator {
 public:
  explicit Validator(std::string prefix) : prefix_(std::move(prefix)) {}

  // Leaves out what was wrong before.
  Outcome changed(const SchemaNode& node, const Json& value, const Json* former, const ValuePath& path,
                  std::size_t depth) {
    Outcome out = checked(node, value, former, path, depth);
    // The root never counts as unchanged: its metadata has no schema of its own.
    bool root = depth == 0 && prefix_.empty();
    if (!out.valid() && former != nullptr && !root && unchanged(node, value, *former)) out.findings.clear();
    return out;
  }

 private:
  Outcome checked(const SchemaNode& node, const Json& value, const Json* former, const ValuePath& path,
                  std::size_t depth) {
    Outcome out;
    if (depth > limits::value_depth) return out;
    check_type(node, value, path, out);
    if (value.is_null()) {
      check_enum(node.checks, value, path, out);
      return out;
    }
    combine(node.checks, value, former, path, depth, out);
    if (value.is_string()) check_string(node, value.get_ref<const std::string&>(), path, out);
    if (value.is_number()) {
      check_number(node.checks, value, [&](const Json& wrong, const std::string& before, const std::string& after) {
        std::string what = before + path.text() + after;
        out.add(problems::invalid(field(path), wrong, what), what);
      });
      out.matches += 2;
    }
    if (value.is_array()) check_list(node, value, former, path, depth, out);
    check_enum(node.checks, value, path, out);
    ++out.matches;
    if (value.is_object()) check_object(node, value, former, path, depth, out);
    ++out.matches;
    return out;
  }

  // The path as a field: what stands before it, and no leading dot.
  std::string field(const ValuePath& path) const {
    std::string own = path.text();
    if (own.starts_with('.')) own.erase(0, 1);
    if (own.empty()) return prefix_.empty() ? "<nil>" : prefix_;
    return prefix_.empty() ? own : prefix_ + "." + own;
  }

  void wrong_type(const ValuePath& path, const std::string& wanted, std::string_view found, Outcome& out) const {
    std::string text = path.text() + " in body must be of type " + wanted + ": " + go_text::quoted(found);
    out.add(problems::type_invalid(field(path), std::string(found), text), text);
  }

  void check_type(const SchemaNode& node, const Json& value, const ValuePath& path, Outcome& out) const {
    const std::span<const std::string_view> types = types_of(node);
    std::string_view found = type_of(value);
    bool has_format = format_check(node.checks.format) != nullptr;
    if (value.is_null() ? types.empty() || node.nullable : types.empty() && !has_format) return;
    std::string wanted;
    for (std::string_view type : types) wanted += (wanted.empty() ? "" : ",") + std::string(type);
    if (value.is_null()) return wrong_type(path, wanted, "null", out);

    bool numeric = holds(types, "number") || holds(types, "integer");
    bool whole = found == "number" && holds(types, "integer") && is_whole(value.get<double>());
    bool fits = holds(types, found) || whole || (found == "integer" && holds(types, "number"));
    bool text_or_list = value.is_string() || value.is_array();
    ++out.matches;
    if (!fits && has_format && !text_or_list) {
      // As Kubernetes says it: with the Go format of what was found.
      std::string_view go_format = found == "integer" ? "int64" : found == "number" ? "float64" : "";
      wrong_type(path, node.checks.format, go_format, out);
    } else if (!fits && !(has_format && !numeric && text_or_list)) {
      wrong_type(path, wanted, found, out);
    } else {
      ++out.matches;
    }
  }

  void check_string(const SchemaNode& node, const std::string& text, const ValuePath& path, Outcome& out) const {
    const Checks& checks = node.checks;
    out.matches += 1;
    // The first of the three that fails is the one that is named.
    if (checks.max_length && code_points(text) > *checks.max_length) {
      out.add(problems::too_long(field(path), *checks.max_length),
              path.text() + " in body should be at most " + std::to_string(*checks.max_length) + " chars long");
    } else if (checks.min_length && code_points(text) < *checks.min_length) {
      std::string what =
          path.text() + " in body should be at least " + std::to_string(*checks.min_length) + " chars long";
      out.add(problems::invalid(field(path), text, what), what);
    } else if (checks.pattern && !re2::RE2::PartialMatch(text, *checks.pattern->expression)) {
      std::string what = path.text() + " in body should match '" + checks.pattern->text + "'";
      out.add(problems::invalid(field(path), text, what), what);
    }
    FormatCheck check = format_check(checks.format);
    if (check == nullptr) return;
    out.matches += 1;
    if (!check(text)) wrong_type(path, checks.format, text, out);
  }

  void check_enum(const Checks& checks, const Json& value, const ValuePath& path, Outcome& out) const {
    if (checks.one_of_values.empty() || equals_one(checks.one_of_values, value)) return;
    std::vector<std::string> supported;
    for (const Json& one : checks.one_of_values) {
      supported.push_back(one.is_string() ? one.get<std::string>() : go_text::json(one));
    }
    out.add(problems::not_supported(field(path), value, supported), path.text() + " in body should be one of them");
  }

  void check_list(const SchemaNode& node, const Json& list, const Json* former, const ValuePath& path,
                  std::size_t depth, Outcome& out) {
    if (node.items != nullptr) {
      FormerItems formers(node, former);
      for (std::size_t i = 0; i < list.size(); ++i) {
        out.merge(changed(*node.items, list[i], formers.find(list[i]), path.item(i), depth + 1));
      }
    }
    const Checks& checks = node.checks;
    auto size = static_cast<std::int64_t>(list.size());
    if (checks.min_items && size < *checks.min_items) {
      std::string what = path.text() + " in body should have at least " + std::to_string(*checks.min_items) + " items";
      out.add(problems::invalid(field(path), size, what), what);
    }
    if (checks.max_items && size > *checks.max_items) {
      out.add(problems::too_many(field(path), size, *checks.max_items), path.text() + " has too many items");
    }
    if (checks.unique_items && has_duplicates(list)) {
      std::string what = path.text() + " in body shouldn't contain duplicates";
      out.add(problems::invalid(field(path), "", what), what);
    }
    out.matches += 2;
  }

  static bool has_duplicates(const Json& list) {
    std::vector<std::string> texts;
    for (const Json& item : list) texts.push_back(go_text::json(item));
    std::sort(texts.begin(), texts.end());
    return std::adjacent_find(texts.begin(), texts.end()) != texts.end();
  }

  void check_object(const SchemaNode& node, const Json& object, const Json* former, const ValuePath& path,
                    std::size_t depth, Outcome& out) {
    const Checks& checks = node.checks;
    auto size = static_cast<std::int64_t>(object.size());
    if (checks.min_properties && size < *checks.min_properties) {
      std::string what =
          path.text() + " in body should have at least " + std::to_string(*checks.min_properties) + " properties";
      out.add(problems::invalid(field(path), size, what), what);
    }
    if (checks.max_properties && size > *checks.max_properties) {
      out.add(problems::too_many(field(path), size, *checks.max_properties), path.text() + " has too many properties");
    }
    if (node.additional_properties != nullptr) {
      for (const auto& [key, value] : object.items()) {
        if (node.property(key) != nullptr) continue;
        out.merge(changed(*node.additional_properties, value, former_field(former, key), path.dotted(key), depth + 1));
      }
    }
    bool root = depth == 0 && prefix_.empty();
    for (const Property& property : node.properties) {
      auto value = object.find(property.name);
      // The root's metadata is checked with all other metadata, not by the schema.
      if (value == object.end() || (root && property.name == "metadata")) continue;
      out.merge(
          changed(*property.node, *value, former_field(former, property.name), path.field(property.name), depth + 1));
    }
    for (const std::string& name : checks.required) {
      if (object.contains(name)) continue;
      const ValuePath at = path.dotted(name);
      out.add(problems::required(field(at), ""), at.text() + " in body is required");
    }
    ++out.matches;
  }

  void composite(const ValuePath& path, const std::string& text, Outcome& out) const {
    std::string what = go_text::quoted(path.text()) + text;
    out.add(problems::invalid(prefix_.empty() ? "<nil>" : prefix_, "", what), what);
  }

  void combine(const Checks& checks, const Json& value, const Json* former, const ValuePath& path, std::size_t depth,
               Outcome& out) {
    if (!checks.any_of.empty()) any_of(checks, value, former, path, depth, out);
    if (!checks.one_of.empty()) one_of(checks, value, former, path, depth, out);
    if (!checks.all_of.empty()) all_of(checks, value, former, path, depth, out);
    if (checks.none_of != nullptr && checked(*checks.none_of, value, former, path, depth + 1).valid()) {
      composite(path, " must not validate the schema (not)", out);
    }
    out.matches += 2;
  }

  void any_of(const Checks& checks, const Json& value, const Json* former, const ValuePath& path, std::size_t depth,
              Outcome& out) {
    std::optional<Outcome> best;
    for (const SchemaNode* alternative : checks.any_of) {
      Outcome outcome = checked(*alternative, value, former, path, depth + 1);
      if (outcome.valid()) return out.merge(std::move(outcome));
      if (!best || outcome.matches > best->matches) best = std::move(outcome);
    }
    composite(path, " must validate at least one schema (anyOf)", out);
    if (best) out.merge(std::move(*best));
  }

  void one_of(const Checks& checks, const Json& value, const Json* former, const ValuePath& path, std::size_t depth,
              Outcome& out) {
    std::optional<Outcome> best, first;
    int valid = 0;
    for (const SchemaNode* alternative : checks.one_of) {
      Outcome outcome = checked(*alternative, value, former, path, depth + 1);
      if (outcome.valid()) {
        ++valid;
        best.reset();
        if (!first) first = std::move(outcome);
      } else if (valid == 0 && (!best || outcome.matches > best->matches)) {
        best = std::move(outcome);
      }
    }
    if (valid == 1) return out.merge(std::move(*first));
    std::string found = valid == 0 ? "Found none valid" : "Found " + std::to_string(valid) + " valid alternatives";
    composite(path, " must validate one and only one schema (oneOf). " + found, out);
    if (best) out.merge(std::move(*best));
  }

  void all_of(const Checks& checks, const Json& value, const Json* former, const ValuePath& path, std::size_t depth,
              Outcome& out) {
    std::size_t valid = 0;
    for (const SchemaNode* part : checks.all_of) {
      Outcome outcome = checked(*part, value, former, path, depth + 1);
      valid += outcome.valid() ? 1 : 0;
      out.merge(std::move(outcome));
    }
    if (valid == checks.all_of.size()) return;
    composite(path, std::string(" must validate all the schemas (allOf)") + (valid == 0 ? ". None validated" : ""),
              out);
  }

  std::string prefix_;
};

}  // namespace

std::vector<FieldProblem> structure_problems(const SchemaNode& node, const Json& value, const Json* former,
                                             const std::string& prefix) {
  Outcome outcome = Validator(prefix).changed(node, value, former, {}, 0);
  std::vector<FieldProblem> problems;
  problems.reserve(outcome.findings.size());
  for (Finding& finding : outcome.findings) problems.push_back(std::move(finding.problem));
  return problems;
}

}  // namespace ork::embedded
