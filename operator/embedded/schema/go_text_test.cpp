#include "operator/embedded/schema/go_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ork::embedded {
namespace {

// The expected texts are those of Go 1.24's fmt.Sprintf("%q"), fmt.Sprint and json.Marshal.
TEST(GoText, QuotesAsStrconvDoes) {
  EXPECT_EQ(go_text::quoted(""), R"("")");
  EXPECT_EQ(go_text::quoted("a\"b\\c\n\t\r\a\b\f\v"), R"("a\"b\\c\n\t\r\a\b\f\v")");
  EXPECT_EQ(go_text::quoted(std::string("\0\x1f\x7f", 3)), R"("\x00\x1f\x7f")");
  EXPECT_EQ(go_text::quoted("é世\U0001F600"), "\"é世\U0001F600\"");
  EXPECT_EQ(go_text::quoted("\u00a0\u200b\u2028\ufeff"), R"("\u00a0\u200b\u2028\ufeff")");
  EXPECT_EQ(go_text::quoted("\xff\xc3"), R"("\xff\xc3")");
}

TEST(GoText, WhatIsNoUtf8IsQuotedByTheByte) {
  EXPECT_EQ(go_text::quoted("\xc0\x80"), R"("\xc0\x80")") << "overlong";
  EXPECT_EQ(go_text::quoted("\xe0\x80\x80"), R"("\xe0\x80\x80")") << "overlong";
  EXPECT_EQ(go_text::quoted("\xed\xa0\x80"), R"("\xed\xa0\x80")") << "a surrogate";
  EXPECT_EQ(go_text::quoted("\xf4\x90\x80\x80"), R"("\xf4\x90\x80\x80")") << "beyond the last character";
}

TEST(GoText, TextOfJsonIsUtf8) {
  EXPECT_EQ(go_text::valid_utf8(""), "");
  EXPECT_EQ(go_text::valid_utf8("é世\U0001F600\U0010FFFF"), "é世\U0001F600\U0010FFFF");
  EXPECT_EQ(go_text::valid_utf8(std::string("a\0b", 3)), std::string("a\0b", 3));
  EXPECT_EQ(go_text::valid_utf8("\xff\xfe\xe4x"), "\uFFFD\uFFFD\uFFFDx");
  EXPECT_EQ(go_text::valid_utf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(GoText, PrintsFloatsWithTheFewestDigits) {
  EXPECT_EQ(go_text::number(0), "0");
  EXPECT_EQ(go_text::number(1.5), "1.5");
  EXPECT_EQ(go_text::number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(go_text::number(1e20), "100000000000000000000");
  EXPECT_EQ(go_text::number(1e21), "1e+21");
  EXPECT_EQ(go_text::number(0.0001), "0.0001");
  EXPECT_EQ(go_text::number(0.00001), "1e-05");
  EXPECT_EQ(go_text::number(-INFINITY), "-Inf");
}

TEST(GoText, WritesJsonAsMarshalDoes) {
  EXPECT_EQ(go_text::json(Json::parse(R"({"b": [1, 2.0, 1e-7, 1e21, true, null], "a": "<&>\u2028\n\u0001é"})")),
            R"({"a":"\u003c\u0026\u003e\u2028\n\u0001é","b":[1,2,1e-7,1e+21,true,null]})");
  EXPECT_EQ(go_text::json(Json("\xff")), R"("\ufffd")");
}

}  // namespace
}  // namespace ork::embedded
