#pragma once

// Every bound of this folder, with its reason.

#include <cstddef>

namespace ork::embedded::protobuf_limits {

// Messages within messages: each is a stack frame. The deepest of Kubernetes' is a JSONSchemaProps within
// itself; of the kinds that are read here, a Job's affinity terms, 14 levels down.
inline constexpr std::size_t message_depth = 32;
// Levels of JSON that a message carries as it is (managedFields, a ControllerRevision's data).
inline constexpr std::size_t json_depth = 128;

}  // namespace ork::embedded::protobuf_limits
