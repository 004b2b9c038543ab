#include "controllers/run/run_output.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using namespace test;

// What the run gives out where its task has written that.
std::string given_out(const std::string& expression, const Json& written) {
  const Json spec = {
      {"output", expression}, {"params", {{{"name", "day"}}}}, {"tasks", {{{"name", "a"}, {"image", "i"}}}}};
  const TestRun world(spec.dump().c_str());
  if (!world.snapshot.definition) return "refused";
  api::TaskStatus task = task_status("a", api::Phase::Succeeded, 1);
  if (!written.is_null()) task.output = written;
  const std::vector<api::TaskStatusPtr> tasks = {ptr(task)};
  const auto output = run_output(world.snapshot, {{"day", "monday"}}, tasks);
  if (!output) return output.error();
  return *output ? (*output)->dump() : "none";
}

TEST(RunOutput, IsTheValueOfItsExpression) {
  EXPECT_EQ(given_out("tasks.a.output", Json{{"rows", 3}}), R"({"rows":3})");
  EXPECT_EQ(given_out(R"({"day": params.day, "rows": tasks.a.output + 1, "run": run.name})", 3),
            R"({"day":"monday","rows":4,"run":"etl"})");
  EXPECT_EQ(given_out("null", 3), "none");
}

TEST(RunOutput, WithoutAValueSaysWhy) {
  EXPECT_EQ(given_out("tasks.a.output", nullptr),
            "the run's output has no value: tasks.a.output is missing: task \"a\" wrote no output");
}

TEST(RunOutput, IsBounded) {
  const std::string text(max_run_output_bytes - 2, 'x');
  EXPECT_EQ(given_out("tasks.a.output", text).size(), max_run_output_bytes);
  EXPECT_EQ(given_out("tasks.a.output + \"x\"", text),
            "the run's output is more than 16384 bytes: give out less, or a reference to it");
}

TEST(RunOutput, OfAWorkflowWithoutOneIsNone) {
  const TestRun world(R"({"tasks": [{"name": "a", "image": "i"}]})");
  const auto output = run_output(world.snapshot, Json::object(), {});
  ASSERT_TRUE(output);
  EXPECT_EQ(*output, std::nullopt);
}

}  // namespace
}  // namespace ork::run
