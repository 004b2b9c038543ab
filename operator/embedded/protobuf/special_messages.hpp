#pragma once

// The messages of Kubernetes' API machinery whose JSON is not that of a message: a time is a text, not an
// object. Each takes the bytes of the message; no bytes are its zero value.

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/embedded/protobuf/wire.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// From ProtoType::Time on, those that have a function here.
bool is_special_message(ProtoType type);

// `type` is one of them. Times are in UTC, null for Go's zero time; a Quantity is the text that was sent, which
// is canonical where Kubernetes' own code wrote it; Raw is the JSON that the bytes hold.
Result<Json, std::string> special_message_json(ProtoType type, std::string_view message);

// The JSON of the zero value: null, "0s", "0", 0.
Json special_message_zero(ProtoType type);

// The error for a field of another wire type than it has: "proto: wrong wireType = 0 for field name".
std::string wrong_wire_type(WireType type, std::string_view field);

}  // namespace ork::embedded
