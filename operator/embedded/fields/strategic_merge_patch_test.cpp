#include <gtest/gtest.h>

#include "operator/embedded/fields/patch.hpp"

namespace ork::embedded {
namespace {

const Schema& schema() {
  static const Schema parsed = *Schema::parse(Json::parse(R"({
    "type": "object",
    "properties": {
      "items": {"type": "array", "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name",
                "items": {"type": "object", "properties": {
                  "name": {"type": "string"}, "value": {"type": "string"}, "of": {"type": "string"},
                  "names": {"type": "array", "items": {"type": "string"}, "x-kubernetes-patch-strategy": "merge"}}}},
      "names": {"type": "array", "items": {"type": "string"}, "x-kubernetes-patch-strategy": "merge"},
      "plain": {"type": "array", "items": {"type": "string"}},
      "unkeyed": {"type": "array", "x-kubernetes-patch-strategy": "merge", "items": {"type": "object"}},
      "map": {"type": "object", "additionalProperties": {"type": "string"}},
      "struct": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
      "replaced": {"type": "object", "x-kubernetes-patch-strategy": "replace", "properties": {"a": {"type": "string"}}}
    }})"),
                                              Json::object());
  return parsed;
}

Json patched(const char* object, const char* patch) {
  auto result = strategic_merge_patch(Json::parse(object), Json::parse(patch), schema());
  return result ? *result : Json(std::to_string(result.error().status) + " " + result.error().message);
}

TEST(StrategicMergePatch, MergesMapsAndReplacesTheRest) {
  EXPECT_EQ(patched(R"({"map":{"a":"1","b":"1"},"plain":["x"]})", R"({"map":{"a":null,"c":"2"},"plain":["y"]})"),
            Json::parse(R"({"map":{"b":"1","c":"2"},"plain":["y"]})"));
}

TEST(StrategicMergePatch, MergesItemsByTheirKey) {
  EXPECT_EQ(patched(R"({"items":[{"name":"a","value":"1"},{"name":"b"}]})", R"({"items":[{"name":"a","of":"x"}]})"),
            Json::parse(R"({"items":[{"name":"a","value":"1","of":"x"},{"name":"b"}]})"));
}

TEST(StrategicMergePatch, NewItemsComeFirstWhereThePatchGivesNoPlace) {
  EXPECT_EQ(patched(R"({"items":[{"name":"a"},{"name":"b"}]})", R"({"items":[{"name":"n"}]})"),
            Json::parse(R"({"items":[{"name":"n"},{"name":"a"},{"name":"b"}]})"));
}

TEST(StrategicMergePatch, DeletesAndReplacesItemsByDirective) {
  EXPECT_EQ(patched(R"({"items":[{"name":"a"},{"name":"b"}]})", R"({"items":[{"name":"a","$patch":"delete"}]})"),
            Json::parse(R"({"items":[{"name":"b"}]})"));
  EXPECT_EQ(patched(R"({"items":[{"name":"a"}]})", R"({"items":[{"$patch":"replace"},{"name":"c"}]})"),
            Json::parse(R"({"items":[{"name":"c"}]})"));
}

TEST(StrategicMergePatch, MergesAndDeletesPrimitives) {
  EXPECT_EQ(patched(R"({"names":["a","b","c"]})", R"({"names":["d","a"]})"),
            Json::parse(R"({"names":["d","a","b","c"]})"));
  EXPECT_EQ(patched(R"({"names":["a","b","a"]})", R"({"$deleteFromPrimitiveList/names":["a","x"]})"),
            Json::parse(R"({"names":["b"]})"));
}

TEST(StrategicMergePatch, OrdersItemsAsTold) {
  EXPECT_EQ(patched(R"({"items":[{"name":"a"},{"name":"b"},{"name":"c"}]})",
                    R"({"$setElementOrder/items":[{"name":"c"},{"name":"a"}],"items":[{"name":"a","value":"1"}]})"),
            Json::parse(R"({"items":[{"name":"b"},{"name":"c"},{"name":"a","value":"1"}]})"));
  EXPECT_EQ(patched(R"({"names":["a","b"]})", R"({"$setElementOrder/names":["b","a"]})"),
            Json::parse(R"({"names":["b","a"]})"));
}

TEST(StrategicMergePatch, KeepsOnlyTheKeysThatAreRetained) {
  EXPECT_EQ(patched(R"({"struct":{"a":"1","b":"1"}})", R"({"struct":{"$retainKeys":["b"],"b":"2"}})"),
            Json::parse(R"({"struct":{"b":"2"}})"));
}

TEST(StrategicMergePatch, ReplacesAndDeletesMapsByDirective) {
  EXPECT_EQ(patched(R"({"map":{"a":"1"}})", R"({"map":{"$patch":"replace","b":"1"}})"),
            Json::parse(R"({"map":{"b":"1"}})"));
  EXPECT_EQ(patched(R"({"map":{"a":"1"}})", R"({"map":{"$patch":"delete"}})"), Json::parse(R"({"map":{}})"));
  EXPECT_EQ(patched(R"({"replaced":{"a":"1"}})", R"({"replaced":{}})"), Json::parse(R"({"replaced":{}})"));
}

TEST(StrategicMergePatch, LeavesDirectivesOutOfNewValues) {
  EXPECT_EQ(patched("{}", R"({"map":{"$patch":"delete"},"struct":{"a":null,"b":"1"},
                              "items":[{"name":"a","$patch":"delete"},{"name":"b"}]})"),
            Json::parse(R"({"struct":{"b":"1"},"items":[{"name":"b"}]})"));
}

