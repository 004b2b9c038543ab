#pragma once

#include <cstddef>

namespace ork::embedded::limits {

// What a watch can resume from. API servers keep five minutes; a laptop keeps what fits. Whoever is
// further behind is told 410 and lists again.
inline constexpr std::size_t history_changes = 20'000;
inline constexpr std::size_t history_bytes = 16u << 20;

// Bytes of write-ahead log before SQLite copies it into the database: large enough that a burst of
// tasks does not wait for the copy, small enough not to matter on a disk.
inline constexpr int journal_checkpoint_pages = 4'000;

}  // namespace ork::embedded::limits
