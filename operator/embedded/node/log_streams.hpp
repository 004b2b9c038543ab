#pragma once

// Logs as streams: a file from its beginning or its last lines, and on while it grows, until whoever
// writes it has ended. A piece in each turn of the loop; what grows is told by inotify.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "controllers/result/result.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::embedded {

struct LogView {
  std::string path;
  std::optional<std::int64_t> tail_lines;
  std::optional<std::int64_t> limit_bytes;
  bool follow = false;  // whoever writes it still runs, and the reader wants the rest as well
};

class LogStreams {
 public:
  // Without `io` a followed log is read again only when ended() says so.
  LogStreams(runtime::Loop& loop, boost::asio::io_context* io);
  ~LogStreams();
  LogStreams(const LogStreams&) = delete;
  LogStreams& operator=(const LogStreams&) = delete;

  // The error is a sentence.
  Result<std::unique_ptr<kube::Stream>, std::string> open(const LogView& view, kube::StreamHandlers handlers);
  // Nothing more will be written to this file.
  void ended(const std::string& path);

  std::size_t readers() const;

 private:
  class Reader;
  class Growth;

  void grown(const std::string& path);
  void left(const std::string& path, Reader* reader);

  runtime::Loop& loop_;
  std::unique_ptr<Growth> growth_;
  std::map<std::string, std::set<Reader*>> followers_;  // by path
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded
