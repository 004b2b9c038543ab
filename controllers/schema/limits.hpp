#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::schema {

// Schemas inside each other, the named types that they refer to included: what goes through them recurses that deep.
// Nobody reads more.
inline constexpr std::size_t max_depth = 32;
// How deep a value is nested. The JSON library copies, compares and prints by recursion.
inline constexpr std::size_t max_value_depth = 128;

inline constexpr std::size_t max_types = 64;
inline constexpr std::size_t max_name = 63;  // of a type
inline constexpr std::size_t max_enum = 64;
inline constexpr std::size_t max_properties = 256;
inline constexpr std::size_t max_description = 1024;
inline constexpr std::size_t max_size = 1'000'000'000;  // of minLength and the like: no value is larger

// Of a pattern's text, and of what it is compiled to. A search takes at most as many steps as the product of the
// text's bytes and the compiled size.
inline constexpr std::size_t max_pattern = 1024;
inline constexpr int max_pattern_memory = 64 * 1024;
// Text of one value that is held against patterns, all strings together: about a second for the worst pattern.
inline constexpr std::size_t max_pattern_bytes = 256 * 1024;

// Of a schema, and of a value: who has mended so many looks again.
inline constexpr std::size_t max_schema_problems = 20;
inline constexpr std::size_t max_value_problems = 8;
// Of the values or fields that there are, as a message lists them.
inline constexpr std::size_t max_listed = 8;
// Of a pattern, as a message quotes it.
inline constexpr std::size_t max_told_pattern = 100;

}  // namespace ork::schema
