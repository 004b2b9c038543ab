#pragma once

// How deep a JSON value is nested. The JSON library copies, compares and prints by recursion, so a
// value from outside is measured before anything of that is done to it.

#include <cstddef>
#include <nlohmann/json.hpp>

namespace ork::expr {

// Arrays and objects inside each other; a plain value has depth 0, [] and {} have 1. Stops looking as
// soon as it is above `limit`; does not recurse.
bool is_deeper_than(const nlohmann::json& value, std::size_t limit);

}  // namespace ork::expr
