#include "operator/cli/eval/eval_command.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ork::cli {
namespace {

class KeptConsole : public Console {
 public:
  void write(Channel channel, std::string_view text) override {
    (channel == Channel::Out ? out_text : err_text) += text;
  }
  show::Screen screen(Channel) const override { return {}; }
  bool can_paint(Channel) const override { return false; }

  std::string out_text, err_text;
};

struct Said {
  int code = 0;
  std::string out, err;
};

Said eval(EvalFlags flags) {
  KeptConsole console;
  const int code = run_eval(flags, console);
  return {code, console.out_text, console.err_text};
}

std::string file_with(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Eval, PrintsAValueAndItsType) {
  EXPECT_EQ(eval({.expression = "1 + 2"}).out, "3   int\n");
  EXPECT_EQ(eval({.expression = "'a'", .output = Format::Json}).out,
            "{\n    \"type\": \"string\",\n    \"value\": \"a\"\n}\n");
}

TEST(Eval, MarksThePartThatHasNoValue) {
  const Said said = eval({.expression = "true &&\n  1 / 0 > 1"});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(said.err, "error: division by zero\n    1 / 0 > 1\n    ^^^^^\n");
}

TEST(Eval, MarksWhereItCanNotBeRead) {
  const Said said = eval({.expression = "1 + * 2"});
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.err, "error: \"*\" stands where a value should\n  1 + * 2\n      ^\n");
}

TEST(Eval, TakesVariablesFromJsonAsJsonHasThem) {
  const std::string path = file_with("vars.json", R"({"n": 1.0, "big": 18446744073709551615})");
  EXPECT_EQ(eval({.expression = "n", .variables = path}).out, "1.0   double\n");
  EXPECT_EQ(eval({.expression = "big", .variables = path}).out, "18446744073709551615   uint\n");
}

TEST(Eval, TakesVariablesFromYaml) {
  const std::string path = file_with("vars.yaml", "params:\n  files: [a, b]\n");
  EXPECT_EQ(eval({.expression = "params.files[1]", .variables = path}).out, "\"b\"   string\n");
}

TEST(Eval, RefusesAFileThatHoldsNoObject) {
  const Said list = eval({.expression = "1", .variables = file_with("list.json", "[1]")});
  EXPECT_EQ(list.code, 2);
  EXPECT_NE(list.err.find("must hold one object"), std::string::npos) << list.err;
  EXPECT_EQ(eval({.expression = "1", .variables = "/no/such/file"}).code, 2);
}

TEST(Eval, ExplainsEachPart) {
  EXPECT_EQ(eval({.expression = "[1, 2].exists(x, x > 1) || y", .explain = true}).out,
            "[1, 2].exists(x, x > 1) || y   true\n"
            "  [1, 2].exists(x, x > 1)      true\n"
            "    [1, 2]                     [1,2]\n"
            "    x > 1                      true   (the last of 2)\n"
            "      x                        2   (the last of 2)\n"
            "  y                            not evaluated\n");
}

TEST(Eval, ListsTheFunctions) {
  EXPECT_NE(eval({.functions = true}).out.find("string.startsWith(string) -> bool\n"), std::string::npos);
}

}  // namespace
}  // namespace ork::cli
