#include "operator/embedded/api/parsed_objects.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/api/stored_object.hpp"

namespace ork::embedded {
namespace {

Stored stored(const Json& object) { return {.text = std::make_shared<const std::string>(dumped(object))}; }

TEST(ParsedObjects, WhatIsKeptIsNotReadAgain) {
  ParsedObjects objects;
  const Json object = {{"kind", "Pod"}};
  const Stored one = stored(object), same_text = stored(object);
  EXPECT_EQ(objects.known(one.text), nullptr);
  objects.keep(one, object);
  ASSERT_NE(objects.known(one.text), nullptr);
  EXPECT_EQ(objects.of(one), objects.known(one.text));
  EXPECT_EQ(*objects.of(one), object);
  EXPECT_EQ(objects.known(same_text.text), nullptr);
}

TEST(ParsedObjects, WhatIsReadIsKept) {
  ParsedObjects objects;
  const Stored one = stored({{"kind", "Pod"}});
  EXPECT_EQ(objects.of(one), objects.of(one));
}

TEST(ParsedObjects, TheOldestGoes) {
  ParsedObjects objects;
  const Stored first = stored({{"kind", "Pod"}});
  objects.keep(first, {{"kind", "Pod"}});
  for (std::size_t i = 0; i < limits::parsed_objects; ++i) objects.of(stored({{"number", i}}));
  EXPECT_EQ(objects.known(first.text), nullptr);
  EXPECT_EQ(objects.of(first)->at("kind"), "Pod");
}

TEST(ParsedObjects, LargeOnesAreNotKept) {
  ParsedObjects objects;
  const Stored large = stored({{"text", std::string(limits::parsed_object_bytes, 'a')}});
  EXPECT_EQ(objects.of(large)->at("text").get<std::string>().size(), limits::parsed_object_bytes);
  EXPECT_EQ(objects.known(large.text), nullptr);
}

TEST(ParsedObjects, WhatIsNoUtf8IsReadAsItsTextSaysIt) {
  ParsedObjects objects;
  const Json object = {{"text", "a\xFF"}};
  const Stored one = stored(object);
  objects.keep(one, object);
  EXPECT_EQ(objects.of(one)->at("text"), "a\xEF\xBF\xBD");
}

TEST(StoredText, IsAsTheLibraryWritesIt) {
  Json every_character = Json::object();
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("a") + static_cast<char>(c) + "b";
    every_character[std::to_string(c)] = text;
    every_character[text] = c;
  }
  const Json values = {every_character,
                       {{"empty", {Json::object(), Json::array(), "", nullptr}}},
                       {true, false, 0, -1, INT64_MIN, INT64_MAX, UINT64_MAX, 0.5, -0.0, 1e300, 3.0},
                       "grüße \u2028 \U0001F600"};
  EXPECT_EQ(dumped(values), values.dump(-1, ' ', false, Json::error_handler_t::replace));
  for (const Json& value : values) {
    EXPECT_EQ(dumped(value), value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
}

}  // namespace
}  // namespace ork::embedded
