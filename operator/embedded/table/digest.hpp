#pragma once

#include <string>
#include <string_view>

namespace ork::embedded {

// The first eight bytes of a SHA-256, in base64.
std::string short_digest(std::string_view text);
// A SHA-512, in large hex digits.
std::string long_digest(std::string_view text);

}  // namespace ork::embedded
