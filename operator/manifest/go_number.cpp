#include "operator/manifest/go_number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace ork::manifest {
namespace {

std::string shortest(double number, bool single, std::chars_format format) {
  std::array<char, 32> text{};  // 17 digits, a point, a sign, an exponent; without one only up to 10^6
  char* const end = text.data() + text.size();
  const auto done = single ? std::to_chars(text.data(), end, static_cast<float>(number), format)
                           : std::to_chars(text.data(), end, number, format);
  return {text.data(), done.ptr};
}

}  // namespace

std::string go_number(double number, bool single) {
  // More than a single one can hold.
  if (single && std::isinf(static_cast<float>(number))) return number < 0 ? "-.inf" : ".inf";
  const std::string scientific = shortest(number, single, std::chars_format::scientific);
  const int exponent = std::atoi(scientific.c_str() + scientific.find('e') + 1);
  return exponent < -4 || exponent >= 6 ? scientific : shortest(number, single, std::chars_format::fixed);
}

}  // namespace ork::manifest
