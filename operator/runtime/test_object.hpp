#pragma once

// A kind of object that exists only in this folder's tests, and a Sink that keeps it in a Store.

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operator/runtime/sink.hpp"
#include "operator/runtime/store.hpp"

namespace ork::runtime::testing {

struct TestMeta {
  std::string ns;
  std::string name;
  std::string uid;
  std::string resource_version;
  std::string owner_uid;
  friend bool operator==(const TestMeta&, const TestMeta&) = default;
};

struct TestObject {
  TestMeta meta;
  std::string phase;
  friend bool operator==(const TestObject&, const TestObject&) = default;
};

inline TestObject object(std::string name, std::string uid, int version, std::string phase = "Pending",
                         std::string owner = {}) {
  return {{"ns", std::move(name), std::move(uid), std::to_string(version), std::move(owner)}, std::move(phase)};
}

// The object as the API server writes it.
inline std::string json_of(const TestObject& o) {
  return R"({"kind":"Thing","metadata":{"name":")" + o.meta.name + R"(","namespace":")" + o.meta.ns + R"(","uid":")" +
         o.meta.uid + R"(","resourceVersion":")" + o.meta.resource_version + R"("},"status":{"phase":")" + o.phase +
         R"("}})";
}

inline std::string event(std::string_view type, const std::string& object_json) {
  return R"({"type":")" + std::string{type} + R"(","object":)" + object_json + "}";
}

inline std::string bookmark(int version) {
  return event("BOOKMARK", R"({"kind":"Thing","metadata":{"resourceVersion":")" + std::to_string(version) + R"("}})");
}

inline std::string error_event(int code, std::string_view reason) {
  return event("ERROR", R"({"kind":"Status","status":"Failure","message":"it says so","reason":")" +
                            std::string{reason} + R"(","code":)" + std::to_string(code) + "}");
}

inline std::string list(int version, const std::vector<std::string>& items, std::string_view continue_token = {}) {
  std::string body =
      R"({"kind":"ThingList","apiVersion":"v1","metadata":{"resourceVersion":")" + std::to_string(version) + "\"";
  if (!continue_token.empty()) body += R"(,"continue":")" + std::string{continue_token} + "\"";
  body += R"(},"items":[)";
  for (std::size_t i = 0; i < items.size(); ++i) body += (i == 0 ? "" : ",") + items[i];
  return body + "]}\n";
}

// Decodes with all the ways in which real decoders fail: wrong types give an error, and a phase
// "Throw" an exception, in the middle of the object.
class StoreSink final : public Sink {
 public:
  Store<TestObject> store;
  std::string log;  // what was called, in order
  std::vector<std::string> removed;

  void list_started() override {
    log += "[";
    store.begin_replace();
  }

  Result<ObjectRef, DecodeError> object_seen(ChangeType change, simdjson::ondemand::object& json) override {
    TestObject seen;
    simdjson::ondemand::object metadata;
    if (json["metadata"].get_object().get(metadata)) return Err(DecodeError{"metadata is missing"});
    if (!read(metadata, "name", seen.meta.name)) return Err(DecodeError{"metadata.name is missing"});
    if (!read(metadata, "namespace", seen.meta.ns)) return Err(DecodeError{"metadata.namespace is missing"});
    if (!read(metadata, "uid", seen.meta.uid)) return Err(DecodeError{"metadata.uid is missing"});
    if (!read(metadata, "resourceVersion", seen.meta.resource_version)) return Err(DecodeError{"no resourceVersion"});
    simdjson::ondemand::object status;
    if (json["status"].get_object().get(status)) return Err(DecodeError{"status is no object"});
    if (!read(status, "phase", seen.phase)) return Err(DecodeError{"status.phase is no string"});
    if (seen.phase == "Throw") throw std::runtime_error("thrown by the decoder");
    ObjectRef ref{seen.meta.ns, seen.meta.name, seen.meta.resource_version};
    log += change == ChangeType::Applied ? "+" : "-";
    log += seen.meta.name;
    if (change == ChangeType::Applied) {
      store.apply(std::move(seen));
    } else if (store.remove({seen.meta.ns, seen.meta.name}, seen.meta.uid, seen.meta.resource_version)) {
      removed.push_back(seen.meta.name);
    }
    return ref;
  }

  void object_unreadable(ChangeType change, const Unreadable& object) override {
    log += "?" + object.name;
    const ObjectKey key{object.ns, object.name};
    if (change == ChangeType::Applied) return store.keep(key);
    if (store.remove(key, object.uid)) removed.push_back(object.name);
  }

  void list_finished(std::string_view version) override {
    log += "]";
    for (const auto& gone : store.end_replace(version)) removed.push_back(gone.meta.name);
  }

 private:
  static bool read(simdjson::ondemand::object& object, std::string_view field, std::string& into) {
    std::string_view text;
    if (object[field].get_string().get(text)) return false;
    into = text;
    return true;
  }
};

}  // namespace ork::runtime::testing
