#pragma once

// For the tests of this folder: the kind Sample of testdata/samples.yaml, with every way to merge.

#include <fstream>
#include <initializer_list>
#include <string>

#include "operator/embedded/fields/field_rules.hpp"

namespace ork::embedded {

inline const FieldRules& sample_rules() {
  static const FieldRules rules = [] {
    std::ifstream file(std::string(ORK_FIELDS_TESTDATA) + "/sample_schema.json");
    auto schema = Schema::parse(Json::parse(file), Json::object());
    return FieldRules(*schema, {.kind = "Sample", .custom = true, .has_status = true});
  }();
  return rules;
}

inline const MergeType& sample_type() { return sample_rules().parsed().type(); }

inline Json sample(Json spec) {
  return {{"apiVersion", "fields.ork.dev/v1"},
          {"kind", "Sample"},
          {"metadata", {{"name", "x"}}},
          {"spec", std::move(spec)}};
}

inline Writer writer(std::string manager, std::string time = "2026-01-01T00:00:00Z") {
  return {std::move(manager), "fields.ork.dev/v1", "", std::move(time)};
}

// The set as FieldsV1, in the order in which it is shown.
inline std::vector<std::string> listed(const FieldSet& set) {
  std::vector<std::string> out;
  for_each_field(set, [&](const std::string& field) { out.push_back(field); });
  return out;
}

inline FieldSet fields(const char* text) { return *read_fields(Json::parse(text), FieldsSource::Foreign); }

}  // namespace ork::embedded
