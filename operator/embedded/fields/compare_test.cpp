#include "operator/embedded/fields/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/fields/sample_fields.hpp"

namespace ork::embedded {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Changes {
  std::vector<std::string> removed, modified, added;
};

Changes between(const char* old, const char* now) {
  auto compared = compare(sample_type(), sample(Json::parse(old)), sample(Json::parse(now)), {});
  if (!compared) return {{"?"}, {"?"}, {"?"}};
  return {listed(compared->removed), listed(compared->modified), listed(compared->added)};
}

TEST(Compare, FindsNothingWhereNothingDiffers) {
  Changes changes = between(R"({"text":"a","things":[{"name":"x"}]})", R"({"text":"a","things":[{"name":"x"}]})");
  EXPECT_THAT(changes.removed, IsEmpty());
  EXPECT_THAT(changes.modified, IsEmpty());
  EXPECT_THAT(changes.added, IsEmpty());
}

TEST(Compare, TellsRemovedModifiedAndAddedApart) {
  Changes changes = between(R"({"text":"a","number":1})", R"({"number":2,"flag":true})");
  EXPECT_THAT(changes.removed, ElementsAre(".spec.text"));
  EXPECT_THAT(changes.modified, ElementsAre(".spec.number"));
  EXPECT_THAT(changes.added, ElementsAre(".spec.flag"));
}

TEST(Compare, TakesEqualNumbersForEqual) {
  EXPECT_THAT(between(R"({"ratio":1})", R"({"ratio":1.0})").modified, IsEmpty());
}

TEST(Compare, SeesItemsOfAListMapByTheirKeys) {
  Changes changes = between(R"({"things":[{"name":"a","value":"1"},{"name":"b"}]})",
                            R"({"things":[{"name":"c"},{"name":"a","value":"2"}]})");
  EXPECT_THAT(changes.removed, ElementsAre(".spec.things[name=\"b\"]", ".spec.things[name=\"b\"].name"));
  EXPECT_THAT(changes.modified, ElementsAre(".spec.things[name=\"a\"].value"));
  EXPECT_THAT(changes.added, ElementsAre(".spec.things[name=\"c\"]", ".spec.things[name=\"c\"].name"));
}

TEST(Compare, FillsAMissingKeyWithItsDefault) {
  EXPECT_THAT(between(R"({"ports":[{"port":1}]})", R"({"ports":[{"port":1,"label":"x"}]})").added,
              ElementsAre(".spec.ports[port=1,protocol=\"TCP\"].label"));
}

TEST(Compare, SeesASetByItsValues) {
  Changes changes = between(R"({"names":["a","b"],"numbers":[1]})", R"({"names":["b","c"],"numbers":[1]})");
  EXPECT_THAT(changes.removed, ElementsAre(".spec.names[=\"a\"]"));
  EXPECT_THAT(changes.added, ElementsAre(".spec.names[=\"c\"]"));
}

TEST(Compare, DoesNotMindTheOrderOfWhatMerges) {
  EXPECT_THAT(between(R"({"names":["a","b"]})", R"({"names":["b","a"]})").modified, IsEmpty());
  EXPECT_THAT(between(R"({"plain":["a","b"]})", R"({"plain":["b","a"]})").modified, ElementsAre(".spec.plain"));
}

TEST(Compare, TakesAtomicListsAndMapsForOneValue) {
  EXPECT_THAT(between(R"({"plain":["a"],"sealed":{"a":"1"}})", R"({"plain":["a","b"],"sealed":{"a":"2"}})").modified,
              ElementsAre(".spec.plain", ".spec.sealed"));
}

TEST(Compare, TellsAnEmptyMapFromNone) {
  EXPECT_THAT(between(R"({})", R"({"granular":{}})").added, ElementsAre(".spec.granular"));
  EXPECT_THAT(between(R"({"granular":{}})", R"({"granular":{"a":"1"}})").added, ElementsAre(".spec.granular.a"));
  EXPECT_THAT(between(R"({"granular":{"a":"1"}})", R"({"granular":null})").removed, ElementsAre(".spec.granular.a"));
}

TEST(Compare, GoesAsDeepIntoUntypedMapsAsTheyGo) {
  EXPECT_THAT(between(R"({"free":{"a":{"b":1}}})", R"({"free":{"a":{"b":2,"c":[1]}}})").modified,
              ElementsAre(".spec.free.a.b"));
}

TEST(Compare, MarksAnUntypedValueThatBecomesAnotherKind) {
  Changes changes = between(R"({"any":{"a":1}})", R"({"any":"text"})");
  EXPECT_THAT(changes.removed, ElementsAre(".spec.any.a"));
  EXPECT_THAT(changes.modified, ElementsAre(".spec.any"));
}

TEST(Compare, TakesDuplicatesForOneValue) {
  const char* twice = R"({"things":[{"name":"a"},{"name":"a","value":"1"}]})";
  EXPECT_THAT(between(twice, twice).modified, IsEmpty());
  EXPECT_THAT(between(twice, R"({"things":[{"name":"a"},{"name":"a","value":"2"}]})").modified,
              ElementsAre(".spec.things[name=\"a\"]"));
  Changes first = between(R"({"things":[{"name":"a"}]})", twice);
  EXPECT_THAT(first.removed, ElementsAre(".spec.things[name=\"a\"]", ".spec.things[name=\"a\"].name"));
  EXPECT_THAT(first.added, ElementsAre(".spec.things[name=\"a\"]"));
}

TEST(Compare, FailsWhereItemsCannotBeToldApart) {
  Json without_key = sample(Json::parse(R"({"things":[{"value":"1"}]})"));
  EXPECT_FALSE(compare(sample_type(), sample(Json::object()), without_key, {}));
  Json not_a_map = sample(Json::parse(R"({"things":["x"]})"));
  EXPECT_FALSE(compare(sample_type(), sample(Json::object()), not_a_map, {}));
}

TEST(Compare, LeavesAsideWhatIsSkippedAndTheBookkeeping) {
  Json old = sample({{"text", "a"}});
  Json now = sample({{"text", "b"}});
  now["metadata"]["managedFields"] = Json::array({Json::object()});
  now["metadata"]["labels"] = {{"l", "1"}};
  auto compared = compare(sample_type(), old, now, {"spec"});
  EXPECT_THAT(listed(compared->modified), IsEmpty());
  EXPECT_THAT(listed(compared->added), ElementsAre(".metadata.labels", ".metadata.labels.l"));
}

TEST(Compare, DoesNotFallOverWrongTypes) {
  EXPECT_THAT(
      between(R"({"things":"text","text":{},"granular":[]})", R"({"things":5,"text":[],"granular":true})").modified,
      ElementsAre(".spec.granular", ".spec.text", ".spec.things"));
  EXPECT_TRUE(compare(sample_type(), Json(5), Json("text"), {})->empty());
  EXPECT_TRUE(compare(sample_type(), Json{{"metadata", 5}}, Json{{"metadata", "x"}}, {})->empty());
}

TEST(Compare, StopsInWhatNestsWithoutEnd) {
  Json deep = 1;
  for (int i = 0; i < 5'000; ++i) deep = Json{{"a", std::move(deep)}};
  auto compared = compare(sample_type(), sample(Json::object()), sample({{"free", std::move(deep)}}), {});
  ASSERT_TRUE(compared);
  EXPECT_LT(listed(compared->added).size(), 400U);
}

TEST(FieldsOf, ListsLeavesItemsAndWhatIsNotNamedByTheSchema) {
  Json object = sample(Json::parse(R"({"text":"a","things":[{"name":"a","sub":[{"id":"i","x":1}]}],"names":["s"],
                                      "granular":{"g":"1"},"sealed":{"a":"1"},"free":{"x":{"y":1}}})"));
  object.erase("metadata");
  EXPECT_THAT(listed(fields_of(sample_type(), object)),
              ElementsAre(".apiVersion", ".kind", ".spec.sealed", ".spec.text", ".spec.free.x", ".spec.free.x.y",
                          ".spec.granular.g", ".spec.names[=\"s\"]", ".spec.things[name=\"a\"]",
                          ".spec.things[name=\"a\"].name", ".spec.things[name=\"a\"].sub[id=\"i\"]",
                          ".spec.things[name=\"a\"].sub[id=\"i\"].id", ".spec.things[name=\"a\"].sub[id=\"i\"].x"));
}

TEST(FieldsOf, HasEmptyMapsAndNullsButNoEmptyListThatMerges) {
  Json object = {{"spec", Json::parse(R"({"granular":{},"text":null,"things":null,"names":[],"plain":[]})")}};
  EXPECT_THAT(listed(fields_of(sample_type(), object)),
              ElementsAre(".spec.granular", ".spec.plain", ".spec.text", ".spec.things"));
}

TEST(FieldsOf, HasNoBookkeeping) {
  Json object = {{"metadata", {{"managedFields", Json::array()}, {"labels", {{"a", "b"}}}}}};
  EXPECT_THAT(listed(fields_of(sample_type(), object)), ElementsAre(".metadata.labels.a"));
}

}  // namespace
}  // namespace ork::embedded
