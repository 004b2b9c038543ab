// What is known of `item` and `index`, as compile() checks the inputs that ask for them.

#include "controllers/workflow/item_types.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ItemTypes, FollowFromWhatIsWrittenOut) {
  const struct {
    const char* elements;
    const char* type;
  } cases[] = {{R"(["a", "b"])", "string"},
               {"[1, 2]", "int"},
               {R"(["a", 1])", "dyn"},
               {"[]", "dyn"},
               {"[1.5]", "double"},
               {R"([{"n": 1}, {"n": 2}])", "map(string, dyn)"},
               {R"({"a": 1})", "map(string, dyn)"}};
  for (const auto& c : cases) EXPECT_EQ(expr::text_of(type_of_item(Json::parse(c.elements))), c.type) << c.elements;
  const auto fields = type_of_item(Json::parse(R"([{"n": 1, "a": "x"}, {"n": "2", "b": true}])")).fields;
  ASSERT_NE(fields, nullptr);
  EXPECT_FALSE(fields->others);
  EXPECT_EQ(expr::text_of(fields->types.at("n")), "dyn");
  EXPECT_EQ(expr::text_of(fields->types.at("a")), "string");
  EXPECT_EQ(expr::text_of(fields->types.at("b")), "bool");
}

TEST(ItemTypes, AreThoseOfJson) {
  const auto item = [](const char* elements) { return expr::text_of(type_of_item(*expr::parse_type(elements))); };
  EXPECT_EQ(item("list(timestamp)"), "string");
  EXPECT_EQ(item("list(uint)"), "int");
  EXPECT_EQ(item("list(list(bytes))"), "list(string)");
  EXPECT_EQ(item("list(map(int, duration))"), "map(string, string)");
  EXPECT_EQ(item("dyn"), "dyn");
  const auto entry = type_of_item(*expr::parse_type("map(int, timestamp)")).fields;
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(expr::text_of(entry->types.at("key")), "string");
  EXPECT_EQ(expr::text_of(entry->types.at("value")), "string");
}

TEST(ItemTypes, OfAMatrixAreItsLists) {
  const std::map<std::string, expr::Type, std::less<>> types = {{"day", *expr::parse_type("list(timestamp)")}};
  const auto fields = [&](const char* matrix) { return type_of_combination(Json::parse(matrix), types).fields; };
  const auto plain = fields(R"({"os": ["a"], "day": "params.days", "exclude": [{"os": "a"}]})");
  EXPECT_EQ(plain->types.size(), 2U);
  EXPECT_EQ(expr::text_of(plain->types.at("os")), "string");
  EXPECT_EQ(expr::text_of(plain->types.at("day")), "string");
  const auto more = fields(R"({"os": ["a"], "include": [{"os": 1, "slow": true}]})");
  EXPECT_EQ(expr::text_of(more->types.at("os")), "dyn");
  EXPECT_EQ(expr::text_of(more->types.at("slow")), "bool");
  EXPECT_FALSE(more->others);
}

// Of a task with that fan-out and this input.
std::vector<std::string> problems_of_input(const char* fan_out, const char* input, const char* place = "inputs") {
  Json task = {{"name", "a"}, {"image", "i"}};
  task.update(Json::parse(fan_out));
  if (std::string_view(place) == "inputs") {
    task["inputs"] = {{"x", input}};
  } else {
    task[place] = input;
  }
  return problems_of(Json{{"params",
                           {{{"name", "files"},
                             {"type", "array"},
                             {"items", {{"type", "object"}, {"properties", {{"name", {{"type", "string"}}}}}}}}}},
                          {"tasks", {task}}});
}

TEST(ItemTypes, LetInputsAskForItemAndIndex) {
  EXPECT_THAT(problems_of_input(R"({"forEach": "params.files"})", "item.name + string(index)"), IsEmpty());
  EXPECT_THAT(problems_of_input(R"({"forEach": {"a": 1}})", "item.key + string(item.value)"), IsEmpty());
  EXPECT_THAT(problems_of_input(R"({"matrix": {"os": ["a"], "v": [1]}})", "item.os + string(item.v)"), IsEmpty());
  EXPECT_THAT(problems_of_input(R"({"count": 3})", "index * 100"), IsEmpty());
  EXPECT_THAT(problems_of_input("{}", "[1].map(item, item + 1)"), IsEmpty()) << "a macro's own name";
}

TEST(ItemTypes, TellWhatAnItemIsNot) {
  EXPECT_THAT(
      problems_of_input(R"({"forEach": "params.files"})", "item.nmae"),
      ElementsAre("spec.tasks[0].inputs.x: at character 1 of \"item.nmae\": item has no field \"nmae\"; did you "
                  "mean \"name\"?"));
  EXPECT_THAT(
      problems_of_input(R"({"matrix": {"os": ["a"]}})", "item.os + 1"),
      ElementsAre("spec.tasks[0].inputs.x: at character 1 of \"item.os + 1\": there is no string + int: convert "
                  "one of them, as in string(x) or int(x)"));
}

TEST(ItemTypes, TellWhereThereIsNone) {
  EXPECT_THAT(
      problems_of_input("{}", "index"),
      ElementsAre("spec.tasks[0].inputs.x: at character 1 of \"index\": there is no variable \"index\": the task "
                  "has no indexes; give it forEach, matrix or count"));
  EXPECT_THAT(problems_of_input(R"({"count": 3})", "item"),
              ElementsAre("spec.tasks[0].inputs.x: at character 1 of \"item\": there is no variable \"item\": the task "
                          "goes by count, so there are only numbers: use index, or write forEach"));
  EXPECT_THAT(problems_of_input(R"({"count": 3})", "index > 1", "when"),
              ElementsAre("spec.tasks[0].when: at character 1 of \"index > 1\": there is no variable \"index\": this "
                          "is evaluated once, for all indexes together; only inputs know item and index"));
}

}  // namespace
}  // namespace ork::workflow
