#include "operator/embedded/fields/typed_merge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/fields/sample_fields.hpp"

namespace ork::embedded {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Json merged_spec(const char* base, const char* config) {
  auto whole = merged(sample_type(), {{"spec", Json::parse(base)}}, {{"spec", Json::parse(config)}});
  return whole ? (*whole)["spec"] : Json(whole.error());
}

TEST(Merged, ConfigWinsAndNothingGoes) {
  EXPECT_EQ(merged_spec(R"({"text":"a","number":1,"granular":{"a":"1"}})", R"({"text":"b","granular":{"b":"2"}})"),
            Json::parse(R"({"text":"b","number":1,"granular":{"a":"1","b":"2"}})"));
}

TEST(Merged, ANullIsAValueButClearsNoMapOrList) {
  EXPECT_EQ(merged_spec(R"({"text":"a","granular":{"a":"1"},"names":["x"],"sealed":{"a":"1"}})",
                        R"({"text":null,"granular":null,"names":null,"sealed":null})"),
            Json::parse(R"({"text":null,"granular":{"a":"1"},"names":["x"],"sealed":null})"));
}

TEST(Merged, AtomicValuesAreReplacedWhole) {
  EXPECT_EQ(merged_spec(R"({"plain":["a","b"],"sealed":{"a":"1","b":"1"}})", R"({"plain":["c"],"sealed":{"a":"2"}})"),
            Json::parse(R"({"plain":["c"],"sealed":{"a":"2"}})"));
}

TEST(Merged, ItemsMergeByKeyAndNewOnesComeWhereConfigHasThem) {
  EXPECT_EQ(merged_spec(R"({"things":[{"name":"a","value":"1"},{"name":"b"},{"name":"c"}]})",
                        R"({"things":[{"name":"n"},{"name":"b","note":"x"}]})"),
            Json::parse(R"({"things":[{"name":"a","value":"1"},{"name":"n"},{"name":"b","note":"x"},{"name":"c"}]})"));
}

TEST(Merged, SharedItemsTakeConfigsOrder) {
  EXPECT_EQ(merged_spec(R"({"names":["a","b","c","d"]})", R"({"names":["d","b"]})"),
            Json::parse(R"({"names":["a","c","d","b"]})"));
}

TEST(Merged, DuplicatesOfTheBaseGiveWayToTheOneOfConfig) {
  EXPECT_EQ(merged_spec(R"({"things":[{"name":"a","value":"1"},{"name":"a","value":"2"},{"name":"b"}]})",
                        R"({"things":[{"name":"a","note":"x"}]})"),
            Json::parse(R"({"things":[{"name":"a","note":"x"},{"name":"b"}]})"));
}

TEST(Merged, RefusesItemsWithoutAKey) {
  EXPECT_EQ(merged_spec(R"({"things":[{"value":"1"}]})", R"({"things":[{"name":"a"}]})"),
            "element 0: associative list with keys has an element that omits all key fields [\"name\"] (and doesn't "
            "have default values for any key fields)");
}

TEST(Without, TakesOutFieldsAndItems) {
  Json value = {
      {"spec", Json::parse(R"({"text":"a","things":[{"name":"a","value":"1"},{"name":"b"}],"names":["x","y"]})")}};
  FieldSet set =
      fields(R"({"f:spec":{"f:text":{},"f:things":{"k:{\"name\":\"a\"}":{"f:value":{}},"k:{\"name\":\"b\"}":{}},
                            "f:names":{"v:\"x\"":{}}}})");
  EXPECT_EQ(without(sample_type(), value, set)["spec"], Json::parse(R"({"things":[{"name":"a"}],"names":["y"]})"));
}

TEST(Without, LeavesANullWhereAllIsGone) {
  Json value = {{"spec", Json::parse(R"({"granular":{"a":"1"},"names":["x"]})")}};
  EXPECT_EQ(
      without(sample_type(), value, fields(R"({"f:spec":{"f:granular":{"f:a":{}},"f:names":{"v:\"x\"":{}}}})"))["spec"],
      Json::parse(R"({"granular":null,"names":null})"));
}

std::vector<std::string> problems(const char* spec) {
  return type_problems(sample_type(), {{"spec", Json::parse(spec)}});
}

TEST(TypeProblems, HasNoneWhereAllFits) {
  EXPECT_THAT(problems(R"({"text":null,"size":5,"any":[{}],"free":{"a":[1]},"half":{"x":1},"numbers":[1,2.5]})"),
              IsEmpty());
}

TEST(TypeProblems, LooksNoFurtherIntoAMapWithAFieldTooMany) {
  EXPECT_THAT(problems(R"({"a":1,"b":2})"), ElementsAre(".spec.a: field not declared in schema"));
}

TEST(TypeProblems, NamesThePlaceInsideLists) {
  EXPECT_THAT(problems(R"({"things":[{"name":"q","value":5}],"plain":["x",5]})"),
              ElementsAre(".spec.plain[1]: expected string, got &value.valueUnstructured{Value:5}",
                          ".spec.things[name=\"q\"].value: expected string, got &value.valueUnstructured{Value:5}"));
}

TEST(TypeProblems, StopInWhatNestsWithoutEnd) {
  Json deep = 1;
  for (int i = 0; i < 5'000; ++i) deep = Json{{"a", std::move(deep)}};
  EXPECT_EQ(type_problems(sample_type(), {{"spec", {{"free", std::move(deep)}}}}).size(), 1U);
}

}  // namespace
}  // namespace ork::embedded
