#pragma once

// $(NAME) in values, commands and args, as Kubernetes defines it: a name that is not known stays as
// it is written, and $$ is one $. Pure.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ork::embedded {

using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

std::string expand(std::string_view text, const Lookup& lookup);

}  // namespace ork::embedded
