#pragma once

// Cuts the bytes of a log into lines, empty ones included, so that lines of several logs can take turns.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ork::cli {

class LogLines {
 public:
  // Gets each line without its end.
  explicit LogLines(std::function<void(std::string_view)> on_line) : on_line_(std::move(on_line)) {}

  // The first `bytes` of what is to come were here before: a stream that is opened again begins anew.
  void skip(std::uint64_t bytes);
  void append(std::string_view bytes);
  // What stands after the last line end is a line too.
  void flush();
  // All that was appended and not skipped, ever.
  std::uint64_t received() const { return received_; }

 private:
  std::function<void(std::string_view)> on_line_;
  std::string rest_;
  std::uint64_t received_ = 0;
  std::uint64_t skip_ = 0;
};

}  // namespace ork::cli
