#include "controllers/workflow/task_expressions.hpp"

#include <map>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/expression_rules.hpp"
#include "controllers/workflow/names.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {
namespace {

// `list`: inputs, or workflow.params.
std::string input_path(const std::string& task_path, std::string_view list, std::string_view name) {
  const std::string inputs = task_path + "." + std::string(list);
  return is_identifier(name) ? inputs + "." + std::string(name) : inputs + "[" + expr::in_quotes(name) + "]";
}

std::string when_path(const std::string& task_path) { return task_path + ".when"; }
std::string count_path(const std::string& task_path) { return task_path + ".count"; }
std::string for_each_path(const std::string& task_path) { return task_path + ".forEach"; }
std::string matrix_path(const std::string& task_path, const std::string& name) {
  return task_path + ".matrix" + (is_identifier(name) ? "." + name : "[" + expr::in_quotes(name) + "]");
}
std::string until_path(const std::string& task_path) { return task_path + ".wait.until"; }
std::string cache_key_path(const std::string& task_path) { return task_path + ".cache.key"; }
std::string object_path(const std::string& task_path) { return task_path + ".wait.object"; }
std::string awaited_path(const std::string& task_path, bool is_object) {
  return (is_object ? object_path(task_path) : task_path + ".wait.run") + ".name";
}
std::string object_until_path(const std::string& task_path) { return object_path(task_path) + ".until"; }

class TaskCompiler {
 public:
  TaskCompiler(const api::WorkflowSpec& spec, const Schemas& schemas, ProblemList& problems)
      : during_run_(spec, schemas, problems, ResultIs::Open),
        after_run_(spec, schemas, problems, ResultIs::Known),
        problems_(problems) {}

  TaskExpressions compile(const api::Task& task, const std::string& path) {
    TaskExpressions out;
    const bool ends_run = task.hook && task.hook->of == -1 && task.hook->moment != api::Moment::Start;
    ExpressionCompiler& expressions = ends_run ? after_run_ : during_run_;
    if (task.when) out.when = expressions.compile_of(Wanted::Bool, *task.when, when_path(path));
    if (task.count_expression)
      out.count = expressions.compile_of(Wanted::Int, *task.count_expression, count_path(path));
    LocalVariables index{.fans_out = task.fans_out(), .item = {}};
    if (!task.for_each.is_null()) index.item = compile_for_each(expressions, task.for_each, path, out);
    if (!task.matrix.is_null()) index.item = compile_matrix(expressions, task.matrix, path, out);
    out.inputs_are = task.workflow ? "workflow.params" : "inputs";
    out.inputs =
        task.workflow ? compile_params(expressions, task, path, index) : compile_inputs(expressions, task, path, index);
    if (task.wait && task.wait->until) out.until = compile_until(expressions, *task.wait->until, until_path(path));
    // Of one that is missing the table of fields tells.
    if (task.cache && !task.cache->key.empty())
      out.cache_key = expressions.compile_of(Wanted::Anything, task.cache->key, cache_key_path(path));
    if (task.wait && task.wait->run)
      out.awaited = compile_name(expressions, task.wait->run->name, awaited_path(path, false));
    if (task.wait && task.wait->object) compile_object(expressions, *task.wait->object, path, out);
    return out;
  }

 private:
  // Each gives the type of an item.
  static expr::Type compile_for_each(ExpressionCompiler& expressions, const api::Json& elements,
                                     const std::string& path, TaskExpressions& out) {
    if (!elements.is_string()) return type_of_item(elements);
    out.for_each = expressions.compile_of(Wanted::Elements, elements.get<std::string>(), for_each_path(path));
    return out.for_each ? type_of_item(expressions.type_of(*out.for_each)) : expr::Type{};
  }

  static expr::Type compile_matrix(ExpressionCompiler& expressions, const api::Json& matrix, const std::string& path,
                                   TaskExpressions& out) {
    std::map<std::string, expr::Type, std::less<>> types;
    for (const auto& [name, list] : matrix.items()) {
      if (!list.is_string()) continue;
      auto expression = expressions.compile_of(Wanted::List, list.get<std::string>(), matrix_path(path, name));
      types.emplace(name, expression ? expressions.type_of(*expression) : expr::Type{});
      if (expression) out.matrix.emplace_back(name, *std::move(expression));
    }
    return type_of_combination(matrix, types);
  }

  std::optional<expr::Expression> compile_until(ExpressionCompiler& expressions, const std::string& text,
                                                const std::string& path) {
    if (!api::parse_time(text)) return expressions.compile_of(Wanted::Timestamp, text, path);
    problems_.add(
        path, "is a time, and has to be an expression that gives one: write timestamp(" + expr::in_quotes(text) + ")");
    return std::nullopt;
  }

