#include "controllers/expr/quote.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ork::expr {
namespace {

using namespace std::string_literals;

TEST(Printable, LeavesOrdinaryTextAsItIs) {
  for (const char* text : {"", "load-all", "a \"b\" \\c", "größe", "日本語", "\U0001F600"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, EscapesWhatATerminalObeysOrAReaderCannotSee) {
  struct Case {
    std::string text, shown;
  };
  const Case cases[] = {{"a\0b"s, "a\\x00b"},
                        {"\x1b[31mred", "\\x1b[31mred"},
                        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
                        {"\x7f", "\\x7f"},
                        {"\u0085", "\\u0085"},
                        {"a\u202eb", "a\\u202eb"},
                        {"\u200b\ufeff", "\\u200b\\ufeff"},
                        {"\u2066x", "\\u2066x"},
                        {"\U000E0041", "\\U000e0041"}};
  for (const Case& c : cases) EXPECT_EQ(printable(c.text), c.shown);
}

TEST(Printable, EscapesBytesThatAreNotUtf8) {
  struct Case {
    std::string text, shown;
  };
  const Case cases[] = {{"\xff", "\\xff"},
                        {"\xc3", "\\xc3"},                             // cut short
                        {"\xc3(", "\\xc3("},                           // no continuation
                        {"\xc0\x80", "\\xc0\\x80"},                    // overlong NUL
                        {"\xe0\x80\x80", "\\xe0\\x80\\x80"},           // overlong
                        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
                        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
                        {"\x80", "\\x80"}};
  for (const Case& c : cases) EXPECT_EQ(printable(c.text), c.shown);
}

TEST(Printable, CutsWholeCharactersAndSaysSo) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abc...");
  EXPECT_EQ(printable("aéé", 4), "a...");
  EXPECT_EQ(printable("abcdefg", 3), "...");
  EXPECT_EQ(printable("ab\nd", 4), "a...");
}

TEST(InQuotes, EscapesQuotesAndBackslashes) {
  EXPECT_EQ(in_quotes("day"), "\"day\"");
  EXPECT_EQ(in_quotes("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(in_quotes(std::string(100, 'a'), 8), "\"aaaaa...\"");
}

RC_GTEST_PROP(PrintableProperty, AnyBytesBecomeBoundedUtf8ThatIsPrintableAlready, (const std::string& text)) {
  const std::string once = printable(text, 40);
  RC_ASSERT(once.size() <= 40u);
  RC_ASSERT(printable(once, 40) == once);
  RC_ASSERT(nlohmann::json(once).dump().size() >= once.size());  // throws where it is not UTF-8
}

}  // namespace
}  // namespace ork::expr
