#include "operator/cli/console/background_console.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

namespace ork::cli {
namespace {

// A reader that takes nothing while it is held.
class HeldConsole final : public Console {
 public:
  void write(Channel channel, std::string_view text) override {
    std::unique_lock lock(mutex_);
    reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    (channel == Channel::Out ? out_text : err_text) += text;
    changed_.notify_all();
  }
  show::Screen screen(Channel) const override { return {}; }
  bool can_paint(Channel) const override { return false; }

  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void await_writer() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void await_written() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !out_text.empty(); });
  }

  std::string out_text, err_text;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool reached_ = false;
};

TEST(BackgroundConsole, WritesAllInOrderBeforeItEnds) {
  HeldConsole reader;
  std::string expected;
  {
    BackgroundConsole console(reader);
    for (int i = 0; i < 1000; ++i) {
      const std::string line = std::to_string(i) + "\n";
      console.out(line);
      expected += line;
    }
    console.err("problem\n");
  }
  EXPECT_EQ(reader.out_text, expected);
  EXPECT_EQ(reader.err_text, "problem\n");
}

TEST(BackgroundConsole, LeavesOutWhatAReaderThatIsHeldUpHasNoRoomForAndSaysHowMuch) {
  HeldConsole reader;
  reader.hold();
  const std::string half(BackgroundConsole::max_waiting_bytes / 2, 'x');
  {
    BackgroundConsole console(reader);
    console.out(half);
    reader.await_writer();
    console.out(half);
    console.out("a\nb\n");
    console.out("c\n");
    reader.let_go();
  }
  EXPECT_EQ(reader.out_text, half + half);
  EXPECT_EQ(reader.err_text, "(3 lines left out: they were not read in time)\n");
}

TEST(BackgroundConsole, EndsAlthoughNobodyReads) {
  HeldConsole reader;
  reader.hold();
  {
    BackgroundConsole console(reader);
    console.out("a\n");
    reader.await_writer();
    console.out("b\n");
  }
  EXPECT_EQ(reader.out_text, "");
  reader.let_go();
  reader.await_written();
  EXPECT_EQ(reader.out_text, "a\n");
}

}  // namespace
}  // namespace ork::cli
