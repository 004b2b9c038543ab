#include "operator/embedded/api/watch_stream.hpp"

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/api/stored_object.hpp"

namespace ork::embedded {
namespace {

std::string event_line(const char* type, const std::string& object) {
  std::string line;
  line.reserve(object.size() + 40);
  line += R"({"type":")";
  line += type;
  line += R"(","object":)";
  line += object;
  line += "}\n";
  return line;
}

class WatchStream final : public kube::Stream {
 public:
  WatchStream(Backend backend, WatchRequest request, kube::StreamHandlers handlers)
      : backend_(backend), request_(std::move(request)), handlers_(std::move(handlers)) {}

  void start() {
    const ReadOptions& options = request_.options;
    std::uint64_t from = options.version.value_or(0);
    // Version 0 means "any", and what is there is as good as any.
    const bool initial = from == 0 || options.send_initial_events;
    if (initial) from = send_what_is_there();
    watch_ = backend_.store.watch(request_.collection, from, [this](const ChangePtr& change) { seen(*change); });
    if (watch_ == nullptr) {
      const ApiError gone = expired("too old resource version: " + std::to_string(from) + " (" +
                                    std::to_string(backend_.store.stored_version()) + ")");
      send(event_line("ERROR", gone.status().dump()));
      return end_later();
    }
    if (options.send_initial_events && options.bookmarks) {
      send(event_line("BOOKMARK", request_.renderer.bookmark(from, true, first_)));
      first_ = false;
    }
    const auto timeout = options.timeout.count() > 0 ? options.timeout : limits::watch_timeout;
    end_timer_ = backend_.loop.after(timeout, [this] { end(); });
    if (options.bookmarks) arm_bookmark();
  }

 private:
  bool concerns(std::string_view key) const {
    const std::size_t slash = key.find('/');
    return (request_.ns.empty() || key.substr(0, slash) == request_.ns) &&
           (request_.name.empty() || key.substr(slash + 1) == request_.name);
  }

  // What is in the journal, so that nothing is shown that may yet be undone.
  std::uint64_t send_what_is_there() {
    const std::uint64_t now = backend_.store.stored_version();
    const auto page = backend_.store.list(request_.collection, {.ns = request_.ns, .at = now});
    if (!page) return now;
    for (const auto& [key, object] : page->objects) {
      if (concerns(key) && matches(*object, request_.options.selectors)) tell("ADDED", *object);
    }
    return now;
  }

  // An object that comes into the selection is new to its reader, one that leaves it is gone.
  void seen(const Change& change) {
    if (!concerns(change.key)) return;
    const Selectors& selectors = request_.options.selectors;
    const bool was = change.before != nullptr && matches(*change.before, selectors);
    const bool is = change.after != nullptr && matches(*change.after, selectors);
    if (is) return tell(was ? "MODIFIED" : "ADDED", *change.after);
    if (!was) return;
    if (change.after == nullptr) return tell("DELETED", *change.last);
    tell_left(*change.before, change.version);
  }

  // As it was when it was last in the selection, with the version of its leaving.
  void tell_left(const Stored& before, std::uint64_t version) {
    Json object = Json::parse(*before.text);
    object["metadata"]["resourceVersion"] = std::to_string(version);
    Stored left;
    left.text = std::make_shared<const std::string>(dumped(object));
    tell("DELETED", left);
  }

  void tell(const char* type, const Stored& object) {
    send(event_line(type, request_.renderer.event_object(*object.text, first_, backend_.loop.wall_ms())));
    first_ = false;
  }

  // Handlers are never called from within open() or the store's own work: a reader may destroy us.
  void send(std::string line) {
    pending_ += line;
    if (delivery_posted_) return;
    delivery_posted_ = true;
    backend_.loop.post([this, alive = std::weak_ptr<int>(alive_)] {
      if (alive.expired()) return;
      deliver();
    });
  }

  void deliver() {
    delivery_posted_ = false;
    const std::string bytes = std::exchange(pending_, {});
    const std::weak_ptr<int> alive = alive_;
    if (!bytes.empty()) handlers_.on_data(bytes);
    if (!alive.expired() && ending_) end();
  }

  void end_later() {
    ending_ = true;
    send({});
  }

  void end() {
    watch_.reset();
    end_timer_.reset();
    bookmark_timer_.reset();
    const auto on_end = std::move(handlers_.on_end);
    on_end(std::nullopt);  // may destroy this
  }

  void arm_bookmark() {
    bookmark_timer_ = backend_.loop.after(limits::bookmark_interval, [this] {
      send(event_line("BOOKMARK", request_.renderer.bookmark(backend_.store.stored_version(), false, first_)));
      first_ = false;
      arm_bookmark();
    });
  }

  Backend backend_;
  WatchRequest request_;
  kube::StreamHandlers handlers_;
  std::unique_ptr<Store::Watch> watch_;
  std::unique_ptr<runtime::Timer> end_timer_;
  std::unique_ptr<runtime::Timer> bookmark_timer_;
  std::string pending_;
  bool delivery_posted_ = false;
  bool ending_ = false;
  bool first_ = true;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

std::unique_ptr<kube::Stream> open_watch(Backend backend, WatchRequest request, kube::StreamHandlers handlers) {
  auto stream = std::make_unique<WatchStream>(backend, std::move(request), std::move(handlers));
  stream->start();
  return stream;
}

}  // namespace ork::embedded
