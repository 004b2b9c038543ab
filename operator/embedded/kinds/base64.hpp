#pragma once

// Base64 as Go's encoding/base64 reads and writes it: how Secrets hold their bytes.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ork::embedded {

struct Base64 {
  std::string text;                     // in canonical form
  std::optional<std::size_t> wrong_at;  // the place of the first byte that is wrong
};

// Line breaks are passed over, and padding is asked for.
Base64 read_base64(std::string_view text);
std::string base64_of(std::string_view bytes);
// How many bytes a canonical text stands for.
std::size_t base64_bytes(std::string_view text);
// The bytes of a canonical text.
std::string bytes_of(std::string_view text);

}  // namespace ork::embedded
