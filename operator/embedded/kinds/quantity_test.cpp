#include "operator/embedded/kinds/quantity.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace ork::embedded {
namespace {

std::string read(std::string_view text) {
  auto quantity = parse_quantity(text);
  return quantity ? printed(*quantity) : "error: " + quantity.error();
}

Quantity amount(std::string_view text) { return *parse_quantity(text); }

// clang-format off
TEST(Quantity, IsReadAndWrittenAsKubernetesDoes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"~()~", R"~(error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$')~"},
      {R"~(0)~", R"~(0)~"},
      {R"~(-0)~", R"~(0)~"},
      {R"~(+)~", R"~(0)~"},
      {R"~(-)~", R"~(0)~"},
      {R"~(.)~", R"~(0)~"},
      {R"~(1)~", R"~(1)~"},
      {R"~(+1)~", R"~(+1)~"},
      {R"~(-1)~", R"~(-1)~"},
      {R"~(1.)~", R"~(1.)~"},
      {R"~(1.5)~", R"~(1500m)~"},
      {R"~(.5)~", R"~(500m)~"},
      {R"~(0.1)~", R"~(100m)~"},
      {R"~(1000m)~", R"~(1)~"},
      {R"~(1500m)~", R"~(1500m)~"},
      {R"~(1000)~", R"~(1k)~"},
      {R"~(100000)~", R"~(100k)~"},
      {R"~(1000000)~", R"~(1M)~"},
      {R"~(1024)~", R"~(1024)~"},
      {R"~(1Ki)~", R"~(1Ki)~"},
      {R"~(1024Ki)~", R"~(1Mi)~"},
      {R"~(1000Ki)~", R"~(1000Ki)~"},
      {R"~(1.5Gi)~", R"~(1536Mi)~"},
      {R"~(0.5Ki)~", R"~(512)~"},
      {R"~(0.5Gi)~", R"~(512Mi)~"},
      {R"~(1e3)~", R"~(1e3)~"},
      {R"~(1E3)~", R"~(1E3)~"},
      {R"~(1e-3)~", R"~(1e-3)~"},
      {R"~(1e+3)~", R"~(1e+3)~"},
      {R"~(12e6)~", R"~(12e6)~"},
      {R"~(1E)~", R"~(1E)~"},
      {R"~(1k)~", R"~(1k)~"},
      {R"~(1K)~", R"~(error: unable to parse quantity's suffix)~"},
      {R"~(1Mi)~", R"~(1Mi)~"},
      {R"~(5x)~", R"~(error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$')~"},
      {R"~(5kk)~", R"~(error: unable to parse quantity's suffix)~"},
      {R"~(x)~", R"~(error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$')~"},
      {R"~(1 )~", R"~(error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$')~"},
      {R"~(1.2.3)~", R"~(error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$')~"},
      {R"~(0.0000000001)~", R"~(1n)~"},
      {R"~(-0.0000000001)~", R"~(-1n)~"},
      {R"~(1n)~", R"~(1n)~"},
      {R"~(999999999n)~", R"~(999999999n)~"},
      {R"~(100Ei)~", R"~(9223372036854775807)~"},
      {R"~(9223372036854775807)~", R"~(9223372036854775807)~"},
      {R"~(9223372036854775808)~", R"~(9223372036854775808)~"},
      {R"~(1e)~", R"~(error: unable to parse quantity's suffix)~"},
      {R"~(007)~", R"~(007)~"},
      {R"~(0.10)~", R"~(100m)~"},
      {R"~(1u)~", R"~(1u)~"},
      {R"~(1500u)~", R"~(1500u)~"},
      {R"~(2000000u)~", R"~(2)~"},
      {R"~(1.0000000001)~", R"~(1000000001n)~"},
      {R"~(8Ei)~", R"~(9223372036854775807)~"},
      {R"~(1.1Ki)~", R"~(1126400m)~"},
      {R"~(0Ki)~", R"~(0)~"},
      {R"~(5e)~", R"~(error: unable to parse quantity's suffix)~"},
      {R"~(1M)~", R"~(1M)~"},
      {R"~(1Mo)~", R"~(error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$')~"},
      {R"~(--1)~", R"~(error: unable to parse quantity's suffix)~"},
      {R"~(0.000001Ki)~", R"~(1024u)~"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(read(text), expected) << text;
}
// clang-format on

TEST(Quantity, AHugeOneIsBoundedAndNotMisread) {
  EXPECT_EQ(read("1e1000"), read("1e29"));
  EXPECT_EQ(read("1e-1000"), "1e-9");
  EXPECT_EQ(read(std::string(300, '9')), read(""));
  EXPECT_EQ(compared(amount(std::string(200, '9')), amount("1e29")), 0);
}

TEST(Quantity, ComparesByAmount) {
  EXPECT_EQ(compared(amount("1"), amount("1000m")), 0);
  EXPECT_EQ(compared(amount("1Ki"), amount("1k")), 1);
  EXPECT_EQ(compared(amount("-2"), amount("-1")), -1);
  EXPECT_EQ(compared(amount("-1"), amount("0")), -1);
}

TEST(Quantity, OfAContainerIsRoundedUpToThousandths) {
  EXPECT_EQ(printed(in_thousandths(amount("1u"))), "1m");
  EXPECT_EQ(printed(in_thousandths(amount("1.0005"))), "1001m");
  EXPECT_EQ(printed(in_thousandths(amount("1."))), "1.");
}

}  // namespace
}  // namespace ork::embedded
