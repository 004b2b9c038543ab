#pragma once

// Keeps a Sink in step with one kind of object: a paged list, then a watch from where the list
// ended, for ever. Every way in which a list or a watch can end is a transition below; none of
// them ends the watcher, and none is repeated without a wait that grows.
//
//   Idle --start--> Listing --last page--> Watching --stream ends--> Watching   (at once, if it had
//                     ^  |                    |  |                                brought something)
//                     |  +---- failure ----+  |  +-- failure --> BackingOff --> Watching (resume)
//                     |                    v  |
//                     +------------------ BackingOff <-- 410, resourceVersion went back, or
//                                                        fruitless_streams in a row
//   any --stop--> Stopped
//
// What may be relied on: events reach the sink in the server's order; after the watcher is synced
// nothing that still is so is missed for ever, since a gap (410, an etcd restored from a backup)
// leads to a list, which replaces all that is held. The end of a stream is never taken for
// completeness: API servers end streams cleanly when a reader falls behind.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "operator/kube/transport.hpp"
#include "operator/runtime/backoff.hpp"
#include "operator/runtime/event_reader.hpp"
#include "operator/runtime/limits.hpp"
#include "operator/runtime/line_buffer.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/sink.hpp"

namespace ork::runtime {

enum class WatchState { Idle, Listing, Watching, BackingOff, Stopped };

// Why a stream ended.
enum class StreamEnd {
  Clean,        // the server ended it: its timeout, a restart, or a reader that fell behind
  Gone,         // 410, as HTTP status or within the stream
  WentBack,     // a resourceVersion older than the one before: the server's history is another one
  Silent,       // no byte for the idle timeout
  Unreachable,  // no connection; says nothing about our request
  Refused,      // any other error answer, or an ERROR event
  Broken,       // the connection broke
  Malformed,    // a line that is no event or too long: what follows it can not be trusted
};

std::string_view to_string(WatchState state);
std::string_view to_string(StreamEnd end);

struct WatchTarget {
  kube::Resource resource;
  std::string ns;              // empty: all namespaces
  std::string label_selector;  // empty: all objects
  int page_size = limits::list_page;
  std::string field_selector;  // empty: all objects
};

// All are optional. A hook may call stop(), but must not destroy the watcher.
struct WatchHooks {
  std::function<void()> on_synced;                                         // once, after the first whole list
  std::function<void(const Unreadable&)> on_quarantine;                    // each time an object can not be read
  std::function<void(const std::string& what, Duration wait)> on_trouble;  // a failure, and the wait after it
};

struct WatchStats {
  std::uint64_t lists = 0;    // begun
  std::uint64_t pages = 0;    // received
  std::uint64_t watches = 0;  // opened
  std::uint64_t events = 0;   // objects by watch, readable or not
  std::uint64_t bookmarks = 0;
  std::uint64_t quarantined = 0;  // objects, by list or watch
  std::uint64_t malformed_lines = 0;
  std::uint64_t list_failures = 0;
  std::map<StreamEnd, std::uint64_t> ends;
};

class Watcher {
 public:
  // All references must outlive the watcher. Transport and sink are used on the loop's thread only.
  Watcher(kube::Transport& transport, Loop& loop, Sink& sink, WatchTarget target, WatchHooks hooks = {});
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Begins with a list; does nothing unless Idle.
  void start();
  // Ends for good: nothing is called any more once stop() has returned.
  void stop();

  WatchState state() const { return state_; }
  // True from the first whole list on; stays true while a later list runs.
  bool synced() const { return synced_; }
  const std::string& resource_version() const { return resource_version_; }
  const WatchStats& stats() const { return stats_; }
  // Objects that can not be read now, by "namespace/name"; at most limits::quarantine_kept.
  const std::map<std::string, Unreadable>& quarantine() const { return quarantine_; }
  const WatchTarget& target() const { return target_; }

 private:
  enum class Next { List, Page, Watch };

  void begin_list();
  void request_page();
  void on_page(Result<kube::Response, kube::Error> answer);
  void on_page_failed(const kube::Error& error);
  void finish_list(const std::string& resource_version);

  void open_watch();
  void on_data(std::string_view bytes);
  // True where the stream goes on.
  bool on_line(std::string_view line);
  bool on_object(const WatchLine& line);
  bool advance_to(const std::string& resource_version);
  void on_stream_end(const std::optional<kube::Error>& error);
  void end_stream(StreamEnd end, const std::string& what, std::optional<Duration> at_least = std::nullopt);
  Next after_end(StreamEnd end) const;

  void quarantine(Unreadable object);
  void back_off(Next next, const std::string& what, std::optional<Duration> at_least);
  void wait(Next next, Duration delay);
  void go_on(Next next);

  kube::Transport& transport_;
  Loop& loop_;
  Sink& sink_;
  WatchTarget target_;
  WatchHooks hooks_;

  WatchState state_ = WatchState::Idle;
  bool synced_ = false;
  std::string resource_version_;
  EventReader reader_;
  WatchStats stats_;
  std::map<std::string, Unreadable> quarantine_;

  // A list.
  std::string continue_token_;
  int page_failures_ = 0;
  std::map<std::string, Unreadable> listed_unreadable_;

  // A stream.
  std::unique_ptr<kube::Stream> stream_;
  LineBuffer lines_{limits::watch_line_bytes};
  Instant opened_{};
  bool ever_opened_ = false;
  bool progressed_ = false;  // this stream moved resource_version_ on
  int fruitless_ = 0;        // streams in a row that did not

  Backoff backoff_{watch_backoff, limits::healthy_after};
  std::unique_ptr<Timer> timer_;
  // Answers to calls of an earlier list, or to a destroyed watcher, find another number or none.
  std::shared_ptr<std::uint64_t> call_number_ = std::make_shared<std::uint64_t>(0);
};

}  // namespace ork::runtime
