#include "operator/cli/show/line.hpp"

#include <gtest/gtest.h>

namespace ork::show {
namespace {

TEST(Width, CountsColumnsAndNotBytes) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("é…─"), 3U);
  EXPECT_EQ(width_of("日本"), 4U);
  EXPECT_EQ(width_of("😀"), 2U);
  EXPECT_EQ(width_of("e\xCC\x81"), 1U);
  EXPECT_EQ(width_of("\xF0\x9F"), 2U);  // cut off: each byte by itself
}

TEST(Cut, NeverSplitsACharacter) {
  EXPECT_EQ(cut("abcdef", 6, true), "abcdef");
  EXPECT_EQ(cut("abcdef", 5, true), "abcd…");
  EXPECT_EQ(cut("abcdef", 5, false), "ab...");
  EXPECT_EQ(cut("日本語", 5, true), "日本…");
  EXPECT_EQ(cut("日本語", 4, true), "日…");
  EXPECT_EQ(cut("abc", 2, false), "");
  EXPECT_EQ(cut("abc", 0, true), "");
}

TEST(FirstLine, IsPrintableAndOne) {
  EXPECT_EQ(first_line("one\ntwo", 10, true), "one");
  EXPECT_EQ(first_line("\x1b[31mred", 20, true), "\\x1b[31mred");
  EXPECT_EQ(first_line("", 10, true), "");
}

TEST(Line, PadsAndCutsAsAWhole) {
  Line line("name");
  line.pad_to(6).add("Phase", Colour::Green).add("  ");
  EXPECT_EQ(line.render({}), "name  Phase");
  EXPECT_EQ(line.render({.width = 11}), "name  Phas…");
  EXPECT_EQ(line.render({.width = 13}), "name  Phase");
  EXPECT_EQ(line.render({.width = 8, .colour = true}), "name  \x1b[32mP…\x1b[0m");
  EXPECT_EQ(line.render({.width = 6}), "name …");
}

TEST(Line, ObeysNoTerminalSequence) { EXPECT_EQ(Line("a\x1b[2Jb\nc").render({}), "a\\x1b[2Jb\\nc"); }

}  // namespace
}  // namespace ork::show
