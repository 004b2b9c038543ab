#pragma once

// The documents compiled into this binary, as JSON: embed.py writes them at build time.

#include <string_view>

namespace ork::embedded::documents {

extern const std::string_view builtin;  // definition name -> schema, from builtin.json
extern const std::string_view crds;     // the list of crds/*.yaml

}  // namespace ork::embedded::documents
