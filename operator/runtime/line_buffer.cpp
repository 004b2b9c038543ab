#include "operator/runtime/line_buffer.hpp"

#include <algorithm>
#include <cstring>

#include "operator/runtime/limits.hpp"

namespace ork::runtime {

bool LineBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return true;
  // Only the first line of `bytes` continues the unfinished one; the rest is bounded by next().
  const std::size_t head = std::min(bytes.find('\n'), bytes.size());
  if (unfinished_bytes() + head > max_line_bytes_) return false;
  make_room(bytes.size());
  std::memcpy(data_.get() + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
  return true;
}

std::optional<std::string_view> LineBuffer::next() {
  while (begin_ < end_) {
    const char* base = data_.get();
    const void* found = std::memchr(base + searched_, '\n', end_ - searched_);
    if (found == nullptr) {
      searched_ = end_;
      return std::nullopt;
    }
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - base);
    const std::string_view line{base + begin_, at - begin_};
    begin_ = searched_ = at + 1;
    if (!line.empty()) return line;
  }
  return std::nullopt;
}

void LineBuffer::clear() {
  begin_ = searched_ = end_ = 0;
  if (capacity_ > limits::idle_buffer_bytes) {
    data_.reset();
    capacity_ = 0;
  }
}

void LineBuffer::make_room(std::size_t more) {
  const std::size_t kept = unfinished_bytes();
  if (kept == 0) clear();
  if (end_ + more <= capacity_) return;
  if (kept + more <= capacity_ && begin_ >= kept) {
    std::memmove(data_.get(), data_.get() + begin_, kept);
  } else {
    const std::size_t wanted = std::max({limits::first_buffer_bytes, 2 * capacity_, kept + more});
    std::unique_ptr<char[]> grown{new char[wanted + padding]};
    if (kept > 0) std::memcpy(grown.get(), data_.get() + begin_, kept);
    // The bytes a reader may touch beyond the last line must at least be defined.
    std::memset(grown.get() + kept, 0, wanted + padding - kept);
    data_ = std::move(grown);
    capacity_ = wanted;
  }
  searched_ -= begin_;
  begin_ = 0;
  end_ = kept;
}

}  // namespace ork::runtime
