#pragma once

// Messages written by hand, for tests.

#include <cstdint>
#include <string>
#include <string_view>

namespace ork::embedded {

inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  return out + static_cast<char>(value);
}

inline std::string tag(std::uint32_t number, unsigned wire_type) {
  return varint(static_cast<std::uint64_t>(number) << 3U | wire_type);
}

inline std::string number(std::uint32_t field, std::int64_t value) {
  return tag(field, 0) + varint(static_cast<std::uint64_t>(value));
}

inline std::string bytes(std::uint32_t field, std::string_view value) {
  return tag(field, 2) + varint(value.size()) + std::string(value);
}

inline std::string enveloped(std::string_view api_version, std::string_view kind, std::string_view message) {
  return std::string("k8s\0", 4) + bytes(1, bytes(1, api_version) + bytes(2, kind)) + bytes(2, message);
}

}  // namespace ork::embedded
