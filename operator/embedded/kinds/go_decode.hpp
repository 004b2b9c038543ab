#pragma once

// A JSON object through a Go struct and back: what a real API server does to built-in kinds and to
// all metadata before it looks at them. Values of a wrong type are errors, unknown fields go, empty
// values that Go omits go, those that it always writes turn up, times and quantities take their
// canonical form.

#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

struct Decoded {
  std::string error;                 // empty: none
  std::vector<std::string> unknown;  // "spec.containers[0].imge"
};

// What Go's JSON calls the type of a value: "bool", "string", "number", "array", "object", "null".
std::string_view json_type(const Json& value);

// `type` is what Go calls the struct ("v1.ObjectMeta"), `path` where the value stands ("metadata") in
// what it is a part of; empty for the whole. A null counts as absent.
Decoded go_decode(Json& value, const SchemaNode& node, const std::string& type, const std::string& path);

}  // namespace ork::embedded
