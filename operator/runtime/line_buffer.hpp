#pragma once

// Cuts a stream of bytes into lines. A line is handed out in place, and may be read
// `padding` bytes beyond its end (simdjson does), so an event is copied exactly once.

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace ork::runtime {

class LineBuffer {
 public:
  static constexpr std::size_t padding = 64;  // at least SIMDJSON_PADDING; event_reader.cpp checks it

  explicit LineBuffer(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  // Adds bytes as they arrived. False where the unfinished line is longer than the bound: the
  // bytes are dropped and clear() is all that can be done.
  bool append(std::string_view bytes);

  // The next whole line without its '\n' (empty lines are skipped), valid until the next call of
  // any other function than next(). nullopt: no whole line is there.
  std::optional<std::string_view> next();

  // Bytes of a line whose end has not arrived.
  std::size_t unfinished_bytes() const { return end_ - begin_; }
  // Drops everything, and memory beyond the usual size with it.
  void clear();

 private:
  void make_room(std::size_t more);

  std::size_t max_line_bytes_;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;  // without the padding
  std::size_t begin_ = 0;     // first byte not handed out
  std::size_t searched_ = 0;  // no '\n' in [begin_, searched_)
  std::size_t end_ = 0;
};

}  // namespace ork::runtime
