#include <string>
#include <utility>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/program.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

Err<EvalError> fail(EvalErrc code, std::string message) { return Err(EvalError{code, std::move(message)}); }

std::string type_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "an array";
    case Json::value_t::string: return "a string";
    case Json::value_t::boolean: return "a boolean";
    default: return "a number";
  }
}

// `"a", "b" and 3 more`, or "none".
std::string fields_of(const Json& object) {
  if (object.empty()) return "none";
  std::string text;
  std::size_t listed = 0;
  for (auto i = object.begin(); i != object.end() && listed < max_listed_fields; ++i, ++listed) {
    if (listed > 0) text += ", ";
    text += in_quotes(i.key());
  }
  if (object.size() > listed) text += " and " + std::to_string(object.size() - listed) + " more";
  return text;
}

// The part of the path that names a value, for a message.
std::string path_to(const Program& program, std::size_t end) {
  return printable(std::string_view(program.text).substr(0, end), max_quoted_path);
}

// A value, and where in the text the path to it ends.
struct Place {
  const Json* value;
  std::size_t end;
};

Result<const Json*, EvalError> take_field(const Program& program, const Place& place, const std::string& field) {
  const Json& value = *place.value;
  if (value.is_object()) {
    if (const auto found = value.find(field); found != value.end()) return &*found;
  }
  const std::string path = path_to(program, place.end);
  if (value.is_array()) {
    return fail(EvalErrc::WrongType,
                path + " is an array: it takes an index such as [0], not the field " + in_quotes(field));
  }
  if (!value.is_object()) {
    return fail(EvalErrc::WrongType, path + " is " + type_of(value) + ", so it has no field " + in_quotes(field));
  }
  return fail(EvalErrc::NoField, path + " has no field " + in_quotes(field) + "; it has: " + fields_of(value));
}

Result<const Json*, EvalError> take_index(const Program& program, const Place& place, std::size_t index) {
  const Json& value = *place.value;
  if (value.is_array() && index < value.size()) return &value[index];
  const std::string path = path_to(program, place.end);
  const std::string shown = "[" + std::to_string(index) + "]";
  if (!value.is_array()) {
    return fail(EvalErrc::WrongType, path + " is " + type_of(value) + ", so it takes no index " + shown);
  }
  const std::string items = std::to_string(value.size()) + (value.size() == 1 ? " item" : " items");
  return fail(EvalErrc::OutOfRange, path + " has " + items + ", so " + shown + " is out of range");
}

Result<const Json*, EvalError> find_root(const Program& program, const Scope& scope) {
  if (program.root == Root::Param) {
    if (const Json* value = scope.param(program.name)) return value;
    return fail(EvalErrc::NoParam, "there is no param " + in_quotes(program.name));
  }
  if (const Json* value = scope.task_output(program.name)) return value;
  return fail(EvalErrc::NoOutput,
              path_to(program, program.root_end) + " is missing: task " + in_quotes(program.name) + " wrote no output");
}

}  // namespace

Result<Json, EvalError> evaluate(const Expression& expression, const Scope& scope) {
  const Program& program = expression.program();
  if (program.root == Root::RunName) return Json(std::string(scope.run_name()));

  auto root = find_root(program, scope);
  if (!root) return Err(std::move(root).error());
  Place place{*root, program.root_end};
  for (const Step& step : program.steps) {
    auto next = step.is_index ? take_index(program, place, step.index) : take_field(program, place, step.field);
    if (!next) return Err(std::move(next).error());
    place = {*next, step.end};
  }
  return *place.value;
}

}  // namespace ork::expr
