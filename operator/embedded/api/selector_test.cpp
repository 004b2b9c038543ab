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

TEST(LabelSelector, SaysWhatItCanNotRead) {
  EXPECT_EQ(parse_label_selector("a b").error(),
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
  EXPECT_EQ(parse_label_selector("a in b").error(), "unable to parse requirement: found 'b', expected: '('");
  EXPECT_EQ(parse_label_selector("a in (b").error(), "unable to parse requirement: found '', expected: ',' or ')'");
  EXPECT_FALSE(parse_label_selector(",a").ok());
  EXPECT_FALSE(parse_label_selector("a,").ok());
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
    const auto parsed = parse_field_selector(text, pods);
    EXPECT_TRUE(parsed.ok()) << text;
    return matches(object, {.labels = {}, .fields = *parsed});
  };
  EXPECT_TRUE(selects_fields("status.phase=Running"));
  EXPECT_TRUE(selects_fields("status.phase==Running,metadata.name=p"));
  EXPECT_FALSE(selects_fields("status.phase!=Running"));
  EXPECT_TRUE(selects_fields("status.phase!=Failed"));
  EXPECT_EQ(parse_field_selector("spec.x=1", pods).error(), "field label not supported: spec.x");
  EXPECT_FALSE(parse_field_selector("status.phase", pods).ok());
}

}  // namespace
}  // namespace ork::embedded
