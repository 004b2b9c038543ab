#include "operator/embedded/api/go_names.hpp"

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {

std::string internal_name(const Kind& kind) {
  const std::string group = kind.group.substr(0, kind.group.find('.'));
  return (group.empty() || group == "events" ? "core" : group) + "." + kind.kind;
}

std::string not_registered(const std::string& kind, const std::string& version) {
  return "no kind " + go_text::quoted(kind) + " is registered for version " + go_text::quoted(version) +
         " in scheme \"pkg/runtime/scheme.go:110\"";
}

}  // namespace ork::embedded
