// What the recordings (golden_test.cpp) don't show, and the rules in short.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/fields/sample_fields.hpp"

namespace ork::embedded {
namespace {

using testing::ElementsAre;

Json applied(const Json* live, Json spec, const std::string& manager, bool force = false) {
  auto object = apply(live, sample(std::move(spec)), sample_rules(), writer(manager), force);
  if (!object) return object.error().message;
  (*object)["metadata"]["uid"] = "1";
  return *object;
}

TEST(Apply, RemovesWhatItsManagerAppliedBeforeAndNobodyElseHas) {
  Json first = applied(nullptr, {{"text", "a"}, {"number", 1}}, "one");
  Json second = applied(&first, {{"number", 1}}, "two");
  Json third = applied(&second, {{"flag", true}}, "one");
  EXPECT_EQ(third["spec"], Json::parse(R"({"number":1,"flag":true})"));
}

TEST(Apply, RemovesAnItemWithAllItHas) {
  Json first = applied(nullptr, {{"things", {{{"name", "a"}, {"value", "1"}}, {{"name", "b"}}}}}, "one");
  Json second = applied(&first, {{"things", {{{"name", "b"}}}}}, "one");
  EXPECT_EQ(second["spec"], Json::parse(R"({"things":[{"name":"b"}]})"));
}

TEST(Apply, KeepsAnItemOfWhichAnotherHasAField) {
  Json first = applied(nullptr, {{"things", {{{"name", "a"}, {"value", "1"}}}}}, "one");
  Json second = applied(&first, {{"things", {{{"name", "a"}, {"note", "n"}}}}}, "two");
  Json third = applied(&second, Json::object(), "one");
  EXPECT_EQ(third["spec"], Json::parse(R"({"things":[{"name":"a","note":"n"}]})"));
}

TEST(Apply, ConflictsNameTheFieldAndItsManager) {
  Json live = applied(nullptr, {{"things", {{{"name", "a"}, {"value", "1"}}}}}, "one");
  auto result =
      apply(&live, sample({{"things", {{{"name", "a"}, {"value", "2"}}}}}), sample_rules(), writer("two"), false);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status, 409);
  EXPECT_EQ(result.error().message,
            "Apply failed with 1 conflict: conflict with \"one\": .spec.things[name=\"a\"].value");
  ASSERT_EQ(result.error().conflicts.size(), 1U);
  EXPECT_EQ(result.error().conflicts[0].field, ".spec.things[name=\"a\"].value");
  EXPECT_EQ(result.error().conflicts[0].manager, "\"one\"");
}

TEST(Apply, AgreesWithoutConflictOnEqualValues) {
  Json live = applied(nullptr, {{"text", "a"}}, "one");
  Json both = applied(&live, {{"text", "a"}}, "two");
  EXPECT_EQ(both["metadata"]["managedFields"].size(), 2U);
  EXPECT_FALSE(both["metadata"]["managedFields"][0].contains("time")) << "the object did not change";
}

TEST(Apply, ForceTakesFieldsOver) {
  Json live = applied(nullptr, {{"text", "a"}}, "one");
  Json taken = applied(&live, {{"text", "b"}}, "two", true);
  EXPECT_EQ(taken["spec"]["text"], "b");
  ASSERT_EQ(taken["metadata"]["managedFields"].size(), 1U);
  EXPECT_EQ(taken["metadata"]["managedFields"][0]["manager"], "two");
}

// As after an apply of an Event as "v1", now as "events.k8s.io/v1": the version is dropped, the manager is not.
TEST(Apply, OfAManagerWhoAppliedInAnotherVersionGoesOnFromItsTime) {
  Json live = applied(nullptr, {{"text", "a"}, {"number", 1}}, "one");
  Json& entry = live["metadata"]["managedFields"][0];
  entry["apiVersion"] = "fields.ork.dev/v0";
  entry["time"] = "2025-12-31T00:00:00Z";
  Json again = applied(&live, {{"text", "a"}}, "one");
  EXPECT_EQ(again["spec"], live["spec"]);
  ASSERT_EQ(again["metadata"]["managedFields"].size(), 1U);
  entry = again["metadata"]["managedFields"][0];
  EXPECT_EQ(entry["apiVersion"], "fields.ork.dev/v1");
  EXPECT_EQ(entry["time"], "2025-12-31T00:00:00Z");
  EXPECT_EQ(entry["fieldsV1"], Json::parse(R"({"f:spec":{"f:text":{}}})"));
}

TEST(Apply, KubectlTakesOverWhatItsClientSideApplyWrote) {
  Json object = sample({{"text", "a"}, {"number", 1}});
  object["metadata"]["annotations"] = {
      {"kubectl.kubernetes.io/last-applied-configuration",
       R"({"apiVersion":"fields.ork.dev/v1","kind":"Sample","metadata":{"name":"x"},"spec":{"text":"a"}})"}};
  track_update(nullptr, object, sample_rules(), writer("kubectl-client-side-apply"));
  object["metadata"]["uid"] = "1";
  auto taken = apply(&object, sample({{"text", "b"}}), sample_rules(), writer("kubectl"), false);
  ASSERT_TRUE(taken);
  EXPECT_EQ(
      (*taken)["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"],
      "{\"apiVersion\":\"fields.ork.dev/v1\",\"kind\":\"Sample\",\"metadata\":{\"name\":\"x\"},\"spec\":{\"text\":"
      "\"b\"}}\n");
  auto number = apply(&object, sample({{"text", "b"}, {"number", 2}}), sample_rules(), writer("kubectl"), false);
  ASSERT_FALSE(number);
  EXPECT_EQ(number.error().conflicts.size(), 1U) << "the annotation does not name .spec.number";
}

TEST(Apply, RefusesWhatIsNoObjectOfTheKind) {
  auto status = [](const Json& config) {
    auto result = apply(nullptr, config, sample_rules(), writer("one"), false);
    return result ? 200 : result.error().status;
  };
  EXPECT_EQ(status("text"), 400);
  EXPECT_EQ(status(nullptr), 400);
  EXPECT_EQ(status(Json::array()), 400);
  EXPECT_EQ(status(Json::object()), 400);
  EXPECT_EQ(status({{"apiVersion", 5}, {"kind", "Sample"}}), 400);
  EXPECT_EQ(status({{"apiVersion", "fields.ork.dev/v1"}, {"kind", "Sample"}, {"metadata", "x"}}), 500);
}

TEST(Apply, BearsWhatNestsWithoutEnd) {
  Json deep = 1;
  for (int i = 0; i < 5'000; ++i) deep = Json{{"a", std::move(deep)}};
  EXPECT_FALSE(apply(nullptr, sample({{"free", std::move(deep)}}), sample_rules(), writer("one"), false));
}

}  // namespace
}  // namespace ork::embedded
