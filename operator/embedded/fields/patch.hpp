#pragma once

// The patch types of the Kubernetes API but for server-side apply. Pure: values in, a value out; the
// error is the sentence that the API server answers with.

#include <nlohmann/json.hpp>
#include <string>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

struct PatchError {
  int status = 400;  // 400: not a patch; 422: a patch that does not fit the object
  std::string message;
};

// RFC 6902; at most limits::patch_operations operations.
Result<Json, PatchError> json_patch(const Json& object, const Json& operations);
// RFC 7386.
Result<Json, PatchError> merge_patch(const Json& object, const Json& patch);
// Kubernetes' own: lists merge by x-kubernetes-patch-merge-key; $patch, $deleteFromPrimitiveList/...,
// $setElementOrder/..., $retainKeys.
Result<Json, PatchError> strategic_merge_patch(const Json& object, const Json& patch, const Schema& schema);

}  // namespace ork::embedded
