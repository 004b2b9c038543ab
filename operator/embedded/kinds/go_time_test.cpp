#include "operator/embedded/kinds/go_time.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace ork::embedded {
namespace {

using Cases = std::vector<std::pair<std::string, std::string>>;

std::string shown(const Result<std::string, std::string>& read) { return read ? *read : "error: " + read.error(); }

// The expected texts are those of k8s.io/apimachinery, v0.34.
// clang-format off
TEST(GoTime, ATimeIsReadAndWrittenAsGoDoes) {
  const Cases cases = {
      {R"~()~", R"~(error: parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006")~"},
      {R"~(x)~", R"~(error: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006")~"},
      {R"~(2020-01-01T00:00:00Z)~", R"~(2020-01-01T00:00:00Z)~"},
      {R"~(2020-01-01T02:00:00+02:00)~", R"~(2020-01-01T00:00:00Z)~"},
      {R"~(2020-01-01T00:00:00.999Z)~", R"~(2020-01-01T00:00:00Z)~"},
      {R"~(2020-01-01t00:00:00z)~", R"~(error: parsing time "2020-01-01t00:00:00z" as "2006-01-02T15:04:05Z07:00": cannot parse "t00:00:00z" as "T")~"},
      {R"~(2020-01-01 00:00:00Z)~", R"~(error: parsing time "2020-01-01 00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse " 00:00:00Z" as "T")~"},
      {R"~(2020-13-01T00:00:00Z)~", R"~(error: parsing time "2020-13-01T00:00:00Z": month out of range)~"},
      {R"~(2020-02-30T00:00:00Z)~", R"~(error: parsing time "2020-02-30T00:00:00Z": day out of range)~"},
      {R"~(2020-02-29T00:00:00Z)~", R"~(2020-02-29T00:00:00Z)~"},
      {R"~(2020-01-01T24:00:00Z)~", R"~(error: parsing time "2020-01-01T24:00:00Z": hour out of range)~"},
      {R"~(2020-01-01T00:60:00Z)~", R"~(error: parsing time "2020-01-01T00:60:00Z": minute out of range)~"},
      {R"~(2020-01-01T00:00:60Z)~", R"~(error: parsing time "2020-01-01T00:00:60Z": second out of range)~"},
      {R"~(2020-01-01T00:00:00)~", R"~(error: parsing time "2020-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00")~"},
      {R"~(2020-01-01T00:00:00Zx)~", R"~(error: parsing time "2020-01-01T00:00:00Zx": extra text: "x")~"},
      {R"~(2020-01-01T0:00:00Z)~", R"~(2020-01-01T00:00:00Z)~"},
      {R"~(20-01-01T00:00:00Z)~", R"~(error: parsing time "20-01-01T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "20-01-01T00:00:00Z" as "2006")~"},
      {R"~(2020-01-01T00:00:00+25:00)~", R"~(error: parsing time "2020-01-01T00:00:00+25:00": time zone offset hour out of range)~"},
      {R"~(2020-01-01T00:00:00-01:30)~", R"~(2020-01-01T01:30:00Z)~"},
      {R"~(2020-01-01)~", R"~(error: parsing time "2020-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T")~"},
      {R"~(0001-01-01T00:00:00Z)~", R"~()~"},
      {R"~(2020-01-01T00:00:00,5Z)~", R"~(2020-01-01T00:00:00Z)~"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(shown(read_time(text)), expected) << text;
}

TEST(GoTime, AMicroTimeHasExactlySixDigitsOfASecond) {
  const Cases cases = {
      {R"~()~", R"~(error: parsing time "" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as "2006")~"},
      {R"~(x)~", R"~(error: parsing time "x" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "x" as "2006")~"},
      {R"~(2020-01-01T00:00:00Z)~", R"~(error: parsing time "2020-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000")~"},
      {R"~(2020-01-01T02:00:00+02:00)~", R"~(error: parsing time "2020-01-01T02:00:00+02:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+02:00" as ".000000")~"},
      {R"~(2020-01-01T00:00:00.999Z)~", R"~(error: parsing time "2020-01-01T00:00:00.999Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".999Z" as ".000000")~"},
      {R"~(2020-01-01t00:00:00z)~", R"~(error: parsing time "2020-01-01t00:00:00z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "t00:00:00z" as "T")~"},
      {R"~(2020-01-01 00:00:00Z)~", R"~(error: parsing time "2020-01-01 00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse " 00:00:00Z" as "T")~"},
      {R"~(2020-13-01T00:00:00Z)~", R"~(error: parsing time "2020-13-01T00:00:00Z": month out of range)~"},
      {R"~(2020-02-30T00:00:00Z)~", R"~(error: parsing time "2020-02-30T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000")~"},
      {R"~(2020-02-29T00:00:00Z)~", R"~(error: parsing time "2020-02-29T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000")~"},
      {R"~(2020-01-01T24:00:00Z)~", R"~(error: parsing time "2020-01-01T24:00:00Z": hour out of range)~"},
      {R"~(2020-01-01T00:60:00Z)~", R"~(error: parsing time "2020-01-01T00:60:00Z": minute out of range)~"},
      {R"~(2020-01-01T00:00:60Z)~", R"~(error: parsing time "2020-01-01T00:00:60Z": second out of range)~"},
      {R"~(2020-01-01T00:00:00)~", R"~(error: parsing time "2020-01-01T00:00:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as ".000000")~"},
      {R"~(2020-01-01T00:00:00Zx)~", R"~(error: parsing time "2020-01-01T00:00:00Zx" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Zx" as ".000000")~"},
      {R"~(2020-01-01T0:00:00Z)~", R"~(error: parsing time "2020-01-01T0:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000")~"},
      {R"~(20-01-01T00:00:00Z)~", R"~(error: parsing time "20-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "20-01-01T00:00:00Z" as "2006")~"},
      {R"~(2020-01-01T00:00:00+25:00)~", R"~(error: parsing time "2020-01-01T00:00:00+25:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+25:00" as ".000000")~"},
      {R"~(2020-01-01T00:00:00-01:30)~", R"~(error: parsing time "2020-01-01T00:00:00-01:30" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "-01:30" as ".000000")~"},
      {R"~(2020-01-01)~", R"~(error: parsing time "2020-01-01" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as "T")~"},
      {R"~(0001-01-01T00:00:00Z)~", R"~(error: parsing time "0001-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000")~"},
      {R"~(2020-01-01T00:00:00,5Z)~", R"~(error: parsing time "2020-01-01T00:00:00,5Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ",5Z" as ".000000")~"},
      {R"~(2020-01-01T00:00:00.123456Z)~", R"~(2020-01-01T00:00:00.123456Z)~"},
      {R"~(2020-01-01T02:00:00.123456+02:00)~", R"~(2020-01-01T00:00:00.123456Z)~"},
      {R"~(2020-01-01T00:00:00.1Z)~", R"~(error: parsing time "2020-01-01T00:00:00.1Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".1Z" as ".000000")~"},
      {R"~(2020-01-01T00:00:00.1234567Z)~", R"~(error: parsing time "2020-01-01T00:00:00.1234567Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "7Z" as "Z07:00")~"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(shown(read_micro_time(text)), expected) << text;
}
// clang-format on

}  // namespace
}  // namespace ork::embedded
