#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ork::kube {

std::string base64_encode(std::string_view bytes);

// Standard alphabet with padding; blanks and line breaks are passed over, as YAML may fold a long
// value. nullopt for anything else.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace ork::kube
