#include "operator/cli/verbs/params.hpp"

#include <gtest/gtest.h>

#include "controllers/schema/parse.hpp"

namespace ork::cli {
namespace {

std::vector<workflow::CompiledParam> declared() {
  std::vector<workflow::CompiledParam> out;
  for (const char* type : {"string", "integer", "number", "boolean", "array", "object"}) {
    std::vector<schema::Problem> problems;
    out.push_back({type, schema::parse({{"type", type}}, {}, {}, problems)});
  }
  return out;
}

Json value_of(const std::string& text) {
  const auto params = declared();
  const auto read = read_param(text, params);
  return read ? read->value : Json("refused");
}

TEST(ReadParam, ReadsTheTextAsTheParamIsDeclared) {
  EXPECT_EQ(value_of("string=3"), "3");
  EXPECT_EQ(value_of("string=true"), "true");
  EXPECT_EQ(value_of("string="), "");
  EXPECT_EQ(value_of("string=a=b"), "a=b");
  EXPECT_EQ(value_of("integer=3"), 3);
  EXPECT_EQ(value_of("number=1.5"), 1.5);
  EXPECT_EQ(value_of("boolean=true"), true);
  EXPECT_EQ(value_of("array=[1,\"a\"]"), (Json{1, "a"}));
  EXPECT_EQ(value_of("object={\"a\":1}"), (Json{{"a", 1}}));
}

TEST(ReadParam, LeavesWhatIsNoJsonToTheCheckOfItsType) {
  EXPECT_EQ(value_of("integer=three"), "three");
  EXPECT_EQ(value_of("array=" + std::string(1000, '[') + std::string(1000, ']')),
            std::string(1000, '[') + std::string(1000, ']'));
  EXPECT_EQ(value_of("unknown=3"), "3");
}

TEST(ReadParam, WantsANameAndAValue) {
  for (const char* text : {"day", "=x", ""}) {
    const auto read = read_param(text, {});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ExitCode::Usage);
  }
}

}  // namespace
}  // namespace ork::cli
