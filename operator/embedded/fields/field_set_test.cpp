#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/fields/sample_fields.hpp"

namespace ork::embedded {
namespace {

using testing::ElementsAre;

Json written(const FieldSet& set) { return write_fields(set); }

TEST(FieldSet, ReadsAndWritesFieldsV1) {
  Json text = Json::parse(R"({"f:a":{},"f:b":{".":{},"k:{\"name\":\"x\"}":{".":{},"f:c":{}}},"f:d":{"v:1":{}}})");
  auto set = read_fields(text, FieldsSource::Foreign);
  ASSERT_TRUE(set);
  EXPECT_EQ(written(*set), text);
  EXPECT_THAT(listed(*set), ElementsAre(".a", ".b", ".b[name=\"x\"]", ".b[name=\"x\"].c", ".d[=1]"));
}

TEST(FieldSet, IsEmptyOfAnEmptyMap) {
  EXPECT_TRUE(fields("{}").empty());
  EXPECT_EQ(written({}), Json::object());
}

TEST(FieldSet, TakesNullAndADotAloneForALeaf) {
  EXPECT_EQ(written(fields(R"({"f:a":null,"f:b":{".":{}}})")), Json::parse(R"({"f:a":{},"f:b":{}})"));
}

TEST(FieldSet, WritesForeignElementsInOneWay) {
  EXPECT_EQ(written(fields(R"({"k:{ \"b\" : 1.0, \"a\":\"x\" }":{},"v: \"<\" ":{}})")),
            Json::parse(R"({"k:{\"a\":\"x\",\"b\":1}":{},"v:\"\\u003c\"":{}})"));
}

TEST(FieldSet, PutsForeignElementsThatAreTheSameTogether) {
  EXPECT_EQ(written(fields(R"({"v:1":{},"v:1.0":{"f:a":{}}})")), Json::parse(R"({"v:1":{".":{},"f:a":{}}})"));
}

TEST(FieldSet, LeavesOutElementsOfAnUnknownKind) {
  EXPECT_EQ(written(fields(R"({"x:what":{},"f:a":{"y:z":{}}})")), Json::parse(R"({"f:a":{}})"));
}

TEST(FieldSet, IsNotReadFromWhatIsNoFieldsV1) {
  for (const char* text : {R"("text")", R"([])", R"({"f":{}})", R"({"fa":{}})", R"({"f:a":5})", R"({"v:{":{}})",
                           R"({"k:5":{}})", R"({"i:x":{}})", R"({"i:99999999999":{}})", R"({"f:a":{"f:b":[]}})"}) {
    EXPECT_FALSE(read_fields(Json::parse(text), FieldsSource::Foreign)) << text;
  }
}

TEST(FieldSet, IsNotReadFromWhatNestsWithoutEnd) {
  Json deep = Json::object();
  for (int i = 0; i < 10'000; ++i) deep = Json{{"f:a", std::move(deep)}};
  EXPECT_FALSE(read_fields(deep, FieldsSource::Foreign));
}

TEST(FieldSet, CutsAValueThatNestsWithoutEnd) {
  std::string element = "v:" + std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_TRUE(read_fields(Json{{element, Json::object()}}, FieldsSource::Foreign));
}

TEST(FieldSet, UnitesWithoutLosingMembers) {
  FieldSet set = fields(R"({"f:a":{"f:x":{}},"f:c":{}})");
  set.unite(fields(R"({"f:a":{".":{},"f:y":{}},"f:b":{}})"));
  EXPECT_EQ(written(set), Json::parse(R"({"f:a":{".":{},"f:x":{},"f:y":{}},"f:b":{},"f:c":{}})"));
}

TEST(FieldSet, SubtractsMembersButNotWhatIsBelowThem) {
  FieldSet set = fields(R"({"f:a":{".":{},"f:x":{}},"f:b":{}})");
  set.subtract(fields(R"({"f:a":{},"f:b":{"f:z":{}}})"));
  EXPECT_EQ(written(set), Json::parse(R"({"f:a":{"f:x":{}},"f:b":{}})"));
}

TEST(FieldSet, HasNoBranchWithoutMembers) {
  FieldSet set = fields(R"({"f:a":{"f:b":{"f:c":{}}}})");
  set.subtract(fields(R"({"f:a":{"f:b":{"f:c":{}}}})"));
  EXPECT_TRUE(set.empty());
}

TEST(FieldSet, SubtractsWithAllBelow) {
  FieldSet set = fields(R"({"f:a":{".":{},"f:x":{}},"f:b":{"f:c":{},"f:d":{}}})");
  set.subtract_with_all_below(fields(R"({"f:a":{},"f:b":{"f:c":{}}})"));
  EXPECT_EQ(written(set), Json::parse(R"({"f:b":{"f:d":{}}})"));
}

TEST(FieldSet, IntersectsMembersOnly) {
  EXPECT_EQ(
      written(intersection(fields(R"({"f:a":{".":{},"f:x":{}},"f:b":{}})"), fields(R"({"f:a":{"f:x":{}},"f:c":{}})"))),
      Json::parse(R"({"f:a":{"f:x":{}}})"));
}

TEST(FieldSet, InsertsInOrder) {
  FieldSet set;
  for (std::vector<std::string> path : {std::vector<std::string>{"f:b"}, {"f:a", "f:z"}, {"f:a"}, {"f:a", "f:c"}}) {
    set.insert(path);
  }
  EXPECT_EQ(set, fields(R"({"f:a":{".":{},"f:c":{},"f:z":{}},"f:b":{}})"));
}

// The API server's own order: by value, the members of a level before what is below them.
TEST(FieldSet, IsListedByValue) {
  EXPECT_THAT(
      listed(fields(R"({"f:l":{"k:{\"p\":443}":{},"k:{\"p\":80}":{".":{},"f:a":{}}},"f:m":{},
                                "f:s":{"v:\"a b\"":{},"v:\"a\"":{},"v:10":{},"v:9":{}}})")),
      ElementsAre(".m", ".l[p=80]", ".l[p=443]", ".l[p=80].a", ".s[=9]", ".s[=10]", ".s[=\"a\"]", ".s[=\"a b\"]"));
}

TEST(FieldSet, ShowsElementsAsMessagesDo) {
  EXPECT_EQ(element_text("f:app.kubernetes.io/name"), ".app.kubernetes.io/name");
  EXPECT_EQ(element_text(R"(k:{"containerPort":80,"protocol":"TCP"})"), R"([containerPort=80,protocol="TCP"])");
  EXPECT_EQ(element_text(R"(v:"a\"b")"), R"([="a\"b"])");
  EXPECT_EQ(element_text("v:true"), "[=true]");
  EXPECT_EQ(element_text("i:3"), "[3]");
}

TEST(FieldSet, WritesValuesAsGoDoes) {
  EXPECT_EQ(value_element("a<b"), "v:\"a\\u003cb\"");
  EXPECT_EQ(value_element(2.0), "v:2");
  EXPECT_EQ(value_element(1.5), "v:1.5");
}

}  // namespace
}  // namespace ork::embedded
