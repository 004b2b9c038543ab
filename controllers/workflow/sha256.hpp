#pragma once

// SHA-256 as FIPS 180-4 has it: for marks that nobody should be able to forge, which hash.hpp's are not.

#include <string>
#include <string_view>

namespace ork::workflow {

// 64 hex digits.
std::string sha256(std::string_view text);

}  // namespace ork::workflow
