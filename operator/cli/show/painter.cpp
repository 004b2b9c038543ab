#include "operator/cli/show/painter.hpp"

#include <chrono>
#include <utility>

#include "operator/cli/show/limits.hpp"

namespace ork::show {

Painter::Painter(runtime::Loop& loop, Render render, std::function<void(std::string_view)> write)
    : loop_(loop), render_(std::move(render)), write_(std::move(write)) {}

void Painter::refresh() {
  if (finished_ || timer_) return;
  const auto since = painted_at_ ? loop_.now() - *painted_at_ : std::chrono::microseconds(limits::repaint);
  const auto left = std::chrono::ceil<runtime::Duration>(limits::repaint - since);
  if (left.count() <= 0) return paint();
  timer_ = loop_.after(left, [this] {
    timer_.reset();
    paint();
  });
}

void Painter::finish() {
  timer_.reset();
  if (!finished_) paint();
  finished_ = true;
}

void Painter::paint() {
  const std::vector<std::string> lines = render_();
  std::string out;
  // Back to the first line painted before; each line is cleared behind its text, and below the last all.
  if (painted_lines_ > 0) out += "\x1b[" + std::to_string(painted_lines_) + "A\r";
  for (const std::string& line : lines) out += line + "\x1b[K\n";
  out += "\x1b[J";
  painted_lines_ = lines.size();
  painted_at_ = loop_.now();
  write_(out);
}

}  // namespace ork::show
