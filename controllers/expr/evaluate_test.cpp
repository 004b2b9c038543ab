#include <gtest/gtest.h>

#include <map>
#include <string>

#include "controllers/expr/expression.hpp"

namespace ork::expr {
namespace {

class MapScope : public Scope {
 public:
  std::map<std::string, Json, std::less<>> params, outputs;

  const Json* param(std::string_view name) const override { return find(params, name); }
  const Json* task_output(std::string_view name) const override { return find(outputs, name); }
  std::string_view run_name() const override { return "etl-1"; }

 private:
  static const Json* find(const std::map<std::string, Json, std::less<>>& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
  }
};

MapScope scope() {
  MapScope values;
  values.params["day"] = "2026-01-01";
  values.params["table"] = {{"odd key", 7}};
  values.outputs["list"] = Json::parse(R"({"files": [{"name": "a.csv"}, {"name": "b.csv"}], "n": 2, "none": null})");
  values.outputs["load-all"] = 3;
  values.outputs["empty"] = Json::object();
  return values;
}

TEST(Evaluate, GivesTheValueThatThePathNames) {
  struct Case {
    const char* text;
    Json value;
  };
  const Case cases[] = {{"params.day", "2026-01-01"},
                        {"params.table[\"odd key\"]", 7},
                        {"tasks.list.output.n", 2},
                        {"tasks.list.output.none", nullptr},
                        {"tasks.list.output.files[1].name", "b.csv"},
                        {"tasks.list.output.files[0]", {{"name", "a.csv"}}},
                        {"tasks[\"load-all\"].output", 3},
                        {"run.name", "etl-1"}};
  const MapScope values = scope();
  for (const Case& c : cases) {
    const auto value = evaluate(*parse(c.text), values);
    ASSERT_TRUE(value.ok()) << c.text << ": " << value.error().message;
    EXPECT_EQ(*value, c.value) << c.text;
  }
}

TEST(Evaluate, SaysWhatIsThereInsteadOfWhatWasAskedFor) {
  struct Case {
    const char* text;
    EvalErrc code;
    const char* message;
  };
  const Case cases[] = {
      {"params.month", EvalErrc::NoParam, "there is no param \"month\""},
      {"tasks.other.output", EvalErrc::NoOutput, "tasks.other.output is missing: task \"other\" wrote no output"},
      {"tasks['other'].output.x", EvalErrc::NoOutput,
       "tasks['other'].output is missing: task \"other\" wrote no output"},
      {"tasks.list.output.file", EvalErrc::NoField,
       "tasks.list.output has no field \"file\"; it has: \"files\", \"n\", \"none\""},
      {"tasks.empty.output.x", EvalErrc::NoField, "tasks.empty.output has no field \"x\"; it has: none"},
      {"tasks.list.output.files[2]", EvalErrc::OutOfRange,
       "tasks.list.output.files has 2 items, so [2] is out of range"},
      {"tasks.list.output.files.name", EvalErrc::WrongType,
       "tasks.list.output.files is an array: it takes an index such as [0], not the field \"name\""},
      {"tasks.list.output[0]", EvalErrc::WrongType, "tasks.list.output is an object, so it takes no index [0]"},
      {"tasks.list.output.n.x", EvalErrc::WrongType, "tasks.list.output.n is a number, so it has no field \"x\""},
      {"tasks.list.output.none.x", EvalErrc::WrongType, "tasks.list.output.none is null, so it has no field \"x\""},
      {"params.day[0]", EvalErrc::WrongType, "params.day is a string, so it takes no index [0]"},
  };
  const MapScope values = scope();
  for (const Case& c : cases) {
    const auto value = evaluate(*parse(c.text), values);
    ASSERT_FALSE(value.ok()) << c.text;
    EXPECT_EQ(value.error().message, c.message);
    EXPECT_EQ(value.error().code, c.code) << c.text;
  }
}

TEST(Evaluate, CountsOneItemAsOne) {
  MapScope values;
  values.params["a"] = Json::array({true});
  EXPECT_EQ(evaluate(*parse("params.a[1]"), values).error().message, "params.a has 1 item, so [1] is out of range");
  EXPECT_EQ(evaluate(*parse("params.a[0].x"), values).error().message,
            "params.a[0] is a boolean, so it has no field \"x\"");
}

TEST(Evaluate, ListsOnlySomeOfManyFieldsAndEscapesThem) {
  MapScope values;
  for (int i = 0; i < 20; ++i) values.params["a"]["key" + std::to_string(10 + i)] = i;
  EXPECT_EQ(evaluate(*parse("params.a.x"), values).error().message,
            "params.a has no field \"x\"; it has: \"key10\", \"key11\", \"key12\", \"key13\", \"key14\", \"key15\", "
            "\"key16\", \"key17\" and 12 more");
  values.params["a"] = {{"\x1b[2J", 1}};
  EXPECT_EQ(evaluate(*parse("params.a.x"), values).error().message,
            "params.a has no field \"x\"; it has: \"\\x1b[2J\"");
}

}  // namespace
}  // namespace ork::expr
