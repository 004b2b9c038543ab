#pragma once

// The patch types of the Kubernetes API but for server-side apply. Pure: values in, a value out; the
// error is the sentence that the API server answers with. What comes out is not yet an object of the
// kind: decoding, pruning and defaults come after, as after a PUT.

#include <nlohmann/json.hpp>
#include <string>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

struct PatchError {
  // 400 BadRequest: not a patch. 413 RequestEntityTooLarge. 422 Invalid: a patch that does not fit the
  // object. 500 (no reason): a strategic patch that does not fit the kind.
  int status = 400;
  std::string message;
  std::string detail = {};  // for a log: what `message` keeps to itself
};

// RFC 6902, as the API server takes it: an index may be negative, "replace" may add a field of an object.
// At most limits::patch_operations operations and limits::patch_copied_bytes of copies.
Result<Json, PatchError> json_patch(const Json& object, const Json& operations);
// RFC 7386, but that nulls within new values are left out in lists too.
Result<Json, PatchError> merge_patch(const Json& object, const Json& patch);
// Kubernetes' own, of built-in kinds only: lists merge by x-kubernetes-patch-merge-key; $patch,
// $deleteFromPrimitiveList/..., $setElementOrder/..., $retainKeys.
Result<Json, PatchError> strategic_merge_patch(const Json& object, const Json& patch, const Schema& schema);

}  // namespace ork::embedded
