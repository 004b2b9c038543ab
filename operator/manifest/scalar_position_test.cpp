#include "operator/manifest/scalar_position.hpp"

#include <gtest/gtest.h>

#include "operator/manifest/yaml_reader.hpp"

namespace ork::manifest {
namespace {

// Reads "x: <scalar>" and gives where the first '#' of its value stands, as "line:column".
std::string place_of_mark(const std::string& scalar) {
  const std::string text = "x: " + scalar + "\n";
  const auto documents = read_yaml(text);
  if (!documents) return documents.error().message;
  const std::string value = documents->front().value["x"];
  const Position at = position_in_scalar(text, documents->front().place.children[0].value, value, value.find('#'));
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

TEST(PositionInScalar, FindsACharacterInEachStyle) {
  EXPECT_EQ(place_of_mark("ab#"), "1:6");
  EXPECT_EQ(place_of_mark("a b  c#"), "1:10");
  EXPECT_EQ(place_of_mark("\"a#\""), "1:6");
  EXPECT_EQ(place_of_mark("'a#'"), "1:6");
  EXPECT_EQ(place_of_mark("|\n  ab\n  c#"), "3:4");
  EXPECT_EQ(place_of_mark(">-\n  ab\n  c#"), "3:4");
  EXPECT_EQ(place_of_mark("|2\n    ab#\n  c"), "2:7");
}

TEST(PositionInScalar, CountsCharactersAndEscapes) {
  EXPECT_EQ(place_of_mark("\xC3\xA4\xC3\xB6#"), "1:6");
  EXPECT_EQ(place_of_mark("'it''s#'"), "1:10");
  EXPECT_EQ(place_of_mark(R"("\"\x41\u00e4\U0001F600\n#")"), "1:29");
  EXPECT_EQ(place_of_mark("\"\xF0\x9F\x98\x80#\""), "1:6");
}

TEST(PositionInScalar, GoesOverLinesThatAreFolded) {
  EXPECT_EQ(place_of_mark("a\n  b\n  c#"), "3:4");
  EXPECT_EQ(place_of_mark("'a\n\n  b#'"), "3:4");
  EXPECT_EQ(place_of_mark("\"a\n  b#\""), "2:4");
  EXPECT_EQ(place_of_mark("\"a\\\n   b#\""), "2:5");
  EXPECT_EQ(place_of_mark(">\n  a\n\n    b\n  c#"), "5:4");
}

TEST(PositionInScalar, PassesTagsAndAnchors) {
  EXPECT_EQ(place_of_mark("!!str a#"), "1:11");
  EXPECT_EQ(place_of_mark("&a 'b#'"), "1:9");
}

TEST(PositionInScalar, StaysAtTheBeginningWhereTextAndValueDontGoTogether) {
  EXPECT_EQ(position_in_scalar("x: *a\n", {1, 4}, "b#", 1), (Position{1, 4}));
  EXPECT_EQ(position_in_scalar("x: abc\n", {1, 4}, "b#", 1), (Position{1, 4}));
  EXPECT_EQ(position_in_scalar("", {1, 1}, "b#", 1), (Position{1, 1}));
  EXPECT_EQ(position_in_scalar("x: ", {9, 9}, "b", 1), (Position{9, 9}));
}

TEST(PositionInScalar, GivesTheEndForWhatIsMissingThere) {
  EXPECT_EQ(position_in_scalar("x: a +\n", {1, 4}, "a +", 3), (Position{1, 7}));
}

}  // namespace
}  // namespace ork::manifest
