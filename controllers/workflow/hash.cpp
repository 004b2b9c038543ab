#include "controllers/workflow/hash.hpp"

namespace ork::workflow {

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  return hash;
}

std::string hash_word(std::uint64_t hash) {
  constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string text;
  for (std::size_t i = 0; i < hash_chars; ++i) {
    text += alphabet[hash % alphabet.size()];
    hash /= alphabet.size();
  }
  return text;
}

}  // namespace ork::workflow
