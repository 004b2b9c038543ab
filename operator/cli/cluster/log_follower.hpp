#pragma once

// The logs of a run while it runs: first those that are over already, one after the other in the order in which they
// started; then of each Pod as soon as it has started, whichever attempt it belongs to, until the run has ended and
// every log with it.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "operator/cli/cluster/json_sink.hpp"
#include "operator/cli/cluster/lists.hpp"
#include "operator/cli/cluster/log_stream.hpp"
#include "operator/runtime/watcher.hpp"

namespace ork::cli {

struct LogFollowerHooks {
  std::function<void(const LogSource& source, std::string_view line)> on_line;
  std::function<void(const std::string& sentence)> on_trouble;
  // Once: all is told, or it can't go on.
  std::function<void(std::optional<Failure>)> on_done;
};

class LogFollower {
 public:
  LogFollower(Session& session, std::string ns, const std::string& run_uid, LogFilter filter,
              std::optional<std::int64_t> tail, LogFollowerHooks hooks);

  void start() { watcher_.start(); }
  // The run has ended: no Pod will be added, but the news of the last ones may still be on their way.
  void run_ended();

 private:
  struct Followed {
    std::unique_ptr<LogStream> stream;  // null: waits for its Pod to start, or for its turn
    LogSource source;
    bool queued = false;
    bool alone = false;  // was over when following began: no other log is told beside it
    bool over = false;
  };

  void seen(runtime::ChangeType change, const Json& pod);
  void begin();
  void applied(LogSource source);
  void deleted(const std::string& uid);
  void open_next();
  void open(const std::string& uid);
  void ended(const std::string& uid, std::optional<Failure> failure);
  void list_last(const std::string& continue_token);
  void on_last_page(Result<kube::Response, kube::Error> answer);
  void finish_if_all_told();
  void finish(std::optional<Failure> failure);

  Session& session_;
  std::string ns_;
  std::string selector_;
  LogFilter filter_;
  LogOptions options_;
  LogFollowerHooks hooks_;
  std::map<std::string, Followed> pods_;  // by uid
  std::deque<std::string> queue_;         // uids that wait for their turn
  std::size_t open_ = 0;
  std::size_t untold_ = 0;  // queued, or open
  bool begun_ = false;      // what was there at first is known
  bool alone_ = false;      // one that is told alone is open
  bool listing_last_ = false;
  bool all_known_ = false;  // no Pod will be added
  bool done_ = false;
  JsonSink sink_;
  runtime::Watcher watcher_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// The same of a run as it stands: one log after the other, in the order in which they started.
Result<Done, Failure> print_logs(Session& session, const std::string& ns, const std::string& run_uid,
                                 const LogFilter& filter, std::optional<std::int64_t> tail,
                                 const std::function<void(const LogSource& source, std::string_view line)>& on_line,
                                 const std::function<void(const std::string& sentence)>& on_trouble);

}  // namespace ork::cli
