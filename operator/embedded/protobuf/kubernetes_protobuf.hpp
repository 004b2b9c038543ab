#pragma once

// Bodies of content type application/vnd.kubernetes.protobuf, which Go's typed clients send: `kubectl create
// configmap`, `kubectl auth can-i`, and every program built on client-go. They don't try JSON when
// they are told 415, so who serves them must read this. Answers may stay JSON: those clients accept both.

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

bool is_kubernetes_protobuf(std::string_view content_type);

// The object as a client that speaks JSON would have sent it, but that values which are zero and no
// pointers in Go are left out: on the wire they can't be told from those that were never set. Unknown
// fields are passed over, as Go does. The error is a sentence for a 400.
Result<Json, std::string> json_of_protobuf(std::string_view body);

}  // namespace ork::embedded
