#include "controllers/run/output.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"
#include "controllers/schema/parse.hpp"

namespace ork::run {
namespace {

using api::Json;
using namespace test;

TEST(Output, IsOneJsonValue) {
  for (const char* text : {"3", "\"x\"", "true", "[1, 2]", "{\"a\": {\"b\": []}}", " \n{} \n"}) {
    const auto output = read_output(text);
    ASSERT_TRUE(output) << text;
    EXPECT_EQ(output->value, Json::parse(text));
    EXPECT_EQ(output->note, "");
  }
}

TEST(Output, OfNothingWrittenOrNullIsNone) {
  for (const char* text : {"", " \n\t\r ", "null", " null\n"}) {
    const auto output = read_output(text);
    ASSERT_TRUE(output) << text;
    EXPECT_EQ(output->value, std::nullopt) << text;
  }
}

TEST(Output, OfAPodThatIsGoneIsNotedAsLost) {
  const auto output = read_output(std::nullopt);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->note, "its output was lost with its Pod");
}

TEST(Output, OfAnythingElseIsAnErrorThatShowsIt) {
  for (const char* text : {"hello", "{", "[1,]", "1 2", "{'a': 1}", "NaN", "\"\xff\"", "1e999"}) {
    const auto output = read_output(text);
    ASSERT_FALSE(output) << text;
    EXPECT_TRUE(output.error().starts_with("$ORK_OUTPUT must hold one JSON value, but holds: ")) << output.error();
  }
  EXPECT_EQ(read_output("h\x1b[31m\xC3\xA9llo").error(),
            "$ORK_OUTPUT must hold one JSON value, but holds: h [31m\xC3\xA9llo");
}

TEST(Output, ShowsOnlyTheBeginningOfALongOne) {
  const std::string error = read_output("x" + std::string(2000, '\xC3')).error();
  EXPECT_LT(error.size(), 200u);
}

TEST(Output, CutByKubernetesSaysSo) {
  const std::string large = "\"" + std::string(max_output_bytes, 'a');
  EXPECT_EQ(
      read_output(large).error(),
      "$ORK_OUTPUT holds more than 4096 bytes, which is all that Kubernetes keeps; write less, or a reference to it");
  EXPECT_TRUE(read_output("\"" + std::string(max_output_bytes - 2, 'a') + "\""));
}

TEST(Output, NestedDeeperThanAnyExpressionReachesIsRefused) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(read_output(nested(max_output_depth)));
  EXPECT_EQ(read_output(nested(max_output_depth + 1)).error(),
            "$ORK_OUTPUT is nested more than 64 deep; make it flatter");
  EXPECT_FALSE(read_output(nested(2000)));
}

schema::SchemaPtr schema_of(const char* text) {
  std::vector<schema::Problem> problems;
  return schema::parse(Json::parse(text), {}, {}, problems);
}

std::string read_as(const char* schema, const std::string& text) {
  const auto output = read_output(text, schema_of(schema).get());
  if (!output) return output.error();
  return output->value ? output->value->dump() : "none";
}

TEST(DeclaredOutput, IsAsItsSchemaHasIt) {
  EXPECT_EQ(read_as(R"({"items": {"type": "integer"}})", "[1, 2.0]"), "[1,2]");
  EXPECT_EQ(read_as(R"({"properties": {"kind": {"default": "csv"}}})", "{}"), R"({"kind":"csv"})");
  EXPECT_EQ(read_as("{}", ""), "none");
  EXPECT_EQ(read_as(R"({"items": {"type": "integer"}})", R"([1, "x"])"),
            R"(output[1]: is "x", but must be an integer)");
}

TEST(DeclaredOutput, HasToBeWritten) {
  EXPECT_EQ(read_as(R"({"type": "array"})", " \n"), "$ORK_OUTPUT holds nothing: output: is null, but must be an array");
  EXPECT_EQ(read_as(R"({"type": "array"})", "null"),
            "$ORK_OUTPUT holds nothing: output: is null, but must be an array");
  // Nobody knows what it was.
  EXPECT_TRUE(read_output(std::nullopt, schema_of(R"({"type": "array"})").get()));
}

