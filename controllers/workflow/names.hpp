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

// As Kubernetes' objects of any kind are called: DNS labels with points between them, at most max_object_name.
bool is_object_name(std::string_view name);

// "v1", "apps/v1", "example.com/v1beta2".
bool is_api_version(std::string_view text);

// ^[A-Z][A-Za-z0-9]*$, at most max_name.
bool is_kind(std::string_view text);

// "day" -> "ORK_INPUT_DAY".
std::string env_name_of_input(std::string_view name);

}  // namespace ork::workflow
