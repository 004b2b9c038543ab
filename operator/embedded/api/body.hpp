#pragma once

// The bytes of a body as JSON, whatever they say: no kind is known here.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/call.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view content_type);
bool is_protobuf(std::string_view media_type);

std::optional<ApiError> check_size(const Call& call);

// The error is what follows "unrecognized: ". `oddities` gets each field that is there twice, of which the
// last counts: `duplicate field "metadata.name"`.
Result<Json, std::string> parse_json(std::string_view text, std::vector<std::string>& oddities);
// As a JSON body's field is told of that its kind does not know.
std::string unknown_field(const std::string& path);
// Brings what is told of a body's fields into their order there. `json` was read with parse_json.
void sort_as_written(std::string_view json, std::vector<std::string>& oddities);
// The first document; null where there is none.
Result<Json, std::string> parse_yaml(std::string_view text);

// A body that need not be an object of a kind: a Binding, an access review.
Result<Json, ApiError> read_json(const Kinds& kinds, const Call& call);
// The body of a deletion.
Result<Json, ApiError> read_options_body(const Kinds& kinds, const Call& call);
// A patch in JSON. `oddities` as of parse_json.
Result<Json, ApiError> read_patch(const Call& call, std::vector<std::string>& oddities);
// Server-side apply.
Result<Json, ApiError> read_yaml(const Call& call);

// How a body begins, where that may tell what is wrong with it.
std::string beginning(std::string_view body);
// What a body says it is, whatever the case of the fields' names; both empty where it does not say, or is null.
struct GivenKind {
  std::string kind;
  std::string api_version;
};
// The error is what follows "unrecognized: ".
Result<GivenKind, std::string> given_kind(const Json& object);

// True where the text is nested deeper than limits::object_depth. Without recursion.
bool too_deep(std::string_view text);

}  // namespace ork::embedded
