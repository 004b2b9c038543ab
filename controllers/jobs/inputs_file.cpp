#include "controllers/jobs/inputs_file.hpp"

#include <string_view>
#include <utility>

#include "controllers/workflow/items.hpp"

namespace ork::jobs {
namespace {

using api::Json;

// One word for the shell, whatever is in it.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

std::string text_of_inputs(const workflow::CompiledTask& task, Json inputs) {
  for (const workflow::Input& input : task.inputs) {
    if (input.secret) inputs.erase(input.name);
  }
  return workflow::text_of(inputs);
}

std::string inputs_file(const workflow::CompiledTask& task, const Json& inputs) {
  const std::string all = text_of_inputs(task, inputs);
  if (!task.task.script) return all;
  std::string out = "export ORK_INPUTS=" + shell_word(all) + "\n";
  for (const workflow::Input& input : task.inputs) {
    if (input.of_index)
      out += "export " + input.env_name + "=" + shell_word(workflow::text_of(inputs.at(input.name))) + "\n";
  }
  return out;
}

}  // namespace ork::jobs
