#pragma once

// Feeds a Store from a Watcher and says what changed. One for each kind; what differs between kinds
// is how they are read and which of them are worth keeping.

#include <exception>
#include <functional>
#include <string>
#include <utility>

#include "operator/reconcile/decode.hpp"
#include "operator/runtime/sink.hpp"
#include "operator/runtime/store.hpp"

namespace ork::reconcile {

template <typename T>
struct SinkHooks {
  std::function<Result<T, runtime::DecodeError>(simdjson::ondemand::object&)> read;
  // False: not worth keeping (any more); it is dropped without a word. May be empty: keep all.
  std::function<bool(const T&)> keep;
  std::function<void(const T&)> changed;  // added, updated or replaced
  std::function<void(T)> gone;
  // Reading is dear (whole runs): an object held at the same resourceVersion is not read again.
  bool skip_echoes = false;
};

template <typename T>
class StoreSink final : public runtime::Sink {
 public:
  StoreSink(runtime::Store<T>& store, SinkHooks<T> hooks) : store_(store), hooks_(std::move(hooks)) {}

  void list_started() override { store_.begin_replace(); }

  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override {
    if (change == runtime::ChangeType::Deleted) return deleted(object);
    if (hooks_.skip_echoes) {
      const Version version = peek_version(object);
      const T* held = store_.find_uid(version.uid);
      if (held != nullptr && held->meta.resource_version == version.resource_version) {
        store_.keep({version.ns, version.name});
        return runtime::ObjectRef{version.ns, version.name, version.resource_version};
      }
    }
    auto value = hooks_.read(object);
    if (!value) return Err(value.error());
    runtime::ObjectRef ref{value->meta.ns, value->meta.name, value->meta.resource_version};
    if (hooks_.keep && !hooks_.keep(*value)) {
      store_.remove({ref.ns, ref.name}, value->meta.uid);
      return ref;
    }
    put(std::move(*value));
    return ref;
  }

  void object_unreadable(runtime::ChangeType change, const runtime::Unreadable& object) override {
    if (change == runtime::ChangeType::Deleted) {
      drop(store_.remove({object.ns, object.name}, object.uid));
    } else {
      store_.keep({object.ns, object.name});
    }
  }

  void list_finished(std::string_view resource_version) override {
    for (T& value : store_.end_replace(resource_version)) hooks_.gone(std::move(value));
  }

 private:
  void put(T value) {
    const std::string ns = value.meta.ns;
    const std::string name = value.meta.name;
    std::optional<T> displaced;
    const auto result = store_.apply(std::move(value), &displaced);
    if (displaced) hooks_.gone(std::move(*displaced));
    if (result == runtime::ApplyResult::Unchanged || result == runtime::ApplyResult::Stale) return;
    hooks_.changed(*store_.find({ns, name}));
  }

  Result<runtime::ObjectRef, runtime::DecodeError> deleted(simdjson::ondemand::object& object) {
    const Version version = peek_version(object);
    drop(store_.remove({version.ns, version.name}, version.uid, version.resource_version));
    return runtime::ObjectRef{version.ns, version.name, version.resource_version};
  }

  void drop(std::optional<T> value) {
    if (value) hooks_.gone(std::move(*value));
  }

  runtime::Store<T>& store_;
  SinkHooks<T> hooks_;
};

}  // namespace ork::reconcile
