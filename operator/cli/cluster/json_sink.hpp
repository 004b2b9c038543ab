#pragma once

// Hands what a runtime::Watcher reads on as JSON. Knows which objects there are, so that one that vanished while
// nobody watched is told as deleted.

#include <functional>
#include <map>
#include <set>
#include <string>

#include "operator/cli/cluster/session.hpp"
#include "operator/runtime/sink.hpp"

namespace ork::cli {

class JsonSink final : public runtime::Sink {
 public:
  // `object` as the API server wrote it; of a deleted one its last state, or only its name and uid where it
  // vanished unseen.
  using OnObject = std::function<void(runtime::ChangeType change, const Json& object)>;

  explicit JsonSink(OnObject on_object) : on_object_(std::move(on_object)) {}

  void list_started() override;
  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override;
  void object_unreadable(runtime::ChangeType change, const runtime::Unreadable& object) override;
  void list_finished(std::string_view resource_version) override;

 private:
  OnObject on_object_;
  std::map<std::string, Json> held_;  // name and uid by "namespace/name"
  bool listing_ = false;
  std::set<std::string> listed_;
};

}  // namespace ork::cli
