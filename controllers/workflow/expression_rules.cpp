#include "controllers/workflow/expression_rules.hpp"

#include <algorithm>
#include <array>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

constexpr std::array<std::string_view, 3> variables{"params", "tasks", "run"};
constexpr std::array<std::string_view, 4> variables_of_failure{"attempt", "cause", "exitCode", "message"};
constexpr std::array<std::string_view, 4> fields_of_task{"attempt", "exitCode", "output", "phase"};
// The first are known from the beginning.
constexpr std::array<std::string_view, 5> fields_of_run{"name", "scheduledTime", "phase", "reason", "message"};
constexpr std::size_t known_from_beginning = 2;

// "at character 8 of \"params..day\": ", from 1.
Sentence place_in(std::string_view text, std::size_t position) {
  const std::string words =
      "at character " + std::to_string(position + 1) + " of " + expr::in_quotes(text, expr::max_quoted_path) + ": ";
  return {words, {std::string(text), position, words.size()}};
}

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

using Is = expr::Type::Is;

using FieldTypes = std::map<std::string, expr::Type, std::less<>>;

expr::Type with_fields(FieldTypes types) {
  expr::Type out = expr::map_of(expr::type_of_kind(Is::String), {});
  out.fields = std::make_shared<const expr::Type::Fields>(expr::Type::Fields{std::move(types), false});
  return out;
}

expr::Type type_of_task(expr::Type output) {
  return with_fields({{"attempt", expr::type_of_kind(Is::Int)},
                      {"exitCode", expr::type_of_kind(Is::Int)},
                      {"output", std::move(output)},
                      {"phase", expr::type_of_kind(Is::String)}});
}

// A map in which only the tasks that declare an output stand by name.
expr::Type type_of_tasks(const api::WorkflowSpec& spec, const Schemas& schemas) {
  expr::Type::Fields declared{{}, true};
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    if (!schemas.outputs[i]) continue;
    const api::Task& task = spec.tasks[i];
    const expr::Type& output = schemas.outputs[i]->in_expressions;
    declared.types.emplace(task.name, type_of_task(task.fans_out() ? expr::list_of(output) : output));
  }
  expr::Type out = expr::map_of(expr::type_of_kind(Is::String), type_of_task({}));
  out.fields = std::make_shared<const expr::Type::Fields>(std::move(declared));
  return out;
}

class VariableTypes : public expr::Types {
 public:
  VariableTypes(const expr::Type& params, const expr::Type& tasks, const LocalVariables* local)
      : params_(params), tasks_(tasks), local_(local) {}
  std::optional<expr::Type> variable(std::string_view name) const override {
    if (name == "params") return params_;
    if (name == "tasks") return tasks_;
    if (name == "index" && local_ != nullptr && local_->fans_out) return expr::type_of_kind(Is::Int);
    if (name == "item" && local_ != nullptr) return local_->item;
    if (name == "object" && local_ != nullptr && local_->object)
      return expr::map_of(expr::type_of_kind(Is::String), {});
    if (name != "run") return std::nullopt;
    FieldTypes types;
    for (const std::string_view field : fields_of_run)
      types.emplace(field, expr::type_of_kind(field == "scheduledTime" ? Is::Timestamp : Is::String));
    return with_fields(std::move(types));
  }

 private:
  const expr::Type& params_;
  const expr::Type& tasks_;
  const LocalVariables* local_;
};

class FailureTypes : public expr::Types {
 public:
  std::optional<expr::Type> variable(std::string_view name) const override {
    const bool number = name == "exitCode" || name == "attempt";
    return expr::type_of_kind(number ? Is::Int : Is::String);
  }
};

bool gives(const expr::Type& type, Wanted wanted) {
  switch (wanted) {
    case Wanted::Anything: return true;
    case Wanted::Bool: return expr::admits(type, expr::Kind::Bool);
    case Wanted::Int: return expr::admits(type, expr::Kind::Int);
    case Wanted::Elements: return expr::admits(type, expr::Kind::List) || expr::admits(type, expr::Kind::Map);
    case Wanted::List: return expr::admits(type, expr::Kind::List);
    case Wanted::Timestamp: return expr::admits(type, expr::Kind::Timestamp);
    case Wanted::Text: return expr::admits(type, expr::Kind::String);
  }
  return true;
}

std::string in_words(Wanted wanted) {
  switch (wanted) {
    case Wanted::Anything: break;
    case Wanted::Bool: return "a bool: true or false";
    case Wanted::Int: return "an int: a whole number";
    case Wanted::Elements: return "a list or a map";
    case Wanted::List: return "a list";
    case Wanted::Text: return "a string";
    case Wanted::Timestamp: return "a timestamp, as timestamp(\"2026-01-31T12:00:00Z\") gives";
  }
  return "anything";
}

// What was probably meant, or what there is.
std::string instead(std::string_view name, std::span<const std::string_view> names) {
  const auto nearest = dag::nearest(name, names);
  return nearest.empty() ? "; there is: " + listed(names) : maybe_meant(nearest);
}

