#pragma once

// Bounds of the garbage collector, each with its reason.

#include <cstddef>

#include "operator/runtime/backoff.hpp"

namespace ork::embedded::limits {

// Requests on their way at once: what is garbage can wait, what the API server does meanwhile can not.
inline constexpr std::size_t garbage_requests_in_flight = 32;
inline constexpr runtime::BackoffPolicy garbage_backoff{runtime::Duration{50}, runtime::Duration{30'000}, 0.2};
// Owners that are known not to exist. Beyond it all are forgotten, and looked up again where needed.
inline constexpr std::size_t absent_owners_kept = 10'000;
// A namespace is looked through again this long after its contents have been told to go.
inline constexpr runtime::Duration namespace_again{200};
inline constexpr runtime::Duration namespace_again_cap{5'000};

}  // namespace ork::embedded::limits
