#pragma once

// resourceVersions are opaque by contract, and decimal numbers that grow in every API server there
// is (and in ours): compared as numbers where both are, never otherwise.

#include <charconv>
#include <cstdint>
#include <string_view>

namespace ork::runtime {

// 0 where the text is no number: no object ever has the version 0.
inline std::uint64_t parse_resource_version(std::string_view text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && at == end ? number : 0;
}

// False where either is no number: then the one that came last is taken for the newer one.
inline bool is_older(std::uint64_t a, std::uint64_t b) { return a != 0 && b != 0 && a < b; }

}  // namespace ork::runtime
