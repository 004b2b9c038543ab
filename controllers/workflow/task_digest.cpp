#include "controllers/workflow/task_digest.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "controllers/workflow/hash.hpp"

namespace ork::workflow {
namespace {

using api::Json;

// A field that is new to the language counts until it is named here: a task that runs once too often costs less than
// one that doesn't run.
constexpr std::array<std::string_view, 9> no_part_of_it = {
    "retry", "timeout", "pendingTimeout", "onOOM", "resources", "parallelism", "onFailure", "hooks", "cache"};

std::string text_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json& field(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

bool is_part_of_it(std::string_view name) {
  return std::find(no_part_of_it.begin(), no_part_of_it.end(), name) == no_part_of_it.end();
}

// What the task says itself is not what the defaults say, but for env, which is both.
bool counts_for(const Json& task, const std::string& default_name) {
  if (task.contains("wait") || task.contains("approve") || task.contains("workflow")) return false;
  if (default_name == "image" && task.contains("podTemplate")) return false;
  return default_name == "env" || !task.contains(default_name);
}

// What is said once for all tasks is hashed once.
class Digester {
 public:
  explicit Digester(const Json& spec) : types_(hash_of(field(spec, "types"))) {
    const Json& defaults = field(spec, "defaults");
    if (!defaults.is_object()) return;
    for (const auto& [name, value] : defaults.items()) {
      if (is_part_of_it(name)) defaults_.emplace_back(name, hash_of(value));
    }
  }

  std::uint64_t of(const Json& task) const {
    Json made_of = task;
    for (const std::string_view name : no_part_of_it) made_of.erase(std::string(name));
    std::string text = text_of(made_of);
    for (const auto& [name, hash] : defaults_) {
      if (counts_for(task, name)) text += " " + name + " " + hash;
    }
    if (task.contains("output")) text += " types " + types_;
    return fnv1a(text);
  }

 private:
  static std::string hash_of(const Json& value) { return std::to_string(fnv1a(text_of(value))); }

  std::string types_;
  std::vector<std::pair<std::string, std::string>> defaults_;  // by name: the value's hash
};

}  // namespace

std::vector<std::uint64_t> task_digests(const Json& spec) {
  const Digester digester(spec);
  std::vector<std::uint64_t> out;
  for (const Json& task : field(spec, "tasks")) out.push_back(digester.of(task));
  return out;
}

}  // namespace ork::workflow
