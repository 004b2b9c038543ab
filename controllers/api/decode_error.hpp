#pragma once

// What a decoder says of JSON that is not the object it should be.

#include <string>

namespace ork::api {

enum class DecodeErrc { MissingField, WrongType, BadValue, UnknownField };

struct DecodeError {
  DecodeErrc code = DecodeErrc::WrongType;
  std::string path;           // "spec.tasks[3].retry.limit"
  std::string message;        // "is string, but must be an integer"
  std::string expected = {};  // "an integer", of WrongType
  std::string sentence() const { return path + " " + message; }
};

}  // namespace ork::api