  // Of an empty one the table of fields tells.
  std::optional<expr::Expression> compile_name(ExpressionCompiler& expressions, const std::string& text,
                                               const std::string& path) {
    if (text.empty()) return std::nullopt;
    const bool is_name = is_task_name(text) && text != "params" && text != "tasks" && text != "run";
    if (!is_name) return expressions.compile_of(Wanted::Text, text, path);
    problems_.add(path, "is an expression, in which a name stands in quotes of its own: write '\"" + text + "\"'");
    return std::nullopt;
  }

  void compile_object(ExpressionCompiler& expressions, const api::WaitForObject& object, const std::string& path,
                      TaskExpressions& out) {
    out.awaits_object = true;
    out.awaited = compile_name(expressions, object.name, awaited_path(path, true));
    if (object.until) out.object_until = expressions.compile_about_object(*object.until, object_until_path(path));
  }

  std::vector<Input> compile_inputs(ExpressionCompiler& expressions, const api::Task& task, const std::string& path,
                                    const LocalVariables& index) {
    std::vector<Input> inputs;
    std::map<std::string, std::string_view> taken;  // by name of variable: the input that has it
    for (const auto& [name, text] : task.inputs) {
      if (problems_.full()) break;
      const std::string here = input_path(path, "inputs", name);
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
      if (auto whole = expr::parse(text); whole && expressions.is_secret_param(*whole)) {
        inputs.push_back({name, std::move(env_name), std::move(*whole), true});
        continue;
      }
      auto expression = expressions.compile(text, here, index);
      if (!expression) continue;
      const bool of_index = is_of_index(*expression);
      inputs.push_back({name, std::move(env_name), std::move(*expression), false, of_index});
    }
    return inputs;
  }

  // Of a child run. Which there are its Workflow says.
  std::vector<Input> compile_params(ExpressionCompiler& expressions, const api::Task& task, const std::string& path,
                                    const LocalVariables& index) {
    std::vector<Input> params;
    for (const auto& [name, text] : task.workflow->params) {
      if (problems_.full()) break;
      if (auto whole = expr::parse(text); whole && expressions.is_secret_param(*whole)) {
        params.push_back({name, "", std::move(*whole), true});
      } else if (auto expression = expressions.compile(text, input_path(path, "workflow.params", name), index)) {
        params.push_back({name, "", std::move(*expression)});
      }
    }
    return params;
  }

  ExpressionCompiler during_run_;
  ExpressionCompiler after_run_;
  ProblemList& problems_;
};

}  // namespace

std::vector<const expr::Expression*> TaskExpressions::all() const {
  std::vector<const expr::Expression*> out;
  for (const Input& input : inputs) out.push_back(&input.expression);
  if (when) out.push_back(&*when);
  if (count) out.push_back(&*count);
  if (for_each) out.push_back(&*for_each);
  if (until) out.push_back(&*until);
  if (cache_key) out.push_back(&*cache_key);
  for (const auto& [name, expression] : matrix) out.push_back(&expression);
  if (awaited) out.push_back(&*awaited);
  if (object_until) out.push_back(&*object_until);
  return out;
}

std::string TaskExpressions::path_of(std::size_t place, const std::string& task_path) const {
  if (place < inputs.size()) return input_path(task_path, inputs_are, inputs[place].name);
  std::vector<std::string> paths;
  if (when) paths.push_back(when_path(task_path));
  if (count) paths.push_back(count_path(task_path));
  if (for_each) paths.push_back(for_each_path(task_path));
  if (until) paths.push_back(until_path(task_path));
  if (cache_key) paths.push_back(cache_key_path(task_path));
  for (const auto& [name, expression] : matrix) paths.push_back(matrix_path(task_path, name));
  if (awaited) paths.push_back(awaited_path(task_path, awaits_object));
  if (object_until) paths.push_back(object_until_path(task_path));
  return paths[place - inputs.size()];
}

std::vector<TaskExpressions> compile_task_expressions(const api::WorkflowSpec& spec, const Schemas& schemas,
                                                      std::string_view path, ProblemList& problems) {
  TaskCompiler compiler(spec, schemas, problems);
  std::vector<TaskExpressions> out;
  out.reserve(spec.tasks.size());
  for (std::size_t i = 0; i < spec.tasks.size(); ++i)
    out.push_back(compiler.compile(spec.tasks[i], path_of_task(spec, path, i)));
  return out;
}

}  // namespace ork::workflow
