#include "operator/embedded/fields/managed_entries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/fields/sample_fields.hpp"

namespace ork::embedded {
namespace {

using testing::ElementsAre;

Json entry(const char* manager, const char* operation, const char* time, const char* version = "v1") {
  return {{"manager", manager},
          {"operation", operation},
          {"apiVersion", version},
          {"fieldsType", "FieldsV1"},
          {"fieldsV1", {{"f:a", Json::object()}}},
          {"time", time}};
}

std::vector<std::string> names(const Json& list) {
  std::vector<std::string> out;
  for (const Json& item : list) out.push_back(item["manager"]);
  return out;
}

TEST(ManagedEntries, AreOrderedByOperationTimeAndName) {
  Json list = {entry("d", "Update", "2026-01-01T00:00:02Z"), entry("c", "Update", "2026-01-01T00:00:01Z"),
               entry("b", "Update", "2026-01-01T00:00:01Z"), entry("a", "Apply", "2026-01-01T00:00:03Z")};
  auto entries = ManagedEntries::read(list, FieldsSource::Ours);
  EXPECT_THAT(names(std::move(*entries).take_json()), ElementsAre("a", "b", "c", "d"));
}

TEST(ManagedEntries, AreToldApartByVersionUnlessApplied) {
  auto entries = ManagedEntries::read({entry("a", "Update", ""), entry("b", "Apply", "")}, FieldsSource::Ours);
  EXPECT_NE(entries->find("a", false, "v1", ""), nullptr);
  EXPECT_EQ(entries->find("a", false, "v2", ""), nullptr);
  EXPECT_EQ(entries->find("a", false, "v1", "status"), nullptr);
  EXPECT_EQ(entries->find("a", true, "v1", ""), nullptr);
  EXPECT_NE(entries->find("b", true, "v2", ""), nullptr);
}

TEST(ManagedEntries, AreNotReadFromWhatTheApiServerWouldNotRead) {
  auto with = [](const char* name, const Json& value) {
    Json list = {entry("a", "Update", "2026-01-01T00:00:00Z")};
    list[0][name] = value;
    return list;
  };
  EXPECT_TRUE(ManagedEntries::read(with("manager", "b"), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(with("operation", "Write"), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(with("operation", 5), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(with("apiVersion", ""), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(with("fieldsType", "FieldsV2"), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(with("fieldsV1", {{"a", Json::object()}}), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(with("time", 5), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(Json::array({5}), FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read("text", FieldsSource::Foreign));
  EXPECT_FALSE(ManagedEntries::read(nullptr, FieldsSource::Foreign));
}

TEST(ManagedEntries, KeepOnlyWhatTheyKnow) {
  Json list = {entry("a", "Update", "2026-01-01T00:00:00Z")};
  list[0]["note"] = "x";
  auto entries = ManagedEntries::read(list, FieldsSource::Foreign);
  EXPECT_EQ(std::move(*entries).take_json()[0], entry("a", "Update", "2026-01-01T00:00:00Z"));
}

TEST(ManagedEntries, PutTheOldestTogetherByVersion) {
  Json list = Json::array();
  for (int i = 0; i < 12; ++i) {
    std::string number = (i < 10 ? "0" : "") + std::to_string(i);
    Json one =
        entry(("m" + number).c_str(), "Update", ("2026-01-01T00:00:" + number + "Z").c_str(), i == 1 ? "v2" : "v1");
    one["fieldsV1"] = {{"f:k" + number, Json::object()}};
    list.push_back(std::move(one));
  }
  auto entries = ManagedEntries::read(list, FieldsSource::Ours);
  entries->put_oldest_together();
  Json left = std::move(*entries).take_json();
  EXPECT_THAT(names(left),
              ElementsAre("m01", "ancient-changes", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11"));
  EXPECT_EQ(left[1]["fieldsV1"], Json::parse(R"({"f:k00":{},"f:k02":{},"f:k03":{}})"));
  EXPECT_EQ(left[1]["time"], "2026-01-01T00:00:03Z");
}

TEST(ManagedEntries, AppliedOnesDoNotCount) {
  Json list = Json::array();
  for (int i = 0; i < 30; ++i) list.push_back(entry(("m" + std::to_string(i)).c_str(), "Apply", ""));
  auto entries = ManagedEntries::read(list, FieldsSource::Ours);
  entries->put_oldest_together();
  EXPECT_EQ(entries->entries.size(), 30U);
}

TEST(ManagedEntries, AreShownAsMessagesDo) {
  EXPECT_EQ(ManagedEntry("a\"b", false, "batch/v1", "status").shown(),
            R"("a\"b" with subresource "status" using batch/v1)");
  EXPECT_EQ(ManagedEntry("a", true, "v1", "").shown(), R"("a")");
  EXPECT_EQ(ManagedEntry("a", false, "v1", "status").identity(),
            R"({"manager":"a","operation":"Update","apiVersion":"v1","subresource":"status"})");
}

TEST(ManagedEntry, TellsWithoutReadingWhatItHas) {
  ManagedEntry one("a", false, "v1", "");
  one.set_fields(fields(R"({"f:a":{".":{},"f:b":{}},"f:c":{}})"));
  EXPECT_TRUE(one.has_all(fields(R"({"f:a":{".":{},"f:b":{}}})")));
  EXPECT_FALSE(one.has_all(fields(R"({"f:a":{"f:x":{}}})")));
  EXPECT_FALSE(one.has_all(fields(R"({"f:c":{"f:d":{}}})")));
  EXPECT_TRUE(one.shares_any(fields(R"({"f:x":{},"f:a":{"f:b":{}}})")));
  EXPECT_FALSE(one.shares_any(fields(R"({"f:c":{"f:d":{}},"f:a":{"f:c":{}}})")));
}

TEST(EqualButForManagedFields, LooksAtEverythingElse) {
  Json object = {{"metadata", {{"name", "x"}}}, {"spec", 1}};
  Json managed = object;
  managed["metadata"]["managedFields"] = Json::array();
  EXPECT_TRUE(equal_but_for_managed_fields(object, managed));
  EXPECT_TRUE(equal_but_for_managed_fields(managed, object));
  for (Json other : {Json{{"spec", 1}}, Json{{"metadata", {{"name", "y"}}}, {"spec", 1}},
                     Json{{"metadata", {{"name", "x"}}}, {"spec", 2}}, Json{{"metadata", {{"name", "x"}}}}}) {
    EXPECT_FALSE(equal_but_for_managed_fields(object, other)) << other;
    EXPECT_FALSE(equal_but_for_managed_fields(other, managed)) << other;
  }
}

}  // namespace
}  // namespace ork::embedded
