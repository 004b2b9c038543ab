#pragma once

// `format:` of strings, as far as Kubernetes checks it for custom resources.

#include <string_view>

namespace ork::embedded {

using FormatCheck = bool (*)(std::string_view text);

// Null: Kubernetes checks no such format (int32, for one), or it is not checked here; which of the
// two, is_known_format tells.
FormatCheck format_check(std::string_view format);

// False for a format that Kubernetes checks and this does not: a schema with it is refused.
bool is_known_format(std::string_view format);

}  // namespace ork::embedded
