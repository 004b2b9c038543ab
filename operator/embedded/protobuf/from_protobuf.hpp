#pragma once

// Bodies of requests as client-go's typed clients send them (application/vnd.kubernetes.protobuf), as the JSON
// that the same objects have. Pure; nothing in a body can make it throw, recurse or grow without bound.
//
// Source of the format: k8s.io/apimachinery/pkg/runtime (runtime.Unknown, serializer/protobuf).

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// What is around every object: the bytes "k8s\0", then a runtime.Unknown.
struct Envelope {
  std::string api_version;  // either may be empty: then the request says it
  std::string kind;
  std::string_view message;  // a part of the body
};

// The error is what stands behind `the object provided is unrecognized (must be of type Job): ` in a 400.
Result<Envelope, std::string> open_envelope(std::string_view body);

// The object, apiVersion and kind included. It is of a built-in kind, or one of Kinds::message. The error is
// what stands behind `Job in version "v1" cannot be handled as a Job: ` in a 400.
Result<Json, std::string> object_json(const Envelope& envelope, const Kinds& kinds);

// Both, where the body says itself what it is.
Result<Json, std::string> from_protobuf(std::string_view body, const Kinds& kinds);

}  // namespace ork::embedded
