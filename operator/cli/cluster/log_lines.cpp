#include "operator/cli/cluster/log_lines.hpp"

#include <algorithm>

#include "operator/cli/cluster/limits.hpp"

namespace ork::cli {

void LogLines::skip(std::uint64_t bytes) { skip_ = bytes; }

void LogLines::append(std::string_view bytes) {
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
  bytes.remove_prefix(skipped);
  skip_ -= skipped;
  received_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      rest_ += bytes;
      // A program that never ends its line must not fill the memory.
      if (rest_.size() >= limits::log_line_bytes) flush();
      return;
    }
    if (rest_.empty()) {
      on_line_(bytes.substr(0, end));
    } else {
      rest_ += bytes.substr(0, end);
      on_line_(rest_);
      rest_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
}

void LogLines::flush() {
  if (rest_.empty()) return;
  on_line_(rest_);
  rest_.clear();
}

}  // namespace ork::cli
