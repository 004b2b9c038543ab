#pragma once

// The log of one Pod: read to its end, or followed until the Pod has ended. A stream that breaks is opened again
// and goes on where it was; one that is refused because the container is not there yet is asked for again.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "operator/cli/cluster/log_lines.hpp"
#include "operator/cli/cluster/log_source.hpp"
#include "operator/runtime/backoff.hpp"

namespace ork::cli {

struct LogOptions {
  bool follow = false;
  std::optional<std::int64_t> tail;  // only the last lines of what there is
};

struct LogHooks {
  std::function<void(std::string_view line)> on_line;
  // The log is over. A failure: it can't be read (not allowed); without one all there was has been told.
  std::function<void(std::optional<Failure>)> on_end;
  std::function<void(const std::string& sentence)> on_trouble;
};

class LogStream {
 public:
  // Hooks are called from the loop; on_end once, after which the stream may be destroyed (not within it).
  LogStream(Session& session, std::string ns, LogSource source, LogOptions options, LogHooks hooks);

  void open();
  // What is known of the Pod by now.
  void update(const LogSource& source);
  const LogSource& source() const { return source_; }

 private:
  void on_end(const std::optional<kube::Error>& error);
  void on_refusal(const kube::Error& error);
  void open_later(runtime::Duration wait);
  void finish(std::optional<Failure> failure);

  Session& session_;
  std::string ns_;
  LogSource source_;
  LogOptions options_;
  LogHooks hooks_;
  LogLines lines_;
  std::uint64_t received_before_ = 0;  // when this stream was opened
  bool opened_before_ = false;
  bool ended_cleanly_ = false;  // and the news that the Pod has ended are still to come
  int fruitless_ = 0;           // tries in a row
  bool finished_ = false;
  std::unique_ptr<kube::Stream> stream_;
  std::unique_ptr<runtime::Timer> timer_;
};

}  // namespace ork::cli
