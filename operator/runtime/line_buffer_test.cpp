#include "operator/runtime/line_buffer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "operator/runtime/limits.hpp"

namespace ork::runtime {
namespace {

std::vector<std::string> drain(LineBuffer& buffer) {
  std::vector<std::string> lines;
  while (const auto line = buffer.next()) {
    // The promise that simdjson relies on: these bytes may be read.
    volatile char sum = 0;
    for (std::size_t i = 0; i < LineBuffer::padding; ++i) sum = static_cast<char>(sum + line->data()[line->size() + i]);
    lines.emplace_back(*line);
  }
  return lines;
}

TEST(LineBuffer, GivesTheSameLinesHoweverTheBytesAreCut) {
  const std::string text = "first\n\nsecond line\n" + std::string(200, 'x') + "\nunfinished";
  const std::vector<std::string> expected{"first", "second line", std::string(200, 'x')};
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    LineBuffer buffer(1000);
    std::vector<std::string> lines;
    for (const auto part : {std::string_view{text}.substr(0, cut), std::string_view{text}.substr(cut)}) {
      ASSERT_TRUE(buffer.append(part));
      for (auto& line : drain(buffer)) lines.push_back(line);
    }
    EXPECT_EQ(lines, expected) << "cut at " << cut;
    EXPECT_EQ(buffer.unfinished_bytes(), 10U);
  }
}

TEST(LineBuffer, TakesOneByteAtATime) {
  LineBuffer buffer(100);
  std::vector<std::string> lines;
  for (const char c : std::string{"ab\ncd\n"}) {
    ASSERT_TRUE(buffer.append({&c, 1}));
    for (auto& line : drain(buffer)) lines.push_back(line);
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"ab", "cd"}));
}

TEST(LineBuffer, RefusesALineBeyondTheBoundWhole) {
  for (const std::size_t piece : {1U, 7U, 64U}) {
    LineBuffer buffer(64);
    ASSERT_TRUE(buffer.append(std::string(64, 'x')));
    EXPECT_FALSE(buffer.append(std::string(piece, 'x')));
    EXPECT_EQ(buffer.unfinished_bytes(), 64U);
  }
}

TEST(LineBuffer, TakesALineOfExactlyTheBound) {
  LineBuffer buffer(64);
  ASSERT_TRUE(buffer.append(std::string(64, 'x') + "\n"));
  EXPECT_EQ(drain(buffer), std::vector<std::string>{std::string(64, 'x')});
}

TEST(LineBuffer, ManyShortLinesMayBeLongerThanTheBoundTogether) {
  LineBuffer buffer(64);
  std::string burst;
  for (int i = 0; i < 1000; ++i) burst += "a line of some length\n";
  ASSERT_TRUE(buffer.append(burst));
  EXPECT_EQ(drain(buffer).size(), 1000U);
}

TEST(LineBuffer, StaysRightWhileItGrowsAndMovesTheUnfinishedPartToTheFront) {
  LineBuffer buffer(limits::watch_line_bytes);
  std::string sent;
  std::string received;
  for (std::size_t i = 0; i < 3000; ++i) {
    std::string chunk(i % 701, static_cast<char>('a' + i % 26));
    if (i % 3 == 0) chunk.insert(chunk.size() / 2, "\n");
    if (i % 100 == 0) chunk += std::string(50'000, 'z') + "\n";
    ASSERT_TRUE(buffer.append(chunk));
    sent += chunk;
    for (const auto& line : drain(buffer)) received += line;
  }
  std::erase(sent, '\n');
  EXPECT_EQ(received, sent.substr(0, received.size()));
  EXPECT_EQ(received.size() + buffer.unfinished_bytes(), sent.size());
}

}  // namespace
}  // namespace ork::runtime
