#include "controllers/workflow/memory_growth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"
#include "controllers/workflow/resource_rules.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;

api::Json spec_of(const api::Json& on_oom, const api::Json& resources) {
  return {{"tasks", {{{"name", "load"}, {"image", "i"}, {"onOOM", on_oom}, {"resources", resources}}}}};
}

std::vector<std::string> problems_with(const char* memory, const char* max,
                                       const api::Json& resources = {{"limits", {{"memory", "1Gi"}}}}) {
  return problems_of(spec_of({{"memory", memory}, {"max", max}}, resources));
}

TEST(MemoryGrowth, MultipliesUpToTheMost) {
  struct {
    double factor;
    const char* max;
    const char* written;
    std::vector<std::string> expected;  // after 0, 1, 2, ... growths
  } cases[] = {
      {2, "8Gi", "1Gi", {"1Gi", "2Gi", "4Gi", "8Gi", "8Gi"}},
      {2, "3Gi", "1Gi", {"1Gi", "2Gi", "3Gi", "3Gi"}},
      {1.5, "1Gi", "100Mi", {"100Mi", "150Mi", "225Mi", "338Mi", "507Mi", "760Mi", "1Gi"}},
      {2, "1e9", "500M", {"500M", "1e9"}},
      {2, "4096", "1000", {"1000", "2000", "4000", "4096"}},
      {2, "8Gi", "0.5Gi", {"0.5Gi", "1Gi", "2Gi"}},
      {3, "1Gi", "", {"", "", ""}},
      {2, "1Gi", "2Gi", {"2Gi", "2Gi"}},
  };
  for (const auto& c : cases) {
    const MemoryGrowth growth{c.factor, c.max, "", c.written};
    for (std::size_t i = 0; i < c.expected.size(); ++i) {
      EXPECT_EQ(grown(growth, c.written, static_cast<int>(i)), c.expected[i]) << c.written << " " << i;
    }
  }
}

TEST(MemoryGrowth, EndsAtTheMost) {
  const MemoryGrowth growth{2, "3Gi", "256Mi", "1Gi"};
  EXPECT_TRUE(can_grow(growth, 0));
  EXPECT_TRUE(can_grow(growth, 1));
  EXPECT_FALSE(can_grow(growth, 2));
  EXPECT_FALSE(can_grow(growth, 1'000'000));
  EXPECT_EQ(memory_of(growth, 1), "2Gi");
  EXPECT_EQ(grown(growth, growth.request, 1), "512Mi");
}

TEST(MemoryGrowth, WithoutALimitIsThatOfTheRequest) {
  const MemoryGrowth growth{2, "1Gi", "256Mi", ""};
  EXPECT_EQ(memory_of(growth, 1), "512Mi");
  EXPECT_TRUE(can_grow(growth, 1));
  EXPECT_FALSE(can_grow(growth, 2));
}

TEST(MemoryGrowth, IsRefusedWhereItIsNoGrowth) {
  EXPECT_THAT(problems_with("x2", "8Gi"), ElementsAre());
  EXPECT_THAT(problems_with("x1.5", "8Gi", {{"requests", {{"memory", 100'000'000}}}}), ElementsAre());
  EXPECT_THAT(problems_with("2", "8Gi"),
              ElementsAre("spec.tasks[0].onOOM.memory: is \"2\", but must be x and a number of more than 1 and at most "
                          "100, such as x2 or x1.5"));
  for (const char* memory : {"x1", "x0.5", "x-2", "xnan", "xinf", "x1000", "x2 ", "X2", "x"}) {
    EXPECT_EQ(problems_with(memory, "8Gi").size(), 1U) << memory;
  }
  EXPECT_THAT(problems_with("x2", "8GB"),
              ElementsAre("spec.tasks[0].onOOM.max: is \"8GB\", but must be an amount such as 512Mi or 8Gi"));
  EXPECT_THAT(
      problems_with("x2", "1Gi"),
      ElementsAre("spec.tasks[0].onOOM.max: is 1Gi, and the task has 1Gi from the start: give it less there, or "
                  "more here"));
  EXPECT_THAT(problems_with("x1.01", "8Gi"),
              ElementsAre("spec.tasks[0].onOOM.memory: is x1.01, which takes more than 20 attempts from 1Gi to 8Gi: "
                          "multiply by more"));
}

TEST(MemoryGrowth, IsRefusedWithoutMemoryToMultiply) {
  for (const api::Json& resources :
       {api::Json(), api::Json({{"limits", {{"cpu", "1"}}}}), api::Json({{"limits", {{"memory", 0}}}})}) {
    EXPECT_THAT(problems_with("x2", "8Gi", resources),
                ElementsAre("spec.tasks[0].onOOM: finds no memory to multiply: give the task's container some, as in "
                            "resources: {limits: {memory: 512Mi}}"));
  }
  EXPECT_THAT(problems_of(spec_of({{"memory", "x2"}}, {{"limits", {{"memory", "1Gi"}}}})),
              ElementsAre("spec.tasks[0].onOOM.max: is missing"));
}

TEST(MemoryGrowth, IsThatOfTheContainerThatIsTheTask) {
  const api::Json pod = {{"containers",
                          {{{"name", "proxy"}, {"resources", {{"limits", {{"memory", "32Mi"}}}}}},
                           {{"name", "main"}, {"resources", {{"limits", {{"memory", "128Mi"}}}}}}}}};
  const auto compiled = compile(
      {{"tasks",
        {{{"name", "load"}, {"podTemplate", {{"spec", pod}}}, {"onOOM", {{"memory", "x2"}, {"max", "1Gi"}}}}}}});
  ASSERT_TRUE(compiled);
  ASSERT_TRUE(compiled->tasks[0].memory);
  EXPECT_EQ(compiled->tasks[0].memory->limit, "128Mi");
}

TEST(Amounts, AreReadAsKubernetesReadsThem) {
  struct {
    const char* text;
    double amount;
  } cases[] = {{"64Mi", 64.0 * 1024 * 1024},
               {"1.5Gi", 1.5 * 1024 * 1024 * 1024},
               {"500m", 0.5},
               {"+2k", 2000},
               {"12.", 12},
               {".5", 0.5},
               {"1e3", 1000},
               {"2E", 2e18},
               {"2E2", 200},
               {"3e+2", 300},
               {"5e-1", 0.5},
               {"-1", -1}};
  for (const auto& c : cases) EXPECT_DOUBLE_EQ(amount_of(c.text).value_or(-7), c.amount) << c.text;
  for (const char* text : {"", "Mi", "64MB", "x", "1e", "--1"}) EXPECT_FALSE(amount_of(text)) << text;
}

}  // namespace
}  // namespace ork::workflow