// Why there is no `item` or `index` here, and what to do.
std::string_view without_index(std::string_view variable, const LocalVariables* local) {
  if (local == nullptr || local->object)
    return ": this is evaluated once, for all indexes together; only inputs know item and index";
  if (variable == "item" && local->fans_out)
    return ": the task goes by count, so there are only numbers: use index, or write forEach";
  return ": the task has no indexes; give it forEach, matrix or count";
}

}  // namespace

ExpressionCompiler::ExpressionCompiler(const api::WorkflowSpec& spec, const Schemas& schemas, ProblemList& problems,
                                       ResultIs result)
    : tasks_type_(type_of_tasks(spec, schemas)), problems_(problems), result_(result) {
  FieldTypes types;
  for (const api::Task& task : spec.tasks) (task.hook ? hooks_ : tasks_).push_back(task.name);
  for (const api::Param& param : spec.params) params_.push_back(param.name);
  for (std::size_t i = 0; i < schemas.params.size(); ++i) {
    types.emplace(schemas.params[i].name, schemas.params[i].schema->in_expressions);
    if (schemas.params[i].secret) secrets_.push_back(spec.params[i].name);
  }
  params_type_ = with_fields(std::move(types));
}

std::optional<expr::Expression> ExpressionCompiler::compile(std::string_view text, const std::string& path,
                                                            const LocalVariables& local) {
  return compile_as(text, path, &local, Wanted::Anything);
}

std::optional<expr::Expression> ExpressionCompiler::compile_of(Wanted wanted, std::string_view text,
                                                               const std::string& path) {
  return compile_as(text, path, nullptr, wanted);
}

std::optional<expr::Expression> ExpressionCompiler::compile_about_object(std::string_view text,
                                                                         const std::string& path) {
  const LocalVariables local{.fans_out = false, .item = {}, .object = true};
  return compile_as(text, path, &local, Wanted::Bool);
}

std::optional<expr::Expression> ExpressionCompiler::compile_at_end(std::string_view text, const std::string& path) {
  auto expression = compile_as(text, path, nullptr, Wanted::Anything);
  if (!expression) return expression;
  for (const expr::Mention& mention : expression->mentions()) {
    if (mention.variable != "tasks" || !mention.member) continue;
    if (std::find(tasks_.begin(), tasks_.end(), *mention.member) != tasks_.end()) continue;
    const auto nearest = dag::nearest(*mention.member, tasks_);
    const Sentence here{{}, {expression->text(), mention.begin, 0}};
    if (std::find(hooks_.begin(), hooks_.end(), *mention.member) != hooks_.end()) {
      problems_.add(path,
                    here + expr::in_quotes(*mention.member) + " is a hook, which has no part in the run's output");
      continue;
    }
    problems_.add(path, here + "there is no task " + expr::in_quotes(*mention.member) +
                            (nearest.empty() ? ": add it, or refer to another" : maybe_meant(nearest)));
  }
  return expression;
}

std::optional<expr::Expression> ExpressionCompiler::compile_as(std::string_view text, const std::string& path,
                                                               const LocalVariables* local, Wanted wanted) {
  auto expression = expr::parse(text);
  if (!expression) {
    problems_.add(path, place_in(text, expression.error().position) + expression.error().message);
    return std::nullopt;
  }
  if (tell_hyphen(*expression, path)) return std::nullopt;
  const std::size_t before = problems_.size();
  for (const expr::Mention& mention : expression->mentions()) check(mention, *expression, path, local);
  if (problems_.size() == before)
    check_types(*expression, VariableTypes(params_type_, tasks_type_, local), path, wanted);
  return std::move(*expression);
}

expr::Type ExpressionCompiler::type_of(const expr::Expression& expression) const {
  return expr::check(expression, VariableTypes(params_type_, tasks_type_, nullptr)).type;
}

bool ExpressionCompiler::is_secret_param(const expr::Expression& expression) const {
  const auto& mentions = expression.mentions();
  if (mentions.size() != 1 || mentions[0].variable != "params" || !mentions[0].member) return false;
  const std::string& name = *mentions[0].member;
  const std::string& text = expression.text();
  if (text != "params." + name && text != "params[\"" + name + "\"]") return false;
  return std::find(secrets_.begin(), secrets_.end(), name) != secrets_.end();
}

std::optional<expr::Expression> ExpressionCompiler::compile_retry_condition(std::string_view text,
                                                                            const std::string& path) {
  auto expression = expr::parse(text);
  if (!expression) {
    problems_.add(path, place_in(text, expression.error().position) + expression.error().message);
    return std::nullopt;
  }
  bool known = true;
  for (const expr::Mention& mention : expression->mentions()) {
    known = check_variable(mention.variable, variables_of_failure, place_in(text, mention.begin), path) && known;
  }
  if (known) check_types(*expression, FailureTypes(), path, Wanted::Bool);
  return std::move(*expression);
}

bool ExpressionCompiler::check_variable(std::string_view variable, std::span<const std::string_view> known,
                                        const Sentence& told, const std::string& path, std::string_view instead_of_it) {
  if (std::find(known.begin(), known.end(), variable) != known.end()) return true;
  problems_.add(path, told + "there is no variable " + expr::in_quotes(variable) +
                          (instead_of_it.empty() ? instead(variable, known) : std::string(instead_of_it)));
  return false;
}

