#include "controllers/api/stored_bytes.hpp"

#include <array>

namespace ork::api {
namespace {

using Json = nlohmann::json;

// Bytes that each byte of a text takes.
constexpr std::array<unsigned char, 256> escaped_sizes = [] {
  std::array<unsigned char, 256> sizes{};
  for (std::size_t c = 0; c < sizes.size(); ++c) sizes[c] = c < 0x20 ? 6 : 1;
  for (const char c : {'"', '\\'}) sizes[static_cast<unsigned char>(c)] = 2;
  for (const char c : {'<', '>', '&'}) sizes[static_cast<unsigned char>(c)] = 6;
  sizes[0xE2] = 4;  // U+2028 and U+2029 begin with it, and become 6 bytes of 3
  return sizes;
}();

constexpr std::size_t longest_number = 24;  // a double

}  // namespace

std::size_t stored_bytes(const std::string& text) {
  std::size_t bytes = 2;
  for (const char c : text) bytes += escaped_sizes[static_cast<unsigned char>(c)];
  return bytes;
}

std::size_t stored_bytes(const nlohmann::json& value) {
  std::size_t bytes = 2;
  switch (value.type()) {
    case Json::value_t::string: return stored_bytes(value.get_ref<const std::string&>());
    case Json::value_t::array:
      for (const Json& item : value) bytes += stored_bytes(item) + 1;
      return bytes;
    case Json::value_t::object:
      for (const auto& [name, item] : value.items()) bytes += stored_bytes(name) + stored_bytes(item) + 2;
      return bytes;
    default: return longest_number;
  }
}

}  // namespace ork::api
