#pragma once

// minimum, maximum and multipleOf.

#include <functional>
#include <string>

#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// True for a floating point number that JSON could have written as an integer.
bool is_whole(double value);

// An integer as Go's decoder sees it: one that fits into 64 bits with a sign; the rest are floats.
bool is_int64(const Json& value);

// Calls `report(value, before, after)` for each check that the number fails: the texts around the path.
void check_number(const Checks& checks, const Json& value,
                  const std::function<void(const Json&, const std::string&, const std::string&)>& report);

}  // namespace ork::embedded
