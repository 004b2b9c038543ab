#pragma once

// Discovery: what is served, as kubectl asks for it. Aggregated (apidiscovery.k8s.io/v2, two requests
// for everything) and in the older pieces. Field by field what kube-apiserver answers for the same
// kinds, but for serverAddressByClientCIDRs, which is empty: nobody here is behind another address.

#include <optional>
#include <string_view>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

enum class DiscoveryForm { Pieces, Aggregated };

// Of "/api" and "/apis" in either form, "/api/v1", "/apis/GROUP", "/apis/GROUP/VERSION" in pieces. Null:
// no such path or group.
std::optional<Json> discovery(std::string_view path, DiscoveryForm form, const Kinds& kinds);

// /version. We answer as the Kubernetes that the conformance suite compares us with.
Json server_version();

}  // namespace ork::embedded