TEST(DeclaredOutput, IsToldOfInAFewWords) {
  EXPECT_EQ(read_as(R"({"items": {"type": "integer"}})", R"(["a", "b", "c", "d", "e"])"),
            "output[0]: is \"a\", but must be an integer; output[1]: is \"b\", but must be an integer; "
            "output[2]: is \"c\", but must be an integer; and 2 more");
}

TEST(DeclaredOutput, DoesNotGrowOverTheBound) {
  const std::string schema = R"({"items": {"properties": {"a": {"default": ")" + std::string(500, 'x') + R"("}}}})";
  EXPECT_EQ(read_as(schema.c_str(), "[{}, {}]").size(), 2 * 508 + 3U);
  EXPECT_EQ(read_as(schema.c_str(), "[{}, {}, {}, {}, {}, {}, {}, {}, {}]"),
            "with the defaults of its fields filled in, $ORK_OUTPUT would hold more than 4096 bytes; write less, or a "
            "reference to it");
}

Result<Output, std::string> collected(std::vector<std::vector<api::Pod>> attempts, std::int64_t count,
                                      const schema::Schema* schema = nullptr) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i"}]})");
  for (auto& pods : attempts) world.show(job_named("j"), "a", std::move(pods));
  std::vector<const ObservedJob*> jobs;
  for (const ObservedJob& job : world.snapshot.jobs) jobs.push_back(&job);
  return collect_outputs(jobs, count, schema);
}

TEST(FanOutOutput, IsTheListOfItsIndexesInOrder) {
  const auto output = collected({{succeeded(1, "\"b\""), succeeded(0, "\"a\""), succeeded(2)}}, 3);
  EXPECT_EQ(output->value, Json::parse(R"(["a", "b", null])"));
  EXPECT_EQ(output->note, "");
}

TEST(FanOutOutput, GathersAllAttempts) {
  const auto output = collected({{succeeded(0, "1"), exited(1, 1, "ignored")}, {succeeded(1, "2")}}, 2);
  EXPECT_EQ(output->value, Json::parse("[1, 2]"));
}

TEST(FanOutOutput, IsNoneWhereNoIndexWroteAny) {
  const auto output = collected({{succeeded(0), succeeded(1, "null")}}, 2);
  EXPECT_EQ(output->value, std::nullopt);
  EXPECT_EQ(output->note, "");
}

TEST(FanOutOutput, SaysHowManyWereLost) {
  const auto output = collected({{succeeded(2, "3")}}, 3);
  EXPECT_EQ(output->value, Json::parse("[null, null, 3]"));
  EXPECT_EQ(output->note, "the outputs of 2 indexes were lost with their Pods");
}

TEST(FanOutOutput, NamesTheIndexThatWroteNoJson) {
  EXPECT_EQ(collected({{succeeded(0, "1"), succeeded(1, "no")}}, 2).error(),
            "index 1: $ORK_OUTPUT must hold one JSON value, but holds: no");
}

TEST(FanOutOutput, HoldsEachIndexAgainstTheSchema) {
  const auto schema = schema_of(R"({"type": "integer"})");
  EXPECT_EQ(collected({{succeeded(0, "1.0"), succeeded(1, "2")}}, 2, schema.get())->value, Json::parse("[1, 2]"));
  EXPECT_EQ(collected({{succeeded(0, "1"), succeeded(1, "\"2\"")}}, 2, schema.get()).error(),
            "index 1: output: is \"2\", but must be an integer: remove the quotes");
  EXPECT_EQ(collected({{succeeded(0, "1"), succeeded(1)}}, 2, schema.get()).error(),
            "index 1: $ORK_OUTPUT holds nothing: output: is null, but must be an integer");
}

TEST(FanOutOutput, TooLargeIsLeftOutWithANote) {
  const std::string large = "\"" + std::string(2100, 'x') + "\"";
  const auto output = collected({{succeeded(0, large), succeeded(1, large)}}, 2);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->value, std::nullopt);
  EXPECT_NE(output->note.find("were not kept"), std::string::npos);
  EXPECT_EQ(collected({{succeeded(0, "1")}}, 2'000)->value, std::nullopt);  // 1,999 times "null,"
}

TEST(FanOutOutput, OfAPodWithAnIndexThatCantBeIsIgnored) {
  EXPECT_EQ(collected({{succeeded(0, "1"), succeeded(7, "no"), succeeded(-1, "no")}}, 1)->value, Json::parse("[1]"));
}

}  // namespace
}  // namespace ork::run
