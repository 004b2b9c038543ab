#include "controllers/run/fan_out.hpp"

#include <algorithm>

#include "controllers/expr/json.hpp"
#include "controllers/workflow/items.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/matrix.hpp"

namespace ork::run {
namespace {

using api::Json;

Result<Json, std::string> elements_of_for_each(const workflow::CompiledTask& task, const expr::Scope& scope) {
  if (!task.for_each) {
    auto written = workflow::items_of(task.task.for_each);
    if (!written) return Err("forEach " + written.error());
    return written;
  }
  const auto value = expr::evaluate(*task.for_each, scope);
  if (!value) return Err("forEach has no value: " + value.error().message);
  if (!value->is(expr::Kind::List) && !value->is(expr::Kind::Map)) {
    return Err("forEach has no elements: its value is of type " + std::string(expr::type_name(*value)) +
               ", but has to be a list or a map");
  }
  auto items = workflow::items_of(expr::to_json(*value));
  if (!items) return Err("forEach can't be handed out: it " + items.error());
  return items;
}

Result<Json, std::string> combinations_of(const workflow::Matrix& matrix, const expr::Scope& scope) {
  Json lists = matrix.written;
  for (const auto& [name, expression] : matrix.expressions) {
    const auto value = expr::evaluate(expression, scope);
    if (!value) return Err("matrix." + name + " has no value: " + value.error().message);
    if (!value->is(expr::Kind::List)) {
      return Err("matrix." + name + " is no list: its value is of type " + std::string(expr::type_name(*value)));
    }
    lists[name] = expr::to_json(*value);
  }
  auto combinations = workflow::combinations_of(lists);
  if (!combinations) return Err("matrix" + combinations.error().place + " " + combinations.error().message);
  auto items = workflow::items_of(*combinations);
  if (!items) return Err("matrix can't be handed out: it " + items.error());
  return items;
}

Result<Json, std::string> elements_of(const workflow::CompiledTask& task, const expr::Scope& scope) {
  return task.matrix != nullptr ? combinations_of(*task.matrix, scope) : elements_of_for_each(task, scope);
}

Result<std::int64_t, std::string> evaluated_count(const expr::Expression& expression, const expr::Scope& scope) {
  const std::string without = "count has no value: ";
  const auto value = expr::evaluate(expression, scope);
  if (!value) return Err(without + value.error().message);
  const auto* count = value->get_if<std::int64_t>();
  if (count == nullptr) {
    return Err(without + "its value is of type " + std::string(expr::type_name(*value)) +
               ", but has to be an int: a whole number");
  }
  if (*count >= 0 && *count <= workflow::max_count) return *count;
  return Err(without + "it is " + std::to_string(*count) + ", but must be from 0 to " +
             std::to_string(workflow::max_count));
}

}  // namespace

Result<std::int64_t, std::string> count_of(const workflow::CompiledTask& task, std::int64_t kept,
                                           const expr::Scope& scope) {
  if (const auto written = task.written_count()) return *written;
  if (!task.fans_out()) return std::int64_t{0};
  if (kept > 0) return std::min(kept, workflow::max_count);
  if (task.count) return evaluated_count(*task.count, scope);
  const auto items = elements_of(task, scope);
  if (!items) return Err(items.error());
  return static_cast<std::int64_t>(items->size());
}

Result<Json, std::string> items_of(const workflow::CompiledTask& task, std::int64_t count, const expr::Scope& scope) {
  if (!task.has_items()) return Json();
  auto items = elements_of(task, scope);
  if (!items || items->size() == static_cast<std::size_t>(count)) return items;
  // Nothing that it is made of changes: somebody has edited the status.
  return Err(std::string(task.matrix != nullptr ? "matrix" : "forEach") + " gives " + std::to_string(items->size()) +
             " elements now, and gave " + std::to_string(count) + " when the task started");
}

}  // namespace ork::run
