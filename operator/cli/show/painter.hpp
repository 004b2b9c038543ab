#pragma once

// Paints lines on a terminal, each time over those before, at most ten times a second.
//
//   Painter painter(loop, [&] { return live_tree(view(), screen()); }, [](std::string_view s) { write(s); });
//   painter.refresh();   // whenever something has changed
//   painter.finish();    // the last state stays; what follows goes below it

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/runtime/loop.hpp"

namespace ork::show {

class Painter {
 public:
  // Asked for when it is time to paint; no line may be wider, nor may there be more lines, than the terminal has.
  using Render = std::function<std::vector<std::string>()>;

  Painter(runtime::Loop& loop, Render render, std::function<void(std::string_view)> write);

  // Paints now, or as soon as limits::repaint has passed since the last time.
  void refresh();
  // Paints what there is now, whenever that was, and never again.
  void finish();

 private:
  void paint();

  runtime::Loop& loop_;
  Render render_;
  std::function<void(std::string_view)> write_;
  std::optional<runtime::Instant> painted_at_;
  std::size_t painted_lines_ = 0;
  bool finished_ = false;
  std::unique_ptr<runtime::Timer> timer_;
};

}  // namespace ork::show
