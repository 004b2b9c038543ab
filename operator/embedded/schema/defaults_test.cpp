#include <gtest/gtest.h>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {
namespace {

Json defaulted(const char* schema, Json object) {
  Schema::parse(Json::parse(schema), Json())->apply_defaults(object);
  return object;
}

constexpr const char* nested = R"({"type": "object", "properties": {
  "deep": {"type": "object", "default": {}, "properties": {"size": {"type": "integer", "default": 7}}},
  "late": {"type": "object", "properties": {"size": {"type": "integer", "default": 8}}}}})";

TEST(Defaults, AreFilledAlsoWithinDefaults) {
  EXPECT_EQ(defaulted(nested, Json::object()), Json::parse(R"({"deep": {"size": 7}})"));
  EXPECT_EQ(defaulted(nested, Json::parse(R"({"deep": {"size": 1}, "late": {}})")),
            Json::parse(R"({"deep": {"size": 1}, "late": {"size": 8}})"));
}

TEST(Defaults, AreFilledInEveryItemAndEveryFurtherField) {
  constexpr const char* schema = R"({"properties": {
    "list": {"items": {"properties": {"a": {"default": 1}}}},
    "map": {"additionalProperties": {"properties": {"a": {"default": 2}}}}}})";
  EXPECT_EQ(defaulted(schema, Json::parse(R"({"list": [{}, {"a": 5}], "map": {"x": {}}})")),
            Json::parse(R"({"list": [{"a": 1}, {"a": 5}], "map": {"x": {"a": 2}}})"));
}

TEST(Defaults, ANullThatIsNotAllowedCountsAsAbsent) {
  constexpr const char* schema = R"({"properties": {
    "filled": {"type": "integer", "default": 1}, "gone": {"type": "integer"},
    "kept": {"type": "integer", "nullable": true, "default": 2}, "list": {"items": {"type": "integer"}}}})";
  EXPECT_EQ(
      defaulted(schema, Json::parse(R"({"filled": null, "gone": null, "kept": null, "list": [null], "new": null})")),
      Json::parse(R"({"filled": 1, "kept": null, "list": [null], "new": null})"));
}

TEST(Defaults, LeaveWhatHasTheWrongTypeAlone) {
  EXPECT_EQ(defaulted(nested, "x"), Json("x"));
  EXPECT_EQ(defaulted(nested, Json::parse(R"({"deep": 5, "late": []})")), Json::parse(R"({"deep": 5, "late": []})"));
}

}  // namespace
}  // namespace ork::embedded
