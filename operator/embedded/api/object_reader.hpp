#pragma once

// The body of a request as an object of the kind that the URL names: decoded, of the right kind,
// with what the schema does not know pruned. Bodies are JSON, or protobuf where Kubernetes has that for them.

#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/options.hpp"

namespace ork::embedded {

struct ReadObject {
  Json object;
  std::vector<std::string> unknown_fields;  // pruned; for the Warning headers
};

Result<ReadObject, ApiError> read_object(const Kinds& kinds, const Kind& kind, const Call& call,
                                         const WriteOptions& options);

// A body that need not be an object of a kind: patches, DeleteOptions, access reviews.
Result<Json, ApiError> read_json(const Kinds& kinds, const Call& call);
// A body of YAML, of which JSON is a part: server-side apply.
Result<Json, ApiError> read_yaml(const Call& call);

// Brings an object into the form that is stored (Kind::decode). The result are the unknown fields that
// went; an error where `validation` is Strict and there are some.
Result<std::vector<std::string>, ApiError> decode_object(const Kind& kind, Json& object, FieldValidation validation);

// True where `json` is nested deeper than limits::object_depth. Without recursion.
bool too_deep(std::string_view text);

}  // namespace ork::embedded
