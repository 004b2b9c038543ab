#pragma once

// Label and field selectors, parsed once for each request.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/store/store.hpp"

namespace ork::embedded {

struct Requirement {
  enum class Operator { In, NotIn, Exists, Absent, GreaterThan, LessThan };
  std::string key;
  Operator op = Operator::In;
  std::vector<std::string> values;
  friend bool operator==(const Requirement&, const Requirement&) = default;
};

// All of them must hold; none: everything matches.
using LabelSelector = std::vector<Requirement>;

struct FieldRequirement {
  std::string field;
  std::string value;
  bool equal = true;
  friend bool operator==(const FieldRequirement&, const FieldRequirement&) = default;
};
using FieldSelector = std::vector<FieldRequirement>;

// Both errors are the sentence of a 400.
Result<LabelSelector, std::string> parse_label_selector(std::string_view text);
Result<FieldSelector, std::string> parse_field_selector(std::string_view text);

// From the names of fields that the kind is asked by to those it is stored with. The sentence of a 400
// where it has no such field.
std::optional<std::string> name_as_stored(FieldSelector& selector, const Kind& kind);

struct Selectors {
  LabelSelector labels;
  FieldSelector fields;
  bool empty() const { return labels.empty() && fields.empty(); }
};

bool matches(const Stored& object, const Selectors& selectors);

}  // namespace ork::embedded
