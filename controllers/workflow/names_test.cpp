#include "controllers/workflow/names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ork::workflow {
namespace {

TEST(TaskName, IsADnsLabel) {
  for (const std::string& name : std::vector<std::string>{"a", "2", "load-all", "a--b", std::string(63, 'a')}) {
    EXPECT_TRUE(is_task_name(name)) << name;
  }
  for (const std::string& name :
       std::vector<std::string>{"", "-a", "a-", "A", "a_b", "a.b", "é", std::string("a\0", 2), std::string(64, 'a')}) {
    EXPECT_FALSE(is_task_name(name)) << name;
  }
}

TEST(Identifier, IsWhatMayFollowADot) {
  for (const std::string& name : std::vector<std::string>{"a", "_", "Day_2", std::string(63, 'Z')}) {
    EXPECT_TRUE(is_identifier(name)) << name;
  }
  for (const std::string& name : std::vector<std::string>{"", "2a", "a-b", "a b", "ä", std::string(64, 'a')}) {
    EXPECT_FALSE(is_identifier(name)) << name;
  }
}

TEST(EnvName, IsTheInputsNameInUpperCase) { EXPECT_EQ(env_name_of_input("day_Of2"), "ORK_INPUT_DAY_OF2"); }

}  // namespace
}  // namespace ork::workflow
