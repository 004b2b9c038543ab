#pragma once

// A protobuf message as the JSON that the same object has.

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// `node` is the schema of an object whose fields say where protobuf has them; what they don't say is not
// there. Fields that are not known are passed over. The JSON is what Go's encoding/json writes of the struct
// that protobuf was read into: zero values are left out or not as its tags say, an absent list that is not
// left out is null, bytes are base64, what is no UTF-8 is U+FFFD. The error is Go's, but that it names fields
// by their JSON names.
Result<Json, std::string> message_json(std::string_view message, const SchemaNode& node);

}  // namespace ork::embedded
