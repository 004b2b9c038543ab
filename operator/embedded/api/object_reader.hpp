#pragma once

// The body of a request as an object of the kind that the URL names: decoded, of the right kind,
// with what the schema does not know pruned. Bodies are JSON or YAML, or protobuf where Kubernetes has
// that for them.

#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/body.hpp"
#include "operator/embedded/api/options.hpp"

namespace ork::embedded {

// What is not known of it goes into `warnings`. Of a kind from a CRD `kind` may yet be another.
Result<Json, ApiError> read_object(const Kinds& kinds, const Kind& kind, const Call& call, const WriteOptions& options,
                                   std::vector<std::string>& warnings);

// Brings what a patch came to into the form that is stored (Kind::decode). Unknown fields go, and into
// `warnings`; an error where `validation` is Strict and there are some. `oddities` are what was odd before.
Status<std::string> decode_patched(const Kind& kind, Json& object, FieldValidation validation,
                                   std::vector<std::string>& warnings, Nulls nulls = Nulls::Dropped,
                                   std::vector<std::string> oddities = {});

// Why an object that calls itself so can't be taken for a built-in kind.
std::string other_kind(const Kinds& kinds, const Kind& kind, const GivenKind& given, Json object);

}  // namespace ork::embedded
