#include "operator/embedded/client/object_meta.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

api::ObjectMeta peek(std::string_view json) {
  const simdjson::padded_string padded(json);
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(padded);
  simdjson::ondemand::object object = document.get_object();
  return peek_meta(object);
}

TEST(ObjectMeta, ReadsWhatIdentifiesAnObjectAndItsVersion) {
  const api::ObjectMeta meta = peek(R"({"metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"7",
      "generation":2,"creationTimestamp":"1970-01-01T00:00:01Z","deletionTimestamp":null}})");
  EXPECT_EQ(meta, (api::ObjectMeta{"n", "a", "u", "7", "", 2, 1000, false}));
}

TEST(ObjectMeta, TakesTheOwnerThatControls) {
  const api::ObjectMeta meta = peek(
      R"({"metadata":{"ownerReferences":[{"uid":"x"},{"uid":"y","controller":true},{"uid":"z","controller":false}]}})");
  EXPECT_EQ(meta.owner_uid, "y");
}

TEST(ObjectMeta, KnowsAnObjectThatIsBeingDeleted) {
  EXPECT_TRUE(peek(R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}})").deleting);
}

TEST(ObjectMeta, ThrowsForWrongTypesSoThatTheWatcherQuarantinesTheObject) {
  EXPECT_THROW(peek(R"({"metadata":{"name":7}})"), simdjson::simdjson_error);
  EXPECT_THROW(peek(R"({"metadata":[]})"), simdjson::simdjson_error);
  EXPECT_THROW(peek(R"({})"), simdjson::simdjson_error);
}

TEST(ObjectMeta, OfAnAnswerIsNulloptWhereThereIsNone) {
  EXPECT_EQ(meta_in_answer(R"({"metadata":{"name":"a","uid":"u"}})")->uid, "u");
  EXPECT_EQ(meta_in_answer(R"({"kind":"Status","metadata":{}})"), std::nullopt);
  EXPECT_EQ(meta_in_answer(""), std::nullopt);
  EXPECT_EQ(meta_in_answer("<html>"), std::nullopt);
  EXPECT_EQ(meta_in_answer(R"({"metadata":{"name":"a","uid":)"), std::nullopt);
}

TEST(Numbers, AreWholeOrTheFallback) {
  EXPECT_EQ(number_in("12", -1), 12);
  EXPECT_EQ(number_in("", -1), -1);
  EXPECT_EQ(number_in("1x", -1), -1);
  EXPECT_EQ(number_in("99999999999999999999", -1), -1);
}

TEST(SecondsText, HasNoFraction) { EXPECT_EQ(seconds_text(1'999), "1970-01-01T00:00:01Z"); }

}  // namespace
}  // namespace ork::embedded
