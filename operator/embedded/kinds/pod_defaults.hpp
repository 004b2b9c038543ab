#pragma once

// What Kubernetes fills into the spec of a Pod, wherever it stands.

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// The defaults of any Pod spec: a Pod's and a template's. The spec was decoded.
void default_pod_spec(Json& spec);
// What only a Pod has besides.
void default_pod(Json& pod);

// A new Pod's status.
void prepare_pod(Json& pod, const Json* old);
void prepare_pod_status(Json& pod, const Json& old);

// "Always" for an image without a tag or with the tag latest, "IfNotPresent" for any other.
std::string default_pull_policy(const std::string& image);

}  // namespace ork::embedded
