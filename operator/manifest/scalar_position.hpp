#pragma once

// Where in a file a character of a scalar's value stands: in a plain one, between quotes, in a block.

#include <cstddef>
#include <string_view>

#include "operator/manifest/place.hpp"

namespace ork::manifest {

// The place of byte `offset` of `value`, which is what the scalar at `start` of `text` says. `start` itself where the
// two don't go together: an alias, a value that was merged in.
Position position_in_scalar(std::string_view text, Position start, std::string_view value, std::size_t offset);

}  // namespace ork::manifest
