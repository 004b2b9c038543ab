#pragma once

// The combinations of a matrix, worked out once more and in another way than ork does: list by list, by what the
// objects hold.

#include <nlohmann/json.hpp>

namespace ork::sim {

// `lists`: each field of the matrix as a list.
nlohmann::json combinations(const nlohmann::json& lists);

}  // namespace ork::sim
