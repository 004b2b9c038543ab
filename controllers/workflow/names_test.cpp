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

TEST(ObjectName, IsLabelsWithPointsBetween) {
  for (const std::string& name : std::vector<std::string>{"a", "web.example.com", "kube-root-ca.crt"}) {
    EXPECT_TRUE(is_object_name(name)) << name;
  }
  for (const std::string& name :
       std::vector<std::string>{"", ".", "..", "a..b", "a.", ".a", "A", "a/b", "a%2f", std::string(64, 'a'),
                                std::string(127, 'a') + "." + std::string(127, 'b')}) {
    EXPECT_FALSE(is_object_name(name)) << name;
  }
}

TEST(ApiVersion, IsAGroupAndAVersion) {
  for (const char* text : {"v1", "apps/v1", "example.com/v2beta1", "batch/v1alpha12"})
    EXPECT_TRUE(is_api_version(text)) << text;
  for (const char* text : {"", "apps", "apps/", "/v1", "v", "v1b", "v1beta", "a/b/v1", "Apps/v1", "apps/v1 "})
    EXPECT_FALSE(is_api_version(text)) << text;
}

TEST(Kind, BeginsWithAnUpperCaseLetter) {
  EXPECT_TRUE(is_kind("ConfigMap"));
  for (const char* text : {"", "configmap", "Config-Map", "Config/Map"}) EXPECT_FALSE(is_kind(text)) << text;
}

TEST(EnvName, IsTheInputsNameInUpperCase) { EXPECT_EQ(env_name_of_input("day_Of2"), "ORK_INPUT_DAY_OF2"); }

}  // namespace
}  // namespace ork::workflow
