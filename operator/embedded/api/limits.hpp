#pragma once

#include <chrono>
#include <cstddef>

namespace ork::embedded::limits {

// As in Kubernetes: what etcd would refuse is refused here too (its request limit is 1.5 MiB, and
// the API server's own for a body 3 MiB).
inline constexpr std::size_t object_bytes = 1'572'864;
inline constexpr std::size_t body_bytes = 3u << 20;

// Nesting of an object. Deeper than any of ours (a Pod template within a run: about 20), shallow
// enough that a walk by recursion is safe.
inline constexpr std::size_t object_depth = 200;

// Selectors of one request; each is asked of every object of a list.
inline constexpr std::size_t selector_requirements = 1'000;

// A generated name is at most 63 long, of which 5 are chance.
inline constexpr std::size_t generated_name_base = 58;

// How often a watch that asked for bookmarks gets one; Kubernetes' own interval.
inline constexpr std::chrono::milliseconds bookmark_interval{60'000};

// A watch without timeoutSeconds ends after that, as API servers' do (theirs is chance above it).
inline constexpr std::chrono::milliseconds watch_timeout{1'800'000};

// Objects kept as JSON beside their text: about as many as are being worked on at a time, and none that is large, for
// as JSON it takes up to ten times the room. At most 20 MiB.
inline constexpr std::size_t parsed_objects = 32;
inline constexpr std::size_t parsed_object_bytes = 64u << 10;

}  // namespace ork::embedded::limits
