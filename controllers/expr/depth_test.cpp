#include "controllers/expr/depth.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ork::expr {
namespace {

using nlohmann::json;

TEST(Depth, CountsArraysAndObjectsInsideEachOther) {
  EXPECT_FALSE(is_deeper_than(json(3), 0));
  EXPECT_TRUE(is_deeper_than(json::array(), 0));
  EXPECT_FALSE(is_deeper_than(json::array(), 1));
  const json value = {{"a", {1, 2, {{"b", json::object()}}}}, {"c", 1}};
  EXPECT_TRUE(is_deeper_than(value, 3));
  EXPECT_FALSE(is_deeper_than(value, 4));
}

TEST(Depth, OfAHundredThousandIsFoundWithoutRecursion) {
  const std::size_t depth = 100'000;
  const json value = json::parse(std::string(depth, '[') + std::string(depth, ']'));
  EXPECT_TRUE(is_deeper_than(value, 128));
  EXPECT_TRUE(is_deeper_than(value, depth - 1));
  EXPECT_FALSE(is_deeper_than(value, depth));
}

}  // namespace
}  // namespace ork::expr
