#include "controllers/expr/functions.hpp"

#include <gtest/gtest.h>

#include <set>

#include "controllers/expr/test_scope.hpp"

namespace ork::expr {
namespace {

TEST(Functions, EachHasASignatureThatReads) {
  std::set<std::string_view> seen;
  for (const Overload& overload : all_functions()) {
    EXPECT_NE(overload.native, nullptr) << overload.signature;
    EXPECT_TRUE(seen.insert(overload.signature).second) << overload.signature << " is there twice";
    std::string written = overload.method ? text_of(overload.takes[0]) + "." : "";
    written += overload.name + "(";
    for (std::size_t i = overload.method ? 1 : 0; i < overload.takes.size(); ++i) {
      written += (written.back() == '(' ? "" : ", ") + text_of(overload.takes[i]);
    }
    written += (overload.repeats ? "...) -> " : ") -> ") + text_of(overload.gives);
    EXPECT_EQ(written, overload.signature);
  }
}

TEST(Functions, AreFoundByNameAndForm) {
  EXPECT_EQ(signatures_of(functions_named("startsWith", true)), "string.startsWith(string)");
  EXPECT_TRUE(functions_named("startsWith", false).empty());
  EXPECT_TRUE(functions_named("", false).empty());
  EXPECT_EQ(signatures_of(functions_named("optional.of", false)), "optional.of(A)");
}

TEST(Functions, CountCharactersNotBytes) {
  EXPECT_EQ(worth("size('größe')"), "int 5");
  EXPECT_EQ(worth("'größe'.indexOf('e')"), "int 4");
  EXPECT_EQ(worth("'größe'.substring(2, 4)"), "string \"öß\"");
  EXPECT_EQ(worth("'größe'.reverse()"), "string \"eßörg\"");
  EXPECT_EQ(worth("'aß'.split('')"), "list [\"a\",\"ß\"]");
}

TEST(Functions, TakeTimesApart) {
  EXPECT_EQ(worth("timestamp('2024-02-29T23:59:59.5Z') + duration('1s')"),
            "google.protobuf.Timestamp \"2024-03-01T00:00:00.5Z\"");
  EXPECT_EQ(worth("timestamp('2026-11-22T10:00:00+02:00')"), "google.protobuf.Timestamp \"2026-11-22T08:00:00Z\"");
  EXPECT_EQ(worth("timestamp('2026-11-22T10:00:00Z').getDayOfWeek()"), "int 0");
  EXPECT_EQ(worth("timestamp('2023-02-29T00:00:00Z')").substr(0, 6), "error:");
  EXPECT_EQ(worth("timestamp('9999-12-31T23:59:59Z') + duration('1s')").substr(0, 6), "error:");
  EXPECT_EQ(worth("duration('1h30m') - duration('90m') == duration('0')"), "bool true");
  EXPECT_EQ(worth("string(duration('-1.5s'))"), "string \"-1.5s\"");
  EXPECT_EQ(worth("duration('1.5h').getMinutes()"), "int 90");
  EXPECT_EQ(worth("duration('9999999h')").substr(0, 6), "error:");
}

TEST(Functions, RegularExpressionsTakeNoTimeBeyondTheirText) {
  EXPECT_EQ(worth("'" + std::string(2000, 'a') + "'.matches('^(a+)+$')"), "bool true");
  EXPECT_EQ(worth("'a'.matches('((a{100}){100}){100}')").substr(0, 6), "error:");
}

}  // namespace
}  // namespace ork::expr
