// What the recordings (golden_test.cpp) don't show: odd input, and what only this side can see.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/fields/sample_fields.hpp"

namespace ork::embedded {
namespace {

using testing::ElementsAre;

Json tracked(const Json* live, Json object, const Writer& by) {
  track_update(live, object, sample_rules(), by);
  return object;
}

Json created(Json spec, const std::string& manager = "one") {
  Json object = tracked(nullptr, sample(std::move(spec)), writer(manager));
  object["metadata"]["uid"] = "1";
  return object;
}

std::vector<std::string> owners(const Json& object) {
  std::vector<std::string> out;
  for (const Json& entry : object["metadata"].value("managedFields", Json::array())) out.push_back(entry["manager"]);
  return out;
}

TEST(TrackUpdate, GivesANewObjectToItsWriter) {
  Json object = created({{"text", "a"}});
  EXPECT_EQ(object["metadata"]["managedFields"],
            Json::parse(R"([{"apiVersion":"fields.ork.dev/v1","fieldsType":"FieldsV1",
    "fieldsV1":{"f:spec":{".":{},"f:text":{}}},"manager":"one","operation":"Update","time":"2026-01-01T00:00:00Z"}])"));
}

TEST(TrackUpdate, MovesAChangedFieldToItsNewWriter) {
  Json live = created({{"text", "a"}, {"number", 1}});
  Json object = live;
  object["spec"]["text"] = "b";
  object = tracked(&live, object, writer("two", "2026-01-01T00:00:01Z"));
  EXPECT_EQ(object["metadata"]["managedFields"][0]["fieldsV1"], Json::parse(R"({"f:spec":{".":{},"f:number":{}}})"));
  EXPECT_EQ(object["metadata"]["managedFields"][1]["fieldsV1"], Json::parse(R"({"f:spec":{"f:text":{}}})"));
  EXPECT_EQ(object["metadata"]["managedFields"][1]["time"], "2026-01-01T00:00:01Z");
}

TEST(TrackUpdate, ChangesNoTimeWhereNothingChanged) {
  Json live = created({{"text", "a"}});
  EXPECT_EQ(tracked(&live, live, writer("one", "2026-01-01T00:00:09Z")), live);
}

TEST(TrackUpdate, ChangesTheTimeOfAFieldWrittenAgain) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["spec"]["text"] = "b";
  object = tracked(&live, object, writer("one", "2026-01-01T00:00:09Z"));
  EXPECT_EQ(object["metadata"]["managedFields"][0]["time"], "2026-01-01T00:00:09Z");
  object["metadata"]["managedFields"][0]["time"] = live["metadata"]["managedFields"][0]["time"];
  EXPECT_EQ(object["metadata"]["managedFields"], live["metadata"]["managedFields"]);
}

TEST(TrackUpdate, KeepsTheEntriesOfAWriterWhoSentNone) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["metadata"].erase("managedFields");
  EXPECT_EQ(tracked(&live, object, writer("two")), live);
}

TEST(TrackUpdate, IgnoresWhatAStatusWriterSaysOfEntries) {
  Json live = created({{"text", "a"}});
  for (Json sent : {Json::array(), Json::array({Json::object()}), Json("text"), Json(nullptr)}) {
    Json object = live;
    object["metadata"]["managedFields"] = sent;
    Writer status = writer("two");
    status.subresource = "status";
    EXPECT_EQ(tracked(&live, object, status), live) << sent;
  }
}

TEST(TrackUpdate, ForgetsOnRequestAndStaysWithoutUntilAnApply) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["metadata"]["managedFields"] = Json::array({Json::object()});
  object = tracked(&live, object, writer("two"));
  EXPECT_FALSE(object["metadata"].contains("managedFields"));
  Json next = object;
  next["spec"]["text"] = "b";
  next = tracked(&object, next, writer("two"));
  EXPECT_FALSE(next["metadata"].contains("managedFields"));
  auto applied = apply(&next, sample({{"number", 1}}), sample_rules(), writer("three"), false);
  ASSERT_TRUE(applied);
  EXPECT_THAT(owners(*applied), ElementsAre("three", "before-first-apply"));
}

TEST(TrackUpdate, CallsAWriterWithoutANameUnknown) {
  EXPECT_THAT(owners(created({{"text", "a"}}, "")), ElementsAre("unknown"));
}

TEST(TrackUpdate, KeepsStatusAndSpecApart) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["spec"]["text"] = "b";
  object["status"] = {{"phase", "x"}};
  Writer status = writer("two");
  status.subresource = "status";
  Json by_status = tracked(&live, object, status);
  EXPECT_EQ(by_status["metadata"]["managedFields"][1]["fieldsV1"],
            Json::parse(R"({"f:status":{".":{},"f:phase":{}}})"));
  Json by_object = tracked(&live, object, writer("two"));
  EXPECT_EQ(by_object["metadata"]["managedFields"][1]["fieldsV1"], Json::parse(R"({"f:spec":{"f:text":{}}})"));
}

std::vector<std::string> owners_with_an_old_version(bool custom, std::vector<std::string> other_versions) {
  FieldRules rules(
      sample_rules().parsed().schema,
      {.kind = "Sample", .custom = custom, .has_status = true, .other_versions = std::move(other_versions)});
  Json live = created({{"text", "a"}});
  live["metadata"]["managedFields"][0]["apiVersion"] = "fields.ork.dev/v0";
  Json object = live;
  object["spec"]["number"] = 1;
  track_update(&live, object, rules, writer("two"));
  return owners(object);
}

TEST(TrackUpdate, DropsEntriesOfVersionsThatAreNotServed) {
  EXPECT_THAT(owners_with_an_old_version(false, {}), ElementsAre("two"));
  EXPECT_THAT(owners_with_an_old_version(true, {}), ElementsAre());
  EXPECT_THAT(owners_with_an_old_version(true, {"fields.ork.dev/v0"}), ElementsAre("one", "two"));
}

TEST(TrackUpdate, HasNoEntriesForWhatItCannotTellApart) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["spec"]["things"] = {{{"value", "no name"}}};
  EXPECT_THAT(owners(tracked(&live, object, writer("two"))), ElementsAre());
}

TEST(TrackUpdate, BearsOddObjects) {
  for (Json object :
       {Json(nullptr), Json(5), Json::array(), Json::object(), Json{{"metadata", "text"}},
        Json{{"metadata", {{"managedFields", {{"a", "b"}}}, {"uid", 5}}}}, Json{{"spec", Json::array()}}}) {
    Json live = object;
    track_update(nullptr, object, sample_rules(), writer("one"));
    track_update(&live, object, sample_rules(), writer("one"));
  }
}

TEST(KeepTimesIfUnchanged, RestoresTimesOfANoOp) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["metadata"]["managedFields"][0]["time"] = "2026-01-01T00:00:09Z";
  Json changed = object;
  changed["spec"]["text"] = "b";
  Json kept = changed;
  keep_times_if_unchanged(live, object);
  EXPECT_EQ(object, live);
  keep_times_if_unchanged(live, kept);
  EXPECT_EQ(kept, changed);
}

TEST(KeepTimesIfUnchanged, LeavesOtherEntriesAlone) {
  Json live = created({{"text", "a"}});
  Json object = live;
  object["metadata"]["managedFields"][0]["manager"] = "other";
  Json sent = object;
  keep_times_if_unchanged(live, object);
  EXPECT_EQ(object, sent);
}

}  // namespace
}  // namespace ork::embedded
