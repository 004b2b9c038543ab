#include "controllers/workflow/definition.hpp"

#include <algorithm>
#include <set>

namespace ork::workflow {
namespace {

using api::Json;

// Entries of a compiled env are objects with a name: the rules have seen to it.
std::string_view name_of(const Json& variable) { return variable.at("name").get_ref<const std::string&>(); }

}  // namespace

Json CompiledTask::env() const {
  const Json& base = defaults->env;
  if (task.env.is_null()) return base;
  if (base.is_null()) return task.env;
  std::set<std::string_view> own;
  for (const Json& variable : task.env) own.insert(name_of(variable));
  // The task's own come last: they may refer to the defaults as $(NAME), and that works only backwards.
  Json merged = Json::array();
  for (const Json& variable : base) {
    if (own.count(name_of(variable)) == 0) merged.push_back(variable);
  }
  for (const Json& variable : task.env) merged.push_back(variable);
  return merged;
}

const Json& CompiledTask::env_from() const { return task.env_from.is_null() ? defaults->env_from : task.env_from; }

const Json& CompiledTask::resources() const { return task.resources.is_null() ? defaults->resources : task.resources; }
const Json& CompiledTask::security_context() const {
  return task.security_context.is_null() ? defaults->security_context : task.security_context;
}

std::optional<std::int64_t> CompiledTask::written_count() const {
  if (matrix != nullptr) return matrix->count;
  if (task.for_each.is_structured()) return static_cast<std::int64_t>(task.for_each.size());
  return task.count;
}

std::vector<const expr::Expression*> CompiledTask::expressions() const {
  std::vector<const expr::Expression*> out;
  for (const Input& input : inputs) out.push_back(&input.expression);
  for (const auto* each : {&when, &count, &for_each, &until, &awaited, &object_until}) {
    if (*each) out.push_back(&**each);
  }
  if (matrix == nullptr) return out;
  for (const auto& [name, expression] : matrix->expressions) out.push_back(&expression);
  return out;
}

bool CompiledTask::has_inputs_of_index() const {
  return std::any_of(inputs.begin(), inputs.end(), [](const Input& input) { return input.of_index; });
}

std::string Definition::hook_in_words(std::size_t task) const {
  const api::Hook* hook = tasks[task].task.hook.get();
  if (hook == nullptr) return {};
  return std::string(to_string(hook->moment)) + " of " +
         (hook->of < 0 ? "the run" : tasks[static_cast<std::size_t>(hook->of)].name());
}

int Definition::index_of(std::string_view name) const {
  const auto name_at = [this](int i) -> std::string_view { return tasks[static_cast<std::size_t>(i)].name(); };
  const auto found = std::lower_bound(by_name.begin(), by_name.end(), name,
                                      [&](int i, std::string_view wanted) { return name_at(i) < wanted; });
  return found != by_name.end() && name_at(*found) == name ? *found : -1;
}

}  // namespace ork::workflow
