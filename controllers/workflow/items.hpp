#pragma once

// The elements of a task's forEach, as its indexes get to know them.

#include <string>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/result/result.hpp"

namespace ork::workflow {

// Of a list its elements, of a map {"key": ..., "value": ...} in the order of the keys. A text is given as it is,
// anything else as JSON. The error says why these can't be handed out: neither list nor map, too many, too large.
Result<std::vector<std::string>, std::string> items_of(const api::Json& elements);

// The name by which an index finds its item among all.
inline std::string key_of_item(std::size_t index) { return std::to_string(index); }

}  // namespace ork::workflow
