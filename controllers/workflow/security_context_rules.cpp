#include "controllers/workflow/security_context_rules.hpp"

#include <algorithm>
#include <string_view>

namespace ork::workflow {
namespace {

using api::Json;

struct Kind {
  std::string_view name;
  bool (*holds)(const Json& value);
  const char* expected;
};

bool is_bool(const Json& value) { return value.is_boolean(); }
bool is_integer(const Json& value) { return value.is_number_integer(); }
bool holds_text(const Json& value) { return value.is_string(); }
bool is_object(const Json& value) { return value.is_object(); }
bool is_list_of_texts(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& each) { return each.is_string(); });
}

constexpr const char* true_or_false = "must be true or false";
constexpr const char* a_number = "must be a number";
constexpr const char* a_text = "must be a string";
constexpr const char* an_object = "must be an object";
constexpr const char* capabilities = "must be a list of capabilities, as [ALL] or [NET_BIND_SERVICE]";

constexpr Kind of_context[] = {
    {"allowPrivilegeEscalation", is_bool, true_or_false},
    {"appArmorProfile", is_object, an_object},
    {"capabilities", is_object, an_object},
    {"privileged", is_bool, true_or_false},
    {"procMount", holds_text, a_text},
    {"readOnlyRootFilesystem", is_bool, true_or_false},
    {"runAsGroup", is_integer, a_number},
    {"runAsNonRoot", is_bool, true_or_false},
    {"runAsUser", is_integer, a_number},
    {"seLinuxOptions", is_object, an_object},
    {"seccompProfile", is_object, an_object},
};
constexpr Kind of_capabilities[] = {{"add", is_list_of_texts, capabilities}, {"drop", is_list_of_texts, capabilities}};
constexpr Kind of_profile[] = {{"type", holds_text, a_text}, {"localhostProfile", holds_text, a_text}};
constexpr Kind of_se_linux[] = {{"level", holds_text, a_text},
                                {"role", holds_text, a_text},
                                {"type", holds_text, a_text},
                                {"user", holds_text, a_text}};

template <std::size_t Size>
void check_kinds(const Json& object, const Kind (&kinds)[Size], const std::string& path, ProblemList& problems) {
  for (const Kind& kind : kinds) {
    const auto found = object.find(kind.name);
    if (found != object.end() && !kind.holds(*found)) problems.add(path + "." + std::string(kind.name), kind.expected);
  }
}

template <std::size_t Size>
void check_part(const Json& context, const char* name, const Kind (&kinds)[Size], const std::string& path,
                ProblemList& problems) {
  const auto part = context.find(name);
  if (part != context.end() && part->is_object()) check_kinds(*part, kinds, path + "." + name, problems);
}

}  // namespace

void check_security_context(const Json& context, const std::string& path, ProblemList& problems) {
  if (!context.is_object()) return;
  check_kinds(context, of_context, path, problems);
  check_part(context, "capabilities", of_capabilities, path, problems);
  check_part(context, "seccompProfile", of_profile, path, problems);
  check_part(context, "appArmorProfile", of_profile, path, problems);
  check_part(context, "seLinuxOptions", of_se_linux, path, problems);
}

}  // namespace ork::workflow