TEST(StrategicMergePatch, SaysWhatIsWrongWithAPatch) {
  EXPECT_EQ(patched(R"({"items":[{"name":"a"}]})", R"({"items":[{"value":"1"}]})"),
            "500 map: map[value:1] does not contain declared merge key: name");
  EXPECT_EQ(patched(R"({"map":{"a":"1"}})", R"({"map":{"$patch":"what"}})"),
            "500 unknown patch type: what in map: map[$patch:what]");
  EXPECT_EQ(patched(R"({"names":["a"]})", R"({"names":[5]})"), "500 list element types are not identical: [[a] [5]]");
  EXPECT_EQ(patched(R"({"unkeyed":[{}]})", R"({"unkeyed":[{}]})"),
            "500 cannot merge lists without merge key for struct");
  EXPECT_EQ(patched("{}", R"({"$setElementOrder/names":5})"), "500 expected a []interface {}, but received a int64");
  EXPECT_EQ(patched("{}", R"({"$setElementOrder":[]})"), "400 invalid patch format of setElementOrder list");
  EXPECT_EQ(patched("{}", R"({"$deleteFromPrimitiveList":[]})"), "400 invalid patch format of primitive list");
  EXPECT_EQ(patched("{}", R"({"$retainKeys":5})"), "400 invalid patch format of retainKeys");
  EXPECT_EQ(patched("{}", "[]"), "400 json: cannot unmarshal array into Go value of type map[string]interface {}");
}

TEST(StrategicMergePatch, BearsOddPatches) {
  for (const char* patch :
       {R"({"items":null})", R"({"items":{}})", R"({"items":[null]})", R"({"items":[[]]})", R"({"names":[{}]})",
        R"({"names":[null]})", R"({"$patch":5})", R"({"$setElementOrder/items":[null],"items":[{"name":1}]})",
        R"({"$setElementOrder/none":[1]})", R"({"$setElementOrder/":[1]})",
        R"({"$deleteFromPrimitiveList/items":["a"]})", R"({"none":{"a":1}})", "null"}) {
    (void)strategic_merge_patch(Json::parse(R"({"items":[{"name":"a"}],"names":["a"],"none":{"b":1}})"),
                                Json::parse(patch), schema());
    (void)strategic_merge_patch(Json::object(), Json::parse(patch), schema());
  }
}

TEST(StrategicMergePatch, RefusesWhatNestsWithoutEnd) {
  Json deep = 1;
  for (int i = 0; i < 10'000; ++i) deep = Json{{"map", std::move(deep)}};
  EXPECT_FALSE(strategic_merge_patch(Json::object(), deep, schema()));
}

}  // namespace
}  // namespace ork::embedded
