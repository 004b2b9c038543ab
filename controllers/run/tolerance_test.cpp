#include "controllers/run/tolerance.hpp"

#include <gtest/gtest.h>

#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

TEST(Tolerance, IsANumberOrAPartOfTheIndexes) {
  struct {
    const char* failures;
    std::int64_t count;
    std::int64_t expected;
  } cases[] = {
      {"1", 4, 1},        {"5", 4, 5},         {R"("10%")", 25, 2}, {R"("10%")", 9, 0}, {R"("10%")", 100'000, 10'000},
      {R"("50%")", 1, 0}, {R"("100%")", 7, 7},
  };
  for (const auto& c : cases) {
    const auto definition = test::definition_of(
        (std::string(R"({"tasks": [{"name": "a", "image": "i", "count": 9, "tolerate": {"failures": )") + c.failures +
         "}}]}")
            .c_str());
    ASSERT_TRUE(definition) << c.failures;
    EXPECT_EQ(tolerated_failures(definition->tasks[0], c.count), c.expected) << c.failures << " of " << c.count;
  }
}

TEST(Tolerance, IsNoneWhereNoneIsAskedFor) {
  const auto definition = test::definition_of(R"({"tasks": [{"name": "a", "image": "i", "count": 9}]})");
  ASSERT_TRUE(definition);
  EXPECT_EQ(tolerated_failures(definition->tasks[0], 9), 0);
}

}  // namespace
}  // namespace ork::run
