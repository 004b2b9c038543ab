#pragma once

// Every bound of this folder, each with its reason. The size of a body is its reader's to bound.

#include <cstddef>

namespace ork::embedded::limits {

// How deep messages may stand in one another: each is a few stack frames. Kubernetes' deepest (a Job's,
// down to a Pod's affinity terms) has 12 levels.
inline constexpr std::size_t message_depth = 32;

// Nesting of JSON inside bytes (a ControllerRevision's data, managed fields). With a list or a map around
// every message that stays below the 200 levels that the API takes in.
inline constexpr std::size_t raw_depth = 128;

// How many values a body may become: an empty message takes two bytes, and its JSON many more. Whatever
// fits into a stored object (1.5 MiB) has fewer, since a value takes two bytes of JSON at least.
inline constexpr std::size_t message_values = 786'432;

}  // namespace ork::embedded::limits
