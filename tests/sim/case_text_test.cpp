#include "tests/sim/case_text.hpp"

#include <gtest/gtest.h>

#include "tests/sim/trial.hpp"

namespace ork::sim {
namespace {

TEST(CaseText, HoldsAllThatASeedStandsFor) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Case what = case_of_seed(seed);
    const std::string text = to_text(what);
    const auto read = case_from(text);
    ASSERT_TRUE(read) << read.error() << "\n" << text;
    EXPECT_EQ(to_text(*read), text);
    EXPECT_EQ(read->faults, what.faults);
  }
}

TEST(CaseText, IsTheSameCaseAgain) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Case what = case_of_seed(seed);
    EXPECT_EQ(run_world(*case_from(to_text(what))).trace.hash(), run_world(what).trace.hash()) << to_text(what);
  }
}

TEST(CaseText, HoldsAWholeShapeUnderNoName) {
  for (Shape shape : named_shapes()) {
    const Shape whole = shape;
    shape.name = "random";
    const auto read = case_from(to_text(Case{.shape = shape}));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->shape.objects, whole.objects) << whole.name;
    EXPECT_EQ(read->shape.programs.size(), whole.programs.size()) << whole.name;
    EXPECT_EQ(read->shape.wishes.size(), whole.wishes.size()) << whole.name;
    EXPECT_EQ(read->shape.ends, whole.ends) << whole.name;
    EXPECT_EQ(read->shape.gone, whole.gone) << whole.name;
    EXPECT_EQ(read->shape.steady, whole.steady) << whole.name;
    EXPECT_EQ(to_text(*read), to_text(Case{.shape = shape})) << whole.name;
  }
}

TEST(CaseText, SaysWhichLineItCannotRead) {
  EXPECT_EQ(case_from("shape chain\n\n# why\nlatency much\n").error(), "line 4 says nothing of a case: latency much");
  EXPECT_EQ(case_from("shape nobody\n").error(), "line 1 says nothing of a case: shape nobody");
  EXPECT_EQ(case_from("shape random\nobject {\n").error(), "line 2 says nothing of a case: object {");
  EXPECT_EQ(case_from("shape chain\nfault operator write 1 frost wait=0 back=0\n").error(),
            "line 2 says nothing of a case: fault operator write 1 frost wait=0 back=0");
  EXPECT_EQ(case_from("seed 3\n").error(), "the case has no shape, or one without objects");
}

}  // namespace
}  // namespace ork::sim
