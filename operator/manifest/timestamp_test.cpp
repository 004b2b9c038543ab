#include "operator/manifest/timestamp.hpp"

#include <gtest/gtest.h>

namespace ork::manifest {
namespace {

TEST(Timestamp, IsADateOrATimeInOneOfYamlsForms) {
  for (const char* text : {"2026-11-21", "2026-1-1", "2024-02-29", "2026-11-21T03:32:00Z", "2026-11-21t03:32:00Z",
                           "2026-11-21T03:32:00.5+01:00", "2026-11-21 03:32:00", "2026-1-1 1:2:3.25"}) {
    EXPECT_TRUE(is_timestamp(text)) << text;
  }
}

TEST(Timestamp, IsNothingThatOnlyLooksLikeOne) {
  for (const char* text :
       {"", "2026", "2026-11", "2026-13-01", "2026-02-30", "2023-02-29", "26-11-21", "2026-11-21T", "2026-11-21T03:32Z",
        "2026-11-21T03:32:00", "2026-11-21T24:00:00Z", "2026-11-21T03:32:60Z", "2026-11-21T03:32:00.Z", "2026-11-21 x",
        "2026-11-21T03:32:00+1:00", "2026-111-1", "x2026-11-21", "2026-11-21Z"}) {
    EXPECT_FALSE(is_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace ork::manifest
