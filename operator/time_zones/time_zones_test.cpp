#include "operator/time_zones/time_zones.hpp"

#include <gtest/gtest.h>

namespace ork::time_zones {
namespace {

constexpr std::int64_t winter = 1768478400;  // 2026-01-15T12:00:00Z
constexpr std::int64_t summer = 1784116800;  // 2026-07-15T12:00:00Z

TEST(TimeZones, KnowSummerAndWinter) {
  EXPECT_EQ(utc_offset_s("Europe/Berlin", winter), 3600);
  EXPECT_EQ(utc_offset_s("Europe/Berlin", summer), 7200);
}

TEST(TimeZones, KnowOffsetsThatAreNoWholeHours) {
  EXPECT_EQ(utc_offset_s("Asia/Kathmandu", winter), 20700);
  EXPECT_EQ(utc_offset_s("America/St_Johns", winter), -12600);
}

TEST(TimeZones, KnowNoOthers) {
  EXPECT_EQ(utc_offset_s("Europe/Atlantis", winter), std::nullopt);
  EXPECT_EQ(utc_offset_s("", winter), std::nullopt);
  EXPECT_EQ(utc_offset_s("../../etc/passwd", winter), std::nullopt);
}

}  // namespace
}  // namespace ork::time_zones
