#include "operator/embedded/schema/go_duration.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ork::embedded {
namespace {

using Ns = std::optional<std::int64_t>;

TEST(GoDuration, ReadsWhatGoReads) {
  EXPECT_EQ(parse_go_duration("0"), Ns(0));
  EXPECT_EQ(parse_go_duration("-0"), Ns(0));
  EXPECT_EQ(parse_go_duration("1ns"), Ns(1));
  EXPECT_EQ(parse_go_duration("1us1µs1μs"), Ns(3000));
  EXPECT_EQ(parse_go_duration("1h30m"), Ns(5'400'000'000'000));
  EXPECT_EQ(parse_go_duration("-1.5s"), Ns(-1'500'000'000));
  EXPECT_EQ(parse_go_duration("+.5ms"), Ns(500'000));
  EXPECT_EQ(parse_go_duration("1.s"), Ns(1'000'000'000));
  EXPECT_EQ(parse_go_duration("0.000000001s"), Ns(1));
  EXPECT_EQ(parse_go_duration("0.0000000000000000000000000000001h"), Ns(0));
}

TEST(GoDuration, RefusesWhatGoRefuses) {
  for (const char* text : {"", "-", "+", "1", "s", ".s", "1x", "1 s", "1s ", "1h-1m", "--1s", "1d", "1e3s", "\xff"}) {
    EXPECT_EQ(parse_go_duration(text), Ns()) << text;
  }
}

TEST(GoDuration, EndsWhere64BitsEnd) {
  EXPECT_EQ(parse_go_duration("9223372036854775807ns"), Ns(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(parse_go_duration("-9223372036854775808ns"), Ns(std::numeric_limits<std::int64_t>::min()));
  for (const char* text : {"9223372036854775808ns", "-9223372036854775809ns", "2562048h", "99999999999999999999h",
                           "2562047h2562047h", "-9223372036854775808ns-9223372036854775808ns"}) {
    EXPECT_EQ(parse_go_duration(text), Ns()) << text;
  }
}

}  // namespace
}  // namespace ork::embedded
