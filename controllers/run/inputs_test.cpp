#include "controllers/run/inputs.hpp"

#include <gtest/gtest.h>

#include "controllers/run/fan_out.hpp"
#include "controllers/run/run_scope.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using namespace test;

// What the indexes of the first task find, or why they find nothing.
std::string found(const char* task_fields, const Json& params = {{"p", "d"}}) {
  Json task = {{"name", "a"}, {"command", {"x"}}};
  task.update(Json::parse(task_fields));
  const Json spec = {{"params", {{{"name", "p"}}, {{"name", "l"}, {"type", "array"}}}},
                     {"defaults", {{"image", "i"}}},
                     {"tasks", {task}}};
  TestRun world(spec.dump().c_str());
  const workflow::CompiledTask& compiled = world.snapshot.definition->tasks.at(0);
  const RunScope scope(world.snapshot, params, {});
  const auto count = count_of(compiled, 0, scope);
  const auto items = items_of(compiled, *count, scope);
  const auto inputs = inputs_of(compiled, scope);
  if (!inputs) return inputs.error();
  const auto own = handed_out(compiled, *count, *items, *inputs, scope);
  return own ? own->dump() : own.error();
}

TEST(InputsOfAnIndex, AreItsOwn) {
  EXPECT_EQ(found(R"({"count": 2, "inputs": {"n": "index * 10", "p": "params.p"}})"),
            R"j({"0.inputs":"{\"n\":0,\"p\":\"d\"}","1.inputs":"{\"n\":10,\"p\":\"d\"}"})j");
  EXPECT_EQ(found(R"({"forEach": [{"name": "x"}], "inputs": {"n": "item.name + params.p"}})"),
            R"j({"0":"{\"name\":\"x\"}","0.inputs":"{\"n\":\"xd\"}"})j");
  EXPECT_EQ(found(R"({"matrix": {"a": [1], "b": ["x"]}, "inputs": {"n": "item.b"}})"),
            R"j({"0":"{\"a\":1,\"b\":\"x\"}","0.inputs":"{\"n\":\"x\"}"})j");
}

TEST(InputsOfAnIndex, AreNotHandedOutWhereAllHaveTheSame) {
  EXPECT_EQ(found(R"({"count": 2, "inputs": {"p": "params.p"}})"), "null");
  EXPECT_EQ(found(R"({"forEach": ["x"], "inputs": {"p": "params.p"}})"), R"({"0":"x"})");
}

TEST(InputsOfAnIndex, TellWhichOfThemHasNoValue) {
  EXPECT_EQ(found(R"j({"count": 3, "inputs": {"n": "10 / (index - 1)"}})j"),
            "index 1: input n has no value: division by zero");
}

TEST(InputsOfAnIndex, AreBoundedTogether) {
  // Each would be cheap enough, and small enough, alone.
  EXPECT_EQ(found(R"j({"count": 1000, "inputs": {"n": "params.l.all(x, x == index || x != index)"}})j",
                  {{"p", "d"}, {"l", std::vector<int>(2000, 1)}}),
            "index 100: input n has no value: this takes more work than an expression may take");
  EXPECT_EQ(found(R"({"count": 1000, "inputs": {"n": "[params.p, index]"}})", {{"p", std::string(2000, 'x')}}),
            "what its indexes have of their own, inputs and items, takes more than the 983040 bytes that the ConfigMap "
            "holds which hands it out: give them less, or the same to all");
  EXPECT_EQ(found(R"({"count": 2, "inputs": {"n": "[params.p, index]"}})", {{"p", std::string(98'400, 'x')}}),
            "index 0: its inputs are 98412 bytes together; the environment of a container takes 98304");
}

}  // namespace
}  // namespace ork::run
