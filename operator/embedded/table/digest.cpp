#include "operator/embedded/table/digest.hpp"

#include <openssl/sha.h>

#include <array>

#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string short_digest(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes_of(text), text.size(), digest.data());
  return kube::base64_encode({reinterpret_cast<const char*>(digest.data()), 8});
}

std::string long_digest(std::string_view text) {
  std::array<unsigned char, SHA512_DIGEST_LENGTH> digest{};
  SHA512(bytes_of(text), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789ABCDEF"[byte >> 4];
    hex += "0123456789ABCDEF"[byte & 15];
  }
  return hex;
}

}  // namespace ork::embedded
