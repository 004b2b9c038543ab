#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::manifest::limits {

// The API server takes requests of 3 MiB, so an object is smaller; a file may hold several.
inline constexpr std::size_t file_bytes = 8u << 20;
// All files of one command together: they are in memory at the same time.
inline constexpr std::size_t all_bytes = 64u << 20;
// What the documents of a file may come to once aliases are expanded: an alias of an alias of a list
// doubles with every line. A node counts as 64 bytes and its text.
inline constexpr std::size_t expanded_bytes = 32u << 20;
inline constexpr std::size_t node_bytes = 64;
// Objects and lists inside each other; what controllers/workflow takes too. The JSON library recurses.
inline constexpr std::size_t depth = 128;
// Files of a folder, and documents of a file: more is a mistake in the path.
inline constexpr std::size_t files = 5000;
inline constexpr std::size_t documents = 5000;
// Problems that are told; after so many nobody reads on.
inline constexpr std::size_t problems = 100;
// A line of the source is quoted around the caret, not whole, where it is longer.
inline constexpr std::size_t quoted_columns = 100;
// The YAML emitter writes keys longer than this as "? key", as Kubernetes' does.
inline constexpr std::size_t simple_key_bytes = 128;

}  // namespace ork::manifest::limits
