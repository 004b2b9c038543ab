#include "operator/embedded/node/quantity.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ork::embedded {
namespace {

TEST(Quantity, IsReadInThousandths) {
  struct Case {
    std::string text;
    std::int64_t milli;
  };
  for (const auto& [text, milli] :
       {Case{"0", 0}, Case{"1", 1000}, Case{"500m", 500}, Case{"0.1", 100}, Case{"1.5", 1500}, Case{".5", 500},
        Case{"2.", 2000}, Case{"+1", 1000}, Case{"1k", 1'000'000}, Case{"1e3", 1'000'000}, Case{"1E-3", 1},
        Case{"1u", 1}, Case{"100n", 1}}) {
    EXPECT_EQ(parse_milli_quantity(text), milli) << text;
  }
}

TEST(Quantity, IsReadInWholeUnitsRoundedUp) {
  struct Case {
    std::string text;
    std::int64_t units;
  };
  for (const auto& [text, units] : {Case{"128Mi", 134217728}, Case{"1Gi", 1073741824}, Case{"1G", 1000000000},
                                    Case{"1.5Ki", 1536}, Case{"1m", 1}, Case{"0.5", 1}, Case{"64", 64}}) {
    EXPECT_EQ(parse_quantity(text), units) << text;
  }
}

TEST(Quantity, EndsAtTheLargestNumber) {
  EXPECT_EQ(parse_quantity("999999Ei"), INT64_MAX);
  EXPECT_EQ(parse_milli_quantity("16Ei"), INT64_MAX);
}

TEST(Quantity, IsNothingElse) {
  for (const std::string text :
       {"", "m", "-1", "1.2.3", "1 ", " 1", "1x", "1e", "1e999", "0x10", "nan", "inf", "1Ki1"}) {
    EXPECT_EQ(parse_quantity(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_quantity(std::string(10'000, '9')), std::nullopt);
}

}  // namespace
}  // namespace ork::embedded
