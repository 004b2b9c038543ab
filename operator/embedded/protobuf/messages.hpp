#pragma once

// What the numbers in a protobuf message of Kubernetes mean: the table in messages.txt, which
// generate.py takes from the Go types. It is lines of words:
//
//   root API_VERSION KIND MESSAGE           which message an object of this kind is ("*": any version)
//   message NAME                            its fields follow, until the next one
//   NUMBER JSON_NAME SHAPE TYPE             one of them
//
// SHAPE: one, optional (a pointer in Go: there even where it is zero), list, map (keys are strings),
// inline (its fields are those of the message around it; it has no name of its own in JSON).
// TYPE: string, bool, int, bytes, time, microtime, quantity, intorstring, raw (JSON as it stands),
// strings (a message of nothing but strings), or a message's name.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"

namespace ork::embedded {

enum class WireShape { One, Optional, List, Map, Inline };
enum class WireType { String, Bool, Int, Bytes, Time, MicroTime, Quantity, IntOrString, Raw, Strings, Message };

struct WireMessage;

struct WireField {
  std::string json;
  WireShape shape = WireShape::One;
  WireType type = WireType::String;
  const WireMessage* message = nullptr;  // of type Message
};

struct WireMessage {
  std::map<std::uint32_t, WireField> fields;
};

class WireMessages {
 public:
  // The error names the line; in the table that is compiled in, that is a bug.
  static Result<WireMessages, std::string> parse(std::string_view table);
  // Of an object of this kind; nullptr: none that is known.
  const WireMessage* find(std::string_view api_version, std::string_view kind) const;

 private:
  std::map<std::string, WireMessage, std::less<>> messages_;
  std::map<std::string, const WireMessage*, std::less<>> roots_;  // "v1 Pod"
};

// messages.txt, as compiled in.
extern const std::string_view wire_message_table;

}  // namespace ork::embedded
