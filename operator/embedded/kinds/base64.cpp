#include "operator/embedded/kinds/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace ork::embedded {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Base64 read_base64(std::string_view text) {
  Base64 out;
  std::string group;
  std::size_t padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n' || c == '\r') continue;
    bool ends_group = c == '=' && group.size() >= 2 && group.size() + padding < 4;
    bool letter = padding == 0 && alphabet.find(c) != std::string_view::npos;
    if (!ends_group && !letter) {
      out.wrong_at = i;
      return out;
    }
    if (ends_group) {
      ++padding;
    } else {
      group += c;
    }
    if (padding == 0 && group.size() == 4) {
      out.text += group;
      group.clear();
    }
  }
  if (group.empty()) return out;
  if (group.size() + padding != 4) {
    out.wrong_at = text.size() - (group.size() + padding);
    return out;
  }
  // The bits of the last letter that no byte takes are zero in the canonical form.
  std::size_t last = alphabet.find(group.back());
  group.back() = alphabet[last & (padding == 2 ? 0x30U : 0x3CU)];
  out.text += group + std::string(padding, '=');
  return out;
}

std::string base64_of(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= count ? alphabet[bits >> (18 - 6 * k) & 0x3F] : '=';
    }
  }
  return out;
}

std::size_t base64_bytes(std::string_view text) {
  std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::size_t bytes = text.size() / 4 * 3;
  return bytes < padding ? 0 : bytes - padding;
}

std::string bytes_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 4 <= text.size(); i += 4) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      std::size_t digit = alphabet.find(text[i + k]);
      bits = bits << 6 | static_cast<std::uint32_t>(digit == std::string_view::npos ? 0 : digit);
    }
    for (std::size_t k = 0; k < 3; ++k) out += static_cast<char>(bits >> (16 - 8 * k) & 0xFF);
  }
  out.resize(std::min(out.size(), base64_bytes(text)));
  return out;
}

}  // namespace ork::embedded
