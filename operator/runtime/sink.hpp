#pragma once

// Who keeps the objects that a Watcher reads. The sink decodes, because it alone knows the kind;
// the watcher knows only lists, lines and resourceVersions.

#include <simdjson.h>

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"

namespace ork::runtime {

enum class ChangeType { Applied, Deleted };

// What the watcher must know of an object that was understood.
struct ObjectRef {
  std::string ns;
  std::string name;
  std::string resource_version;
};

// Why an object could not be understood, as one sentence for a person.
struct DecodeError {
  std::string message;
};

// An object that could not be understood. Each of the first three is empty where unreadable.
struct Unreadable {
  std::string ns;
  std::string name;
  std::string uid;
  std::string reason;
};

class Sink {
 public:
  virtual ~Sink() = default;

  // What object_seen says from here to list_finished() is the whole truth, however the
  // resourceVersions compare with those held: they go back when etcd is restored from a backup. A
  // list may start again before it has finished; then what was said since the last start is void.
  virtual void list_started() = 0;

  // One object, as the API server wrote it. `object` stands at its start; read it on demand, or
  // take object.raw_json(). Nothing of it may be kept after the return. An error, or an exception
  // derived from std::exception, quarantines this object and disturbs no other. Two rules of
  // simdjson hold here:
  // - After an error other than NO_SUCH_FIELD and INCORRECT_TYPE touch `object` no more, but return
  //   (or let simdjson's exception pass): it has let go of the document.
  // - Read each long string once: they are unescaped into a buffer of 5/3 of the document's size.
  virtual Result<ObjectRef, DecodeError> object_seen(ChangeType change, simdjson::ondemand::object& object) = 0;

  // object_seen failed. What is held of this object is out of date: after Deleted it must go,
  // after Applied within a list it must not be taken for vanished.
  virtual void object_unreadable(ChangeType change, const Unreadable& object) = 0;

  // What the list did not name is gone. `resource_version` is the list's: the watch goes on there.
  virtual void list_finished(std::string_view resource_version) = 0;
};

}  // namespace ork::runtime
