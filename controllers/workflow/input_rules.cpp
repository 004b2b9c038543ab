#include "controllers/workflow/input_rules.hpp"

#include <map>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/expression_rules.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

class InputCompiler {
 public:
  InputCompiler(const api::WorkflowSpec& spec, ProblemList& problems)
      : expressions_(spec, problems), problems_(problems) {}

  std::vector<Input> compile(const api::Task& task, const std::string& path) {
    std::vector<Input> inputs;
    std::map<std::string, std::string_view> taken;  // by name of variable: the input that has it
    for (const auto& [name, text] : task.inputs) {
      if (problems_.full()) break;
      const std::string here = input_path(path, name);
      if (!is_identifier(name)) {
        problems_.add(here, "an input's name must be at most 63 letters, digits and '_', and not begin with a digit");
        continue;
      }
      std::string env_name = env_name_of_input(name);
      const auto [found, added] = taken.emplace(env_name, name);
      if (!added) {
        problems_.add(here, "becomes the variable " + env_name + ", and so does " + std::string(found->second) +
                                ": rename one of them");
      }
      auto expression = expressions_.compile(text, here);
      if (!expression) continue;
      inputs.push_back({name, std::move(env_name), std::move(*expression)});
    }
    return inputs;
  }

 private:
  ExpressionCompiler expressions_;
  ProblemList& problems_;
};

}  // namespace

std::vector<std::vector<Input>> compile_inputs(const api::WorkflowSpec& spec, std::string_view path,
                                               ProblemList& problems) {
  InputCompiler compiler(spec, problems);
  std::vector<std::vector<Input>> inputs;
  inputs.reserve(spec.tasks.size());
  const std::string tasks = std::string(path) + ".tasks";
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    inputs.push_back(compiler.compile(spec.tasks[i], item(tasks, i)));
  }
  return inputs;
}

std::string input_path(std::string_view task_path, std::string_view name) {
  const std::string inputs = std::string(task_path) + ".inputs";
  return is_identifier(name) ? inputs + "." + std::string(name) : inputs + "[" + expr::in_quotes(name) + "]";
}

}  // namespace ork::workflow
