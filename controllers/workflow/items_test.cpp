#include "controllers/workflow/items.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> texts_of(const Json& elements) {
  const auto items = items_of(elements);
  std::vector<std::string> out;
  for (const Json& item : items ? *items : Json::array()) out.push_back(text_of(item));
  return out;
}

TEST(Items, AreATextAsItIsAndAnythingElseAsJson) {
  EXPECT_THAT(texts_of(Json::parse(R"(["a b", "", 3, 2.5, true, null, ["x"], {"b": 1, "a": "y"}])")),
              ElementsAre("a b", "", "3", "2.5", "true", "null", R"(["x"])", R"({"a":"y","b":1})"));
}

TEST(Items, OfAMapAreItsEntriesInTheOrderOfTheKeys) {
  EXPECT_THAT(texts_of(Json::parse(R"({"us": {"zones": 3}, "eu": "x"})")),
              ElementsAre(R"({"key":"eu","value":"x"})", R"({"key":"us","value":{"zones":3}})"));
}

TEST(Items, OfNothingAreNone) {
  EXPECT_THAT(*items_of(Json::array()), IsEmpty());
  EXPECT_THAT(*items_of(Json::object()), IsEmpty());
}

TEST(Items, AreOfAListOrAMap) {
  EXPECT_EQ(items_of(3).error(), "is number, but must be a list or a map");
  EXPECT_EQ(items_of(nullptr).error(), "is null, but must be a list or a map");
}

TEST(Items, HaveToFitInOneConfigMap) {
  const std::string text(1000, 'x');
  const std::size_t most = max_items_bytes / (text.size() + 2 + bytes_beside_item);
  EXPECT_TRUE(items_of(Json::array_t(most, text)).ok());
  EXPECT_EQ(items_of(Json::array_t(most + 1, text)).error(),
            "has 951 elements that take 983334 bytes in the ConfigMap that hands them out, which holds 983040: hand "
            "over less of each, or several in one element");
  // As JSON, since that is how it is sent.
  EXPECT_FALSE(items_of(Json::array_t(most, std::string(1000, '"'))).ok());
}

TEST(Items, AreNotTooManyAndNotTooLarge) {
  EXPECT_EQ(items_of(Json::array_t(100'001, 1)).error(), "has 100001 elements, but may have at most 100000");
  EXPECT_TRUE(items_of(Json{std::string(max_item_bytes, 'x')}).ok());
  EXPECT_THAT(items_of(Json{std::string(max_item_bytes + 1, 'x')}).error(),
              StartsWith("has an element, number 0, of 98305 bytes, but one may have at most 98304"));
}

}  // namespace
}  // namespace ork::workflow
