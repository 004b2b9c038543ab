#include "operator/cli/show/painter.hpp"

#include <gtest/gtest.h>

#include "operator/cli/show/elapsed.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::show {
namespace {

using runtime::Duration;

class PainterTest : public ::testing::Test {
 protected:
  runtime::ManualLoop loop_;
  std::vector<std::string> lines_{"a", "b"};
  std::vector<std::string> painted_;
  Painter painter_{loop_, [this] { return lines_; }, [this](std::string_view text) { painted_.emplace_back(text); }};
};

TEST_F(PainterTest, PaintsOverWhatItPaintedBefore) {
  painter_.refresh();
  lines_ = {"c"};
  loop_.advance(Duration(100));
  painter_.refresh();
  EXPECT_EQ(painted_, (std::vector<std::string>{"a\x1b[K\nb\x1b[K\n\x1b[J", "\x1b[2A\rc\x1b[K\n\x1b[J"}));
}

TEST_F(PainterTest, PaintsAtMostTenTimesASecondAndTheLastStateAlways) {
  for (int i = 0; i < 1000; ++i) {
    lines_ = {std::to_string(i)};
    painter_.refresh();
    loop_.advance(Duration(1));
  }
  loop_.advance(Duration(100));
  EXPECT_EQ(painted_.size(), 11U);
  EXPECT_EQ(painted_.back(), "\x1b[1A\r999\x1b[K\n\x1b[J");
}

TEST_F(PainterTest, PaintsTheEndAtOnceAndNothingAfterIt) {
  painter_.refresh();
  painter_.refresh();
  lines_ = {"end"};
  painter_.finish();
  painter_.refresh();
  painter_.finish();
  loop_.advance(Duration(1000));
  EXPECT_EQ(painted_.size(), 2U);
  EXPECT_EQ(painted_.back(), "\x1b[2A\rend\x1b[K\n\x1b[J");
}

TEST(Elapsed, HasTwoUnitsAtMost) {
  EXPECT_EQ(elapsed(999), "0s");
  EXPECT_EQ(elapsed(-5000), "0s");
  EXPECT_EQ(elapsed(59'999), "59s");
  EXPECT_EQ(elapsed(60'000), "1m");
  EXPECT_EQ(elapsed(72'000), "1m12s");
  EXPECT_EQ(elapsed(2 * 3'600'000 + 5 * 60'000 + 9'000), "2h5m");
  EXPECT_EQ(elapsed(26 * 3'600'000), "1d2h");
}

TEST(Elapsed, RunsOnUntilThereIsAnEnd) {
  EXPECT_EQ(elapsed(0, 0, 5000), "");
  EXPECT_EQ(elapsed(1000, 0, 5000), "4s");
  EXPECT_EQ(elapsed(1000, 3000, 5000), "2s");
}

}  // namespace
}  // namespace ork::show
