#include <string>

#include "operator/embedded/fields/patch.hpp"
#include "operator/embedded/fields/raw_value.hpp"

namespace ork::embedded {
namespace {

void merge_into(Json& object, const Json& patch) {
  for (const auto& [name, value] : patch.items()) {
    if (value.is_null()) {
      object.erase(name);
      continue;
    }
    auto at = object.find(name);
    bool both = at != object.end() && at->is_object() && value.is_object();
    if (both) {
      merge_into(*at, value);
      continue;
    }
    // A list that takes the place of a map keeps its nulls, as the API server has it.
    bool as_it_is = at != object.end() && at->is_object();
    Json& place = object[name];
    place = value;
    if (!as_it_is) drop_nulls(place);
  }
}

}  // namespace

Result<Json, PatchError> merge_patch(const Json& object, const Json& patch) {
  if (patch.is_null()) return Err(PatchError{400, "Invalid JSON Patch"});
  if (!patch.is_object()) {
    const char* kind = patch.is_array()     ? "array"
                       : patch.is_string()  ? "string"
                       : patch.is_boolean() ? "bool"
                                            : "number";
    return Err(PatchError{400, std::string("error decoding patch: json: cannot unmarshal ") + kind +
                                   " into Go value of type map[string]interface {}"});
  }
  if (nests_too_deeply(patch)) return Err(PatchError{400, "error decoding patch: it nests too deeply"});
  Json out = object.is_object() ? object : Json::object();
  merge_into(out, patch);
  return out;
}

}  // namespace ork::embedded
