#include "controllers/run/fan_out.hpp"

#include <gtest/gtest.h>

#include "controllers/run/run_scope.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using namespace test;

// The combinations of the first task, or why there are none.
std::string combinations(const char* matrix, const Json& params, std::int64_t kept = 0) {
  TestRun world((R"({"params": [{"name": "p", "type": "object"}], "defaults": {"image": "i"}, "tasks": [{"name": "a",
                 "matrix": )" +
                 std::string(matrix) + "}]}")
                    .c_str());
  const workflow::CompiledTask& task = world.snapshot.definition->tasks[0];
  const RunScope scope(world.snapshot, params, {});
  const auto count = count_of(task, kept, scope);
  if (!count) return count.error();
  const auto items = items_of(task, *count, scope);
  return items ? items->dump() : items.error();
}

TEST(Matrix, IsMadeOfListsThatExpressionsGive) {
  EXPECT_EQ(combinations(R"({"os": "params.p.os", "v": [1, 2], "exclude": "params.p.not"})",
                         {{"p", {{"os", {"linux", "mac"}}, {"not", {{{"os", "mac"}, {"v", 1}}}}}}}),
            R"([{"os":"linux","v":1},{"os":"linux","v":2},{"os":"mac","v":2}])");
  EXPECT_EQ(combinations(R"({"os": "params.p.os"})", {{"p", {{"os", Json::array()}}}}), "[]");
}

TEST(Matrix, IsNoneWhereAnExpressionGivesNoList) {
  EXPECT_EQ(combinations(R"({"os": "params.p.os"})", {{"p", {{"os", "linux"}}}}),
            "matrix.os is no list: its value is of type string");
  EXPECT_EQ(combinations(R"({"os": "params.p.os"})", {{"p", Json::object()}}).substr(0, 24),
            "matrix.os has no value: ");
  EXPECT_EQ(combinations(R"({"os": ["a"], "exclude": "params.p.not"})", {{"p", {{"not", {{{"v", 1}}}}}}}),
            "matrix.exclude[0] there is no list \"v\" in the matrix; there is: os");
}

TEST(Matrix, StaysAsWideAsItWas) {
  EXPECT_EQ(combinations(R"({"os": "params.p.os"})", {{"p", {{"os", {"linux", "mac"}}}}}, 3),
            "matrix gives 2 elements now, and gave 3 when the task started");
}

}  // namespace
}  // namespace ork::run
