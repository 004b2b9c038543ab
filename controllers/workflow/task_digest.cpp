#include "controllers/workflow/task_digest.hpp"

#include <array>
#include <string_view>

#include "controllers/workflow/hash.hpp"

namespace ork::workflow {
namespace {

using api::Json;

// A field that is new to the language counts until it is named here: a task that runs once too often costs less than
// one that doesn't run.
constexpr std::array<std::string_view, 8> no_part_of_it = {"retry",     "timeout",     "pendingTimeout", "onOOM",
                                                           "resources", "parallelism", "onFailure",      "hooks"};

Json without_those(const Json& fields) {
  Json out = fields.is_object() ? fields : Json::object();
  for (const std::string_view name : no_part_of_it) out.erase(std::string(name));
  return out;
}

const Json& field(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

// What the task says itself is not what the defaults say, but for env, which is both.
Json defaults_for(const Json& task, const Json& spec) {
  if (task.contains("wait") || task.contains("approve")) return Json::object();
  Json out = without_those(field(spec, "defaults"));
  for (const auto& [name, value] : task.items()) {
    if (name != "env") out.erase(name);
  }
  if (task.contains("podTemplate")) out.erase("image");
  return out;
}

}  // namespace

std::uint64_t task_digest(const Json& spec, std::size_t task) {
  const Json& tasks = spec.at("tasks");
  if (task >= tasks.size()) return 0;
  const Json& written = tasks[task];
  Json made_of = {{"task", without_those(written)}, {"defaults", defaults_for(written, spec)}};
  if (written.contains("output")) made_of["types"] = field(spec, "types");
  return fnv1a(made_of.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace ork::workflow