// tasks.load-all is a subtraction for CEL; who writes that means the task, and what would be said of the rest of the
// expression would only be confusing.
bool ExpressionCompiler::tell_hyphen(const expr::Expression& expression, const std::string& path) {
  const auto& mentions = expression.mentions();
  for (std::size_t i = 0; i + 1 < mentions.size(); ++i) {
    const expr::Mention& mention = mentions[i];
    const expr::Mention& next = mentions[i + 1];
    const bool hyphen = next.begin == mention.end + 1 && expression.text()[mention.end] == '-';
    const bool unknown = std::find(variables.begin(), variables.end(), next.variable) == variables.end();
    if (!hyphen || !unknown || !mention.member || mention.field) continue;
    const std::string name = *mention.member + "-" + next.variable;
    const std::string& whole = mention.variable;
    problems_.add(path, place_in(expression.text(), mention.begin) + expr::in_quotes(name) +
                            " is not an identifier, so it needs brackets: write " + whole + "[\"" + name +
                            "\"] instead of " + whole + "." + name);
    return true;
  }
  return false;
}

void ExpressionCompiler::check(const expr::Mention& mention, const expr::Expression& expression,
                               const std::string& path, const LocalVariables* local) {
  const Sentence place = place_in(expression.text(), mention.begin);
  const std::string& variable = mention.variable;
  std::vector<std::string_view> known(variables.begin(), variables.end());
  if (local != nullptr && local->fans_out) known.emplace_back("index");
  if (local != nullptr && local->item) known.emplace_back("item");
  if (local != nullptr && local->object) known.emplace_back("object");
  const bool of_index = variable == "item" || variable == "index";
  if (!check_variable(variable, known, place, path, of_index ? without_index(variable, local) : "")) return;
  if (variable == "tasks") return check_task(mention, place, path);
  if (variable == "run" && mention.member) return check_run(*mention.member, place, path);
  if (variable != "params" || !mention.member) return;
  if (std::find(secrets_.begin(), secrets_.end(), *mention.member) != secrets_.end()) {
    problems_.add(path, place + "the param " + expr::in_quotes(*mention.member) +
                            " is secret, so no expression can read it: give it to a task as it is, as in inputs: "
                            "{password: params." +
                            *mention.member + "}");
  }
  if (std::find(params_.begin(), params_.end(), *mention.member) != params_.end()) return;
  const auto nearest = dag::nearest(*mention.member, params_);
  // What the message names is found without its place in words.
  const Sentence here{{}, {expression.text(), mention.begin, 0}};
  problems_.add(path, here + "there is no param " + expr::in_quotes(*mention.member) +
                          (nearest.empty() ? ": declare it in params, or refer to another" : maybe_meant(nearest)));
}

void ExpressionCompiler::check_run(const std::string& field, const Sentence& told, const std::string& path) {
  const auto there =
      std::span(fields_of_run).first(result_ == ResultIs::Known ? fields_of_run.size() : known_from_beginning);
  if (std::find(there.begin(), there.end(), field) != there.end()) return;
  const bool known = std::find(fields_of_run.begin(), fields_of_run.end(), field) != fields_of_run.end();
  problems_.add(path, told + (known ? "run." + field +
                                          " is known once the run's tasks have ended: to the hooks "
                                          "onSuccess, onFailure and onExit of the run"
                                    : "a run has no " + expr::in_quotes(field) + instead(field, there)));
}

void ExpressionCompiler::check_types(const expr::Expression& expression, const expr::Types& types,
                                     const std::string& path, Wanted wanted) {
  const expr::Checked checked = expr::check(expression, types);
  for (const expr::TypeError& error : checked.errors) {
    const std::vector<std::string_view> fields(error.fields.begin(), error.fields.end());
    const auto nearest = dag::nearest(error.missing, fields);
    problems_.add(path, place_in(expression.text(), error.begin) +
                            (nearest.empty() ? expr::told(error) : error.message + maybe_meant(nearest)));
  }
  if (!checked.errors.empty() || gives(checked.type, wanted)) return;
  problems_.add(path, "has the type " + expr::text_of(checked.type) + ", but has to be " + in_words(wanted));
}

// ork has to know what a task waits for before anything runs: so a task is named, and what is asked of it.
void ExpressionCompiler::check_task(const expr::Mention& mention, const Sentence& told, const std::string& path) {
  if (!mention.member) {
    problems_.add(path, told + "tasks needs the name of a task, as in tasks.list.output or tasks[\"load-all\"].output");
    return;
  }
  if (!mention.field) {
    problems_.add(
        path, told + "a task needs one of its fields, as in tasks.list.output; there is: " + listed(fields_of_task));
    return;
  }
  if (std::find(fields_of_task.begin(), fields_of_task.end(), *mention.field) != fields_of_task.end()) return;
  problems_.add(path,
                told + "a task has no " + expr::in_quotes(*mention.field) + instead(*mention.field, fields_of_task));
}

}  // namespace ork::workflow
