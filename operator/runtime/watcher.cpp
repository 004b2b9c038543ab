#include "operator/runtime/watcher.hpp"

#include <algorithm>
#include <utility>

#include "operator/runtime/resource_version.hpp"

namespace ork::runtime {

std::string_view to_string(WatchState state) {
  switch (state) {
    case WatchState::Idle: return "Idle";
    case WatchState::Listing: return "Listing";
    case WatchState::Watching: return "Watching";
    case WatchState::BackingOff: return "BackingOff";
    case WatchState::Stopped: return "Stopped";
  }
  return "?";
}

std::string_view to_string(StreamEnd end) {
  switch (end) {
    case StreamEnd::Clean: return "Clean";
    case StreamEnd::Gone: return "Gone";
    case StreamEnd::WentBack: return "WentBack";
    case StreamEnd::Silent: return "Silent";
    case StreamEnd::Unreachable: return "Unreachable";
    case StreamEnd::Refused: return "Refused";
    case StreamEnd::Broken: return "Broken";
    case StreamEnd::Malformed: return "Malformed";
  }
  return "?";
}

namespace {

StreamEnd classify(const std::optional<kube::Error>& error) {
  if (!error) return StreamEnd::Clean;
  switch (error->code) {
    case kube::Errc::Gone: return StreamEnd::Gone;
    case kube::Errc::Timeout: return StreamEnd::Silent;
    case kube::Errc::Config:
    case kube::Errc::Credentials:
    case kube::Errc::Connect: return StreamEnd::Unreachable;
    case kube::Errc::Interrupted:
    case kube::Errc::Cancelled: return StreamEnd::Broken;
    default: return StreamEnd::Refused;
  }
}

}  // namespace

Watcher::Watcher(kube::Transport& transport, Loop& loop, Sink& sink, WatchTarget target, WatchHooks hooks)
    : transport_(transport), loop_(loop), sink_(sink), target_(std::move(target)), hooks_(std::move(hooks)) {}

Watcher::~Watcher() = default;

void Watcher::start() {
  if (state_ == WatchState::Idle) begin_list();
}

void Watcher::stop() {
  state_ = WatchState::Stopped;
  ++*call_number_;
  timer_.reset();
  stream_.reset();
  continue_token_.clear();
}

// --- listing ---

void Watcher::begin_list() {
  ++stats_.lists;
  continue_token_.clear();
  page_failures_ = 0;
  listed_unreadable_.clear();
  // Before the request is sent: what we write ourselves from here on may be newer than the list.
  sink_.list_started();
  request_page();
}

void Watcher::request_page() {
  state_ = WatchState::Listing;
  kube::ListOptions options;
  options.label_selector = target_.label_selector;
  options.field_selector = target_.field_selector;
  options.limit = target_.page_size;
  options.continue_token = continue_token_;
  const std::uint64_t number = ++*call_number_;
  transport_.call(kube::list_request(target_.resource, target_.ns, options),
                  [this, number, alive = std::weak_ptr<std::uint64_t>(call_number_)](auto answer) {
                    const auto current = alive.lock();
                    if (current && *current == number) on_page(std::move(answer));
                  });
}

void Watcher::on_page(Result<kube::Response, kube::Error> answer) {
  if (!answer) return on_page_failed(answer.error());
  ++stats_.pages;
  auto page = reader_.read_page(std::move(answer->body), sink_);
  if (!page) {
    ++stats_.list_failures;
    return back_off(Next::List, page.error(), std::nullopt);
  }
  page_failures_ = 0;
  for (auto& object : page->unreadable) {
    quarantine(object);
    if (state_ == WatchState::Stopped) return;
    if (listed_unreadable_.size() < limits::quarantine_kept) {
      listed_unreadable_.insert_or_assign(object.ns + "/" + object.name, std::move(object));
    }
  }
  if (state_ == WatchState::Stopped) return;
  continue_token_ = std::move(page->continue_token);
  if (!continue_token_.empty()) return request_page();
  finish_list(page->resource_version);
}

void Watcher::on_page_failed(const kube::Error& error) {
  ++stats_.list_failures;
  // A page that fails is asked for again, or one busy minute of the server would make every long
  // list start anew; a token that has expired (410) or was refused can only begin again.
  const bool same_page = !continue_token_.empty() && error.transient() && error.code != kube::Errc::Gone &&
                         ++page_failures_ <= limits::page_retries;
  back_off(same_page ? Next::Page : Next::List, error.message, error.retry_after);
}

void Watcher::finish_list(const std::string& resource_version) {
  resource_version_ = resource_version;
  quarantine_ = std::exchange(listed_unreadable_, {});
  fruitless_ = 0;
  sink_.list_finished(resource_version);
  if (state_ == WatchState::Stopped) return;
  if (!std::exchange(synced_, true) && hooks_.on_synced) hooks_.on_synced();
  if (state_ == WatchState::Stopped) return;
  open_watch();
}

// --- watching ---

void Watcher::open_watch() {
  const Instant now = loop_.now();
  if (ever_opened_ && now - opened_ < limits::watch_spacing) {
    const auto left = std::chrono::ceil<Duration>(limits::watch_spacing - (now - opened_));
    return wait(Next::Watch, left);
  }
  state_ = WatchState::Watching;
  ever_opened_ = true;
  opened_ = now;
  progressed_ = false;
  lines_.clear();
  ++stats_.watches;
  kube::WatchOptions options;
  options.label_selector = target_.label_selector;
  options.field_selector = target_.field_selector;
  options.resource_version = resource_version_;
  const auto spread = static_cast<double>(limits::watch_timeout_spread.count()) * loop_.random();
  options.timeout = limits::watch_timeout + std::chrono::seconds{static_cast<long>(spread)};
  options.idle_timeout = limits::watch_idle;
  stream_ = transport_.open_stream(kube::watch_request(target_.resource, target_.ns, options),
                                   {[this](std::string_view bytes) { on_data(bytes); },
                                    [this](std::optional<kube::Error> error) { on_stream_end(error); }});
}

void Watcher::on_data(std::string_view bytes) {
  if (!lines_.append(bytes)) {
    ++stats_.malformed_lines;
    return end_stream(StreamEnd::Malformed,
                      "a watch line is longer than " + std::to_string(limits::watch_line_bytes) + " bytes");
  }
  while (const auto line = lines_.next()) {
    if (!on_line(*line)) return;
  }
}

bool Watcher::on_line(std::string_view line) {
  const WatchLine read = reader_.read_line(line, sink_);
  if (state_ == WatchState::Stopped) return false;
  switch (read.kind) {
    case WatchLine::Kind::Object:
    case WatchLine::Kind::Unreadable: return on_object(read);
    case WatchLine::Kind::Bookmark: ++stats_.bookmarks; return advance_to(read.resource_version);
    case WatchLine::Kind::Error:
      end_stream(read.error_code == 410 ? StreamEnd::Gone : StreamEnd::Refused, read.message, read.retry_after);
      return false;
    case WatchLine::Kind::Malformed:
      ++stats_.malformed_lines;
      end_stream(StreamEnd::Malformed, read.message);
      return false;
  }
  return false;
}

bool Watcher::on_object(const WatchLine& line) {
  ++stats_.events;
  if (line.unreadable) {
    quarantine(*line.unreadable);
    if (state_ == WatchState::Stopped) return false;
    if (line.change == ChangeType::Deleted) quarantine_.erase(line.unreadable->ns + "/" + line.unreadable->name);
  } else if (!quarantine_.empty()) {
    quarantine_.erase(line.ns + "/" + line.name);
  }
  return advance_to(line.resource_version);
}

bool Watcher::advance_to(const std::string& resource_version) {
  // An unreadable object may have none: then the next event or bookmark moves us on.
  if (resource_version.empty() || resource_version == resource_version_) return true;
  // One watch never goes back. Where it does, the server's past is another than the one we know
  // (etcd restored from a backup), and what we hold may never have happened.
  if (is_older(parse_resource_version(resource_version), parse_resource_version(resource_version_))) {
    end_stream(StreamEnd::WentBack, "resourceVersion went back from " + resource_version_ + " to " + resource_version);
    return false;
  }
  resource_version_ = resource_version;
  progressed_ = true;
  return true;
}

void Watcher::on_stream_end(const std::optional<kube::Error>& error) {
  end_stream(classify(error), error ? error->message : "the server ended the watch",
             error ? error->retry_after : std::nullopt);
}

void Watcher::end_stream(StreamEnd end, const std::string& what, std::optional<Duration> at_least) {
  ++stats_.ends[end];
  stream_.reset();
  lines_.clear();
  // A clean end after two quiet minutes is the server's timeout; silence that long is a failure.
  const bool lived = loop_.now() - opened_ >= limits::healthy_after;
  const bool fruitful = progressed_ || (end == StreamEnd::Clean && lived);
  if (fruitful) {
    fruitless_ = 0;
    // Each stream that shows something is one that works, however often they break.
    backoff_.reset();
  } else if (end != StreamEnd::Unreachable) {
    ++fruitless_;
  }
  if (end == StreamEnd::Clean && fruitless_ <= 1) return open_watch();
  back_off(after_end(end), what, at_least);
}

Watcher::Next Watcher::after_end(StreamEnd end) const {
  if (end == StreamEnd::Gone || end == StreamEnd::WentBack) return Next::List;
  // Resuming right before the line that can not be read would meet it again.
  if (end == StreamEnd::Malformed && !progressed_) return Next::List;
  return fruitless_ >= limits::fruitless_streams ? Next::List : Next::Watch;
}

// --- quarantine and waiting ---

void Watcher::quarantine(Unreadable object) {
  ++stats_.quarantined;
  if (hooks_.on_quarantine) hooks_.on_quarantine(object);
  if (object.name.empty()) return;
  const std::string key = object.ns + "/" + object.name;
  if (quarantine_.size() < limits::quarantine_kept || quarantine_.contains(key)) {
    quarantine_.insert_or_assign(key, std::move(object));
  }
}

void Watcher::back_off(Next next, const std::string& what, std::optional<Duration> at_least) {
  const Duration delay = std::max(backoff_.next(loop_.now(), loop_.random()), at_least.value_or(Duration{0}));
  if (hooks_.on_trouble) hooks_.on_trouble(what, delay);
  if (state_ != WatchState::Stopped) wait(next, delay);
}

void Watcher::wait(Next next, Duration delay) {
  state_ = WatchState::BackingOff;
  timer_ = loop_.after(delay, [this, next] { go_on(next); });
}

void Watcher::go_on(Next next) {
  timer_.reset();
  switch (next) {
    case Next::List: return begin_list();
    case Next::Page: return request_page();
    case Next::Watch: return open_watch();
  }
}

}  // namespace ork::runtime
