#include "operator/cli/print/line_diff.hpp"

#include <gtest/gtest.h>

namespace ork::print {
namespace {

std::string numbers(int from, int to) {
  std::string out;
  for (int i = from; i <= to; ++i) out += std::to_string(i) + "\n";
  return out;
}

TEST(LineDiff, OfTheSameIsNothing) {
  EXPECT_EQ(line_diff("", ""), "");
  EXPECT_EQ(line_diff("a\nb\n", "a\nb\n"), "");
}

TEST(LineDiff, ShowsWhatWentAndWhatCameWithTheLinesAround) {
  EXPECT_EQ(line_diff(numbers(1, 9), numbers(1, 4) + "five\n" + numbers(6, 9)),
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(LineDiff, KeepsChangesTogetherThatAreNear) {
  EXPECT_EQ(line_diff(numbers(1, 8), "0\n" + numbers(1, 6) + "8\n"),
            "@@ -1,8 +1,8 @@\n+0\n 1\n 2\n 3\n 4\n 5\n 6\n-7\n 8\n");
  EXPECT_EQ(line_diff(numbers(1, 9), "0\n" + numbers(1, 8)),
            "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -6,4 +7,3 @@\n 6\n 7\n 8\n-9\n");
}

TEST(LineDiff, NamesTheLineBeforeWhereATextHasNone) {
  EXPECT_EQ(line_diff("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(line_diff("a\nb\n", ""), "@@ -1,2 +0,0 @@\n-a\n-b\n");
}

TEST(LineDiff, FindsTheFewestChanges) {
  // The example of the paper.
  const std::string diff = line_diff("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n");
  EXPECT_EQ(std::count(diff.begin(), diff.end(), '-') - 1 + std::count(diff.begin(), diff.end(), '+') - 1, 5);
}

TEST(LineDiff, OfTextsThatHaveLittleInCommonShowsBothWhole) {
  const std::string diff = line_diff(numbers(1, 2'000), numbers(3'000, 5'000));
  EXPECT_TRUE(diff.starts_with("@@ -1,2000 +1,2001 @@\n-1\n-2\n"));
}

}  // namespace
}  // namespace ork::print
