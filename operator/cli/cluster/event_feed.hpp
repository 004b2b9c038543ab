#pragma once

// What a watch brings, event by event, for `list --watch`: opened again where it ended, and at an end where the
// API server has forgotten that place or refuses. (Whoever must know the whole state uses runtime::Watcher.)

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/cluster/lists.hpp"
#include "operator/runtime/line_buffer.hpp"

namespace ork::cli {

class EventFeed {
 public:
  // "ADDED", "MODIFIED" or "DELETED", and the object, or its Table.
  using OnEvent = std::function<void(std::string_view type, const Json& object)>;

  EventFeed(Session& session, kube::Resource resource, Selection selection, std::string_view accept, OnEvent on_event);

  // From that resourceVersion on, until something fails or stop() is called: nullopt.
  std::optional<Failure> follow(std::string resource_version);
  // From a callback.
  void stop();

 private:
  void open();
  void on_data(std::string_view bytes);
  bool on_line(std::string_view line);
  void on_end(const std::optional<kube::Error>& error);
  void finish(std::optional<Failure> failure);

  Session& session_;
  kube::Resource resource_;
  Selection selection_;
  std::string accept_;
  OnEvent on_event_;
  std::string resource_version_;
  bool progressed_ = false;
  std::optional<Failure> failure_;
  bool finished_ = false;
  runtime::LineBuffer lines_{limits::watch_line_bytes};
  std::unique_ptr<kube::Stream> stream_;
  std::unique_ptr<runtime::Timer> timer_;
};

}  // namespace ork::cli
