#pragma once

// What may be a name. The same patterns stand in crds/.

#include <string>
#include <string_view>

namespace ork::workflow {

// ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$, at most max_name: a DNS label, for it becomes part of one.
bool is_task_name(std::string_view name);

// ^[A-Za-z_][A-Za-z0-9_]*$, at most max_name: what follows a dot in an expression, and may be part of
// a variable's name.
bool is_identifier(std::string_view name);

// "day" -> "ORK_INPUT_DAY".
std::string env_name_of_input(std::string_view name);

}  // namespace ork::workflow
