#pragma once

// Every bound of this folder, each with its reason. How deep a value is followed is
// limits::value_depth of schema/limits.hpp.

#include <cstddef>

namespace ork::embedded::limits {

// Operations of one JSON patch; the API server's own bound.
inline constexpr std::size_t patch_operations = 10'000;

// Bytes that the copies of one JSON patch may add, as JSON text; the API server's own bound. Without
// it a patch of 40 copies makes a terabyte.
inline constexpr std::size_t patch_copied_bytes = 3UL * 1024 * 1024;

// Entries of operation Update that an object keeps; older ones are put together. The API server's own.
inline constexpr std::size_t update_entries = 10;

// Names and values of an object's annotations together; the API server's own bound.
inline constexpr std::size_t annotation_bytes = 256UL * 1024;

}  // namespace ork::embedded::limits
