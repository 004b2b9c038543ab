#include "operator/embedded/api/selector.hpp"

#include <gmock/gmock.h>

namespace ork::embedded {
namespace {

bool selects(const std::string& selector, const Pairs& labels) {
  const auto parsed = parse_label_selector(selector);
  EXPECT_TRUE(parsed.ok()) << selector << ": " << (parsed.ok() ? "" : parsed.error());
  Stored object;
  object.labels = labels;
  return matches(object, {.labels = *parsed, .fields = {}});
}

TEST(LabelSelector, ComparesSets) {
  const Pairs labels = {{"app", "x"}, {"tier", "web"}};
  for (const char* yes : {"", "app", "app=x", "app==x", "app = x , tier = web", "app in (x,y)", "app!=y", "!none",
                          "none!=x", "app notin (y, z)", "none notin (x)", "app in (x),tier"}) {
    EXPECT_TRUE(selects(yes, labels)) << yes;
  }
  for (const char* no : {"none", "app=y", "app!=x", "!app", "app in (y)", "app notin (x,y)", "app=x,tier=db", "app="}) {
    EXPECT_FALSE(selects(no, labels)) << no;
  }
}

TEST(LabelSelector, ComparesNumbers) {
  EXPECT_TRUE(selects("attempt>1", {{"attempt", "2"}}));
  EXPECT_FALSE(selects("attempt>1", {{"attempt", "1"}}));
  EXPECT_TRUE(selects("attempt<10", {{"attempt", "9"}})) << "by value, not by letters";
  EXPECT_FALSE(selects("attempt>1", {{"attempt", "many"}}));
}

// Sentences of a real API server.
TEST(LabelSelector, SaysWhatItCanNotRead) {
  const std::string requirement = "unable to parse requirement: ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a b", requirement + "found 'b', expected: in, notin, =, ==, !=, gt, lt"},
      {"a in b", requirement + "found 'b' expected: '('"},
      {"a in (b", requirement + "found '', expected: ',' or ')'"},
      {"a in (", requirement + "found '', expected: ',', ')' or identifier"},
      {"a in (=)", requirement + "found '=', expected: ',', ')' or identifier"},
      {"a=(", requirement + "found '(', expected: identifier"},
      {"!", requirement + "found '', expected: identifier"},
      {"!a=b", "found '=', expected: ',' or 'end of string'"},
      {"a=b c", "found 'c', expected: ',' or 'end of string'"},
      {"=b", "found '=', expected: !, identifier, or 'end of string'"},
      {",a", "found ',', expected: !, identifier, or 'end of string'"},
      {"a,", "found '', expected: identifier after ','"},
      {"a,,b", "found ',', expected: identifier after ','"},
      {"a>x", requirement + "values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"},
      {"/a", requirement + "<nil>: Invalid value: \"/a\": prefix part must be non-empty"},
      {"a=" + std::string(64, 'k'), requirement + "values[0][a]: Invalid value: \"" + std::string(64, 'k') +
                                        "\": must be no more than 63 characters"},
  };
  for (const auto& [text, error] : cases) {
    const auto parsed = parse_label_selector(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error(), error) << text;
  }
}

TEST(LabelSelector, ReadsOddOnes) {
  for (const char* text : {"a in ()", "a in (,)", "a=", "a==", "a!=", "in", "in in (in)", "! a", "a> 5"}) {
    EXPECT_TRUE(parse_label_selector(text).ok()) << text;
  }
}

TEST(LabelSelector, IsBounded) {
  std::string many = "a0";
  for (int i = 1; i < 2'000; ++i) many += ",a" + std::to_string(i);
  EXPECT_EQ(parse_label_selector(many).error(), "too many requirements in a selector");
}

TEST(FieldSelector, ComparesTheFieldsOfItsKind) {
  Kind pods;
  pods.plural = "pods";
  pods.selectable_fields = {"status.phase"};
  Stored object;
  object.fields = {{"metadata.name", "p"}, {"status.phase", "Running"}};
  const auto selects_fields = [&](const std::string& text) {
    auto parsed = parse_field_selector(text);
    EXPECT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(name_as_stored(*parsed, pods), std::nullopt) << text;
    return matches(object, {.labels = {}, .fields = *parsed});
  };
  EXPECT_TRUE(selects_fields("status.phase=Running"));
  EXPECT_TRUE(selects_fields("status.phase==Running,metadata.name=p"));
  EXPECT_FALSE(selects_fields("status.phase!=Running"));
  EXPECT_TRUE(selects_fields("status.phase!=Failed"));
  EXPECT_TRUE(selects_fields("="));
}

TEST(FieldSelector, SaysWhatItCanNotRead) {
  EXPECT_EQ(parse_field_selector("metadata.name").error(),
            "invalid selector: 'metadata.name'; can't understand 'metadata.name'");
  EXPECT_EQ(parse_field_selector("metadata.name=a=b").error(),
            "invalid field selector: unescaped character in value: 61");
  EXPECT_EQ(parse_field_selector("metadata.name=a\\x").error(), "invalid field selector: invalid escape sequence: \\x");
  EXPECT_EQ(parse_field_selector("metadata.name=a\\").error(), "invalid field selector: invalid escape sequence: \\");
  EXPECT_EQ(parse_field_selector("metadata.name=a\\=b\\,c")->front().value, "a=b,c");
}

TEST(FieldSelector, SaysWhatIsNoFieldInTheWordsOfTheKind) {
  const auto kinds = *Kinds::load();
  const auto refusal = [&](const char* group, const char* version, const char* plural) {
    auto parsed = parse_field_selector("nope=1");
    return name_as_stored(*parsed, *kinds->find(group, version, plural)).value_or("");
  };
  EXPECT_EQ(refusal("", "v1", "pods"), "field label not supported: nope");
  EXPECT_EQ(refusal("ork.dev", "v1alpha1", "workflows"), "field label not supported: nope");
  EXPECT_EQ(refusal("batch", "v1", "jobs"), "field label \"nope\" not supported for Job");
  EXPECT_EQ(refusal("", "v1", "configmaps"),
            "\"nope\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
}

}  // namespace
}  // namespace ork::embedded
