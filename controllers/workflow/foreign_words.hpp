#pragma once

// Fields that other systems have and ork does not, by what ork calls the same thing.

#include <string_view>

namespace ork::workflow {

// "write dependsOn: a list of tasks' names" for `needs`, or nothing.
std::string_view instead_of_foreign(std::string_view field);

}  // namespace ork::workflow
