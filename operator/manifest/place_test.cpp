#include "operator/manifest/place.hpp"

#include <gtest/gtest.h>

#include "operator/manifest/yaml_reader.hpp"

namespace ork::manifest {
namespace {

// Line and column of what the path names in this text, "3:5".
std::string at(std::string_view path, bool key = false) {
  constexpr std::string_view text =
      "metadata:\n"
      "  labels: {a: x, a.b: y, app.kubernetes.io/name: \"z\"}\n"
      "spec:\n"
      "  tasks:\n"
      "  - name: a\n"
      "    dependsOn: [b,\n"
      "      c]\n"
      "  - &two {name: \"\xC3\xA9\", image: i}\n"
      "  - *two\n"
      "  empty:\n";
  const auto documents = read_yaml(text);
  if (!documents) return documents.error().message;
  const Place& place = find_place(documents->front().place, path);
  const Position& position = key ? place.key : place.value;
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

TEST(Place, IsThatOfTheValueThatAPathNames) {
  EXPECT_EQ(at(""), "1:1");
  EXPECT_EQ(at("spec.tasks"), "5:3");
  EXPECT_EQ(at("spec.tasks[0]"), "5:5");
  EXPECT_EQ(at("spec.tasks[0].dependsOn[1]"), "7:7");
  EXPECT_EQ(at("spec.tasks[1].name"), "8:17");
}

TEST(Place, CountsCharactersAndNotBytes) { EXPECT_EQ(at("spec.tasks[1].image"), "8:29"); }

TEST(Place, OfAFieldIsThatOfItsNameToo) {
  EXPECT_EQ(at("spec.tasks[0].dependsOn", /*key=*/true), "6:5");
  EXPECT_EQ(at("spec.tasks[0]", /*key=*/true), "5:5");
}

TEST(Place, OfAFieldWithoutAValueIsThatOfItsName) { EXPECT_EQ(at("spec.empty"), "10:3"); }

TEST(Place, OfWhatIsNotThereIsThatOfWhatItIsMissingFrom) {
  EXPECT_EQ(at("spec.tasks[0].image"), "5:5");
  EXPECT_EQ(at("spec.tasks[7].image"), "5:3");
  EXPECT_EQ(at("status.phase"), "1:1");
  for (const char* path :
       {"spec.tasks[", "spec.tasks[x]", "spec.tasks[99999999999999999999]", "spec..tasks", "[0]", "."}) {
    EXPECT_NO_FATAL_FAILURE(at(path)) << path;
  }
}

TEST(Place, OfWhatAnAliasBroughtIsThatOfTheAlias) { EXPECT_EQ(at("spec.tasks[2].image"), "9:5"); }

TEST(Place, IsFoundByTheLongestNameWithDotsInIt) {
  EXPECT_EQ(at("metadata.labels.a"), "2:15");
  EXPECT_EQ(at("metadata.labels.a.b"), "2:23");
  EXPECT_EQ(at("metadata.labels.app.kubernetes.io/name"), "2:50");
  EXPECT_EQ(at("metadata.labels[\"a.b\"]"), "2:23");
  EXPECT_EQ(at("metadata.labels[\"nope\"]"), "2:11");
  EXPECT_EQ(at("metadata.labels[\"a"), "2:11");
}

}  // namespace
}  // namespace ork::manifest
