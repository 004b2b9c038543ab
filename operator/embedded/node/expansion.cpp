#include "operator/embedded/node/expansion.hpp"

namespace ork::embedded {

std::string expand(std::string_view text, const Lookup& lookup) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t dollar = text.find('$', at);
    if (dollar == std::string_view::npos || dollar + 1 == text.size()) return out.append(text.substr(at));
    out.append(text.substr(at, dollar - at));
    at = dollar + 2;
    if (text[dollar + 1] == '$') {
      out += '$';
      continue;
    }
    const std::size_t close = text[dollar + 1] == '(' ? text.find(')', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out.append(text.substr(dollar, 2));
      continue;
    }
    const std::string_view name = text.substr(at, close - at);
    at = close + 1;
    if (const auto value = lookup(name)) {
      out.append(*value);
    } else {
      out.append("$(").append(name).append(")");
    }
  }
  return out;
}

}  // namespace ork::embedded
