#include "operator/embedded/node/log_streams.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "operator/embedded/node/limits.hpp"

namespace ork::embedded {
namespace {

// Where the last `lines` begin. A newline at the very end ends the last line.
off_t start_of_last_lines(int file, off_t size, std::int64_t lines) {
  if (lines <= 0) return size;
  const off_t least = std::max<off_t>(0, size - static_cast<off_t>(limits::log_search_bytes));
  std::vector<char> block(limits::log_piece_bytes);
  std::int64_t seen = 0;
  for (off_t end = std::max<off_t>(0, size - 1); end > least;) {
    const off_t begin = std::max(least, end - static_cast<off_t>(block.size()));
    const ssize_t got = ::pread(file, block.data(), static_cast<std::size_t>(end - begin), begin);
    if (got <= 0) return begin;
    for (off_t i = got; i > 0; --i) {
      if (block[static_cast<std::size_t>(i - 1)] == '\n' && ++seen == lines) return begin + i;
    }
    end = begin;
  }
  return least;
}

}  // namespace

// Tells which of the watched files has grown.
class LogStreams::Growth {
 public:
  Growth(boost::asio::io_context& io, std::function<void(const std::string&)> on_growth)
      : on_growth_(std::move(on_growth)), events_(io, ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    wait();
  }

  void watch(const std::string& path) {
    const int number = ::inotify_add_watch(events_.native_handle(), path.c_str(), IN_MODIFY);
    if (number >= 0) paths_[number] = path;
  }
  void unwatch(const std::string& path) {
    const auto it = std::find_if(paths_.begin(), paths_.end(), [&](const auto& p) { return p.second == path; });
    if (it == paths_.end()) return;
    ::inotify_rm_watch(events_.native_handle(), it->first);
    paths_.erase(it);
  }

 private:
  void wait() {
    events_.async_read_some(
        boost::asio::buffer(buffer_),
        [this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error, std::size_t size) {
          if (error || alive.expired()) return;
          tell(size);
          if (!alive.expired()) wait();
        });
  }

  void tell(std::size_t size) {
    std::set<std::string> grown;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event{};
      std::memcpy(&event, buffer_.data() + at, sizeof event);
      at += sizeof event + event.len;
      if (const auto path = paths_.find(event.wd); path != paths_.end()) grown.insert(path->second);
    }
    for (const std::string& path : grown) on_growth_(path);
  }

  std::function<void(const std::string&)> on_growth_;
  boost::asio::posix::stream_descriptor events_;
  std::array<char, 4096> buffer_{};
  std::map<int, std::string> paths_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

class LogStreams::Reader final : public kube::Stream {
 public:
  Reader(LogStreams& streams, const LogView& view, int file, off_t from, kube::StreamHandlers handlers)
      : streams_(streams),
        streams_alive_(streams.alive_),
        path_(view.path),
        file_(file),
        at_(from),
        left_(view.limit_bytes.value_or(INT64_MAX)),
        follow_(view.follow),
        handlers_(std::make_shared<kube::StreamHandlers>(std::move(handlers))) {
    wake();
  }
  ~Reader() override {
    ::close(file_);
    if (!streams_alive_.expired()) streams_.left(path_, this);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void wake() {
    if (posted_ || done_) return;
    posted_ = true;
    streams_.loop_.post([this, alive = std::weak_ptr(alive_)] {
      if (alive.expired()) return;
      posted_ = false;
      read_piece();
    });
  }
  void end() {
    follow_ = false;
    wake();
  }

 private:
  void read_piece() {
    const auto handlers = handlers_;
    const std::weak_ptr<int> alive = alive_;
    std::vector<char> piece(
        static_cast<std::size_t>(std::min<std::int64_t>(left_, static_cast<std::int64_t>(limits::log_piece_bytes))));
    const ssize_t size = piece.empty() ? 0 : ::pread(file_, piece.data(), piece.size(), at_);
    if (size > 0) {
      at_ += size;
      left_ -= size;
      handlers->on_data({piece.data(), static_cast<std::size_t>(size)});
      if (!alive.expired()) wake();
    } else if (!follow_ || left_ == 0 || size < 0) {
      done_ = true;
      handlers->on_end(std::nullopt);
    }
  }

  LogStreams& streams_;
  std::weak_ptr<int> streams_alive_;
  std::string path_;
  int file_;
  off_t at_;
  std::int64_t left_;
  bool follow_;
  bool posted_ = false;
  bool done_ = false;
  std::shared_ptr<kube::StreamHandlers> handlers_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

LogStreams::LogStreams(runtime::Loop& loop, boost::asio::io_context* io) : loop_(loop) {
  if (io != nullptr) growth_ = std::make_unique<Growth>(*io, [this](const std::string& path) { grown(path); });
}

LogStreams::~LogStreams() = default;

Result<std::unique_ptr<kube::Stream>, std::string> LogStreams::open(const LogView& view,
                                                                    kube::StreamHandlers handlers) {
  const int file = ::open(view.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return Err(std::string("its log is not there: ") + std::strerror(errno));
  struct stat info{};
  ::fstat(file, &info);
  const off_t from = view.tail_lines ? start_of_last_lines(file, info.st_size, *view.tail_lines) : 0;
  auto reader = std::make_unique<Reader>(*this, view, file, from, std::move(handlers));
  if (view.follow) {
    followers_[view.path].insert(reader.get());
    if (growth_) growth_->watch(view.path);
  }
  return std::unique_ptr<kube::Stream>(std::move(reader));
}

void LogStreams::ended(const std::string& path) {
  const auto followers = followers_.find(path);
  if (followers == followers_.end()) return;
  for (Reader* reader : followers->second) reader->end();
}

void LogStreams::grown(const std::string& path) {
  const auto followers = followers_.find(path);
  if (followers == followers_.end()) return;
  for (Reader* reader : followers->second) reader->wake();
}

void LogStreams::left(const std::string& path, Reader* reader) {
  const auto followers = followers_.find(path);
  if (followers == followers_.end()) return;
  followers->second.erase(reader);
  if (!followers->second.empty()) return;
  followers_.erase(followers);
  if (growth_) growth_->unwatch(path);
}

std::size_t LogStreams::readers() const {
  std::size_t count = 0;
  for (const auto& [path, followers] : followers_) count += followers.size();
  return count;
}

}  // namespace ork::embedded
