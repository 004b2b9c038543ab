#pragma once

// Names and marks that are a function of what they stand for. Not for secrets: who wants to finds another text of the
// same hash.

#include <cstdint>
#include <string>
#include <string_view>

namespace ork::workflow {

// FNV-1a of 64 bits by Fowler, Noll and Vo, with their offset basis and prime.
std::uint64_t fnv1a(std::string_view text);

// Ten characters, 47 bits of it. The alphabet is that of Kubernetes' rand.SafeEncodeString: no vowels and no 0, 1 and
// 3, so that neither words nor look-alikes come out.
inline constexpr std::size_t hash_chars = 10;
std::string hash_word(std::uint64_t hash);

}  // namespace ork::workflow
