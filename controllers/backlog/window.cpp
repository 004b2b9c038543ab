#include "controllers/backlog/window.hpp"

#include <algorithm>

namespace ork::backlog {
namespace {

double lower(double a, double b) { return a == 0 ? b : std::min(a, b); }

}  // namespace

Window::Window(std::size_t most)
    : most_(static_cast<double>(most)), size_(static_cast<double>(std::min(most, first_window))) {}

void Window::note_floor(double took, api::TimeMs now) {
  if (now - period_began_ >= floor_period_ms) {
    earlier_floor_ = floor_;
    floor_ = 0;
    period_began_ = now;
  }
  floor_ = lower(floor_, took);
}

void Window::placed(api::DurationMs took_ms, api::TimeMs now_ms, bool others_wait) {
  const double took = static_cast<double>(std::max<api::DurationMs>(1, took_ms));
  note_floor(took, now_ms);
  usual_ = usual_ == 0 ? took : usual_ + (took - usual_) / 8;
  const double enough = tolerated_times * lower(earlier_floor_, floor_) + static_cast<double>(tolerated_ms);
  // What all of a window's tasks together make of it is one step.
  if (usual_ > enough) {
    size_ -= 0.1;
  } else if (others_wait) {
    size_ += 1 / size_;
  }
  size_ = std::clamp(size_, std::min(most_, static_cast<double>(least_window)), most_);
}

}  // namespace ork::backlog
