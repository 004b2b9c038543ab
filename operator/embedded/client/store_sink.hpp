#pragma once

// Feeds a Store from a Watcher and says what changed. What differs between kinds is how they are
// read and which of them are worth keeping.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "operator/embedded/client/object_meta.hpp"
#include "operator/runtime/sink.hpp"
#include "operator/runtime/store.hpp"

namespace ork::embedded {

template <typename T>
struct StoreHooks {
  std::function<T(simdjson::ondemand::object&)> read;
  // False: not worth keeping (any more); it leaves the store without a word. It may look at the
  // object and learn from it. Empty: keep all.
  std::function<bool(const T&)> keep;
  std::function<void(const T&)> changed;  // added, updated or replaced
  std::function<void(const T&)> gone;     // deleted
};

template <typename T>
class StoreSink final : public runtime::Sink {
 public:
  StoreSink(runtime::Store<T>& store, StoreHooks<T> hooks) : store_(store), hooks_(std::move(hooks)) {}

  void list_started() override { store_.begin_replace(); }

  Result<runtime::ObjectRef, runtime::DecodeError> object_seen(runtime::ChangeType change,
                                                               simdjson::ondemand::object& object) override {
    if (change == runtime::ChangeType::Deleted) {
      const api::ObjectMeta meta = peek_meta(object);
      drop(store_.remove({meta.ns, meta.name}, meta.uid, meta.resource_version));
      return runtime::ObjectRef{meta.ns, meta.name, meta.resource_version};
    }
    T value = hooks_.read(object);
    runtime::ObjectRef ref{value.meta.ns, value.meta.name, value.meta.resource_version};
    if (hooks_.keep && !hooks_.keep(value)) {
      store_.remove({ref.ns, ref.name}, value.meta.uid);
      return ref;
    }
    put(std::move(value));
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
    for (const T& value : store_.end_replace(resource_version)) hooks_.gone(value);
  }

 private:
  void put(T value) {
    const std::string ns = value.meta.ns;
    const std::string name = value.meta.name;
    std::optional<T> displaced;
    const auto result = store_.apply(std::move(value), &displaced);
    drop(std::move(displaced));
    if (result == runtime::ApplyResult::Unchanged || result == runtime::ApplyResult::Stale) return;
    if (const T* held = store_.find({ns, name})) hooks_.changed(*held);
  }

  void drop(std::optional<T> value) {
    if (value) hooks_.gone(*value);
  }

  runtime::Store<T>& store_;
  StoreHooks<T> hooks_;
};

}  // namespace ork::embedded
