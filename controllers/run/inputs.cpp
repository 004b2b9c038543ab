#include "controllers/run/inputs.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "controllers/expr/json.hpp"
#include "controllers/jobs/inputs_file.hpp"
#include "controllers/jobs/limits.hpp"
#include "controllers/run/run_scope.hpp"
#include "controllers/workflow/items.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::run {
namespace {

using api::Json;

std::optional<std::string> add_input(const workflow::Input& input, const expr::Scope& scope, expr::Budget& budget,
                                     Json& values) {
  auto value = expr::evaluate(input.expression, scope, budget);
  if (!value) return "input " + input.name + " has no value: " + value.error().message;
  values[input.name] = expr::to_json(*value);
  return std::nullopt;
}

std::optional<std::string> too_large(const Json& inputs) {
  const std::size_t bytes = inputs.empty() ? 0 : workflow::text_of(inputs).size();
  if (bytes <= jobs::max_inputs_bytes) return std::nullopt;
  return "its inputs are " + std::to_string(bytes) + " bytes together; the environment of a container takes " +
         std::to_string(jobs::max_inputs_bytes);
}

// All inputs of an index. `inputs`: those that it has in common with the others.
Result<Json, std::string> with_own(const workflow::CompiledTask& task, Json inputs, const IndexScope& scope,
                                   expr::Budget& budget) {
  for (const workflow::Input& input : task.inputs) {
    if (!input.of_index) continue;
    if (auto error = add_input(input, scope, budget, inputs)) return Err(*std::move(error));
  }
  if (auto error = too_large(inputs)) return Err(*std::move(error));
  return inputs;
}

// The data of one ConfigMap, as far as that holds it.
class HandOut {
 public:
  void add(std::string key, std::string text) {
    bytes_ += workflow::bytes_to_hand_out(text);
    if (fits()) data_[std::move(key)] = std::move(text);
  }
  bool fits() const { return bytes_ <= workflow::max_items_bytes; }
  Json take() && { return std::move(data_); }

 private:
  Json data_;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<Json, std::string> inputs_of(const workflow::CompiledTask& task, const expr::Scope& scope) {
  Json values = Json::object();
  for (const workflow::Input& input : task.inputs) {
    expr::Budget budget;
    if (input.of_index) continue;
    if (auto error = add_input(input, scope, budget, values)) return Err(*std::move(error));
  }
  if (auto error = too_large(values)) return Err(*std::move(error));
  return values;
}

Result<Json, std::string> handed_out(const workflow::CompiledTask& task, std::int64_t count, const Json& items,
                                     const Json& inputs, const expr::Scope& scope) {
  HandOut out;
  expr::Budget budget;
  const bool has_own_inputs = task.has_inputs_of_index();
  if (items.is_null() && !has_own_inputs) return Json();
  for (std::int64_t i = 0; i < count && out.fits(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const Json* item = items.is_null() ? nullptr : &items[index];
    if (item != nullptr) out.add(workflow::key_of_item(index), workflow::text_of(*item));
    if (!has_own_inputs) continue;
    const auto all = with_own(task, inputs, IndexScope(scope, i, item), budget);
    if (!all) return Err("index " + std::to_string(i) + ": " + all.error());
    out.add(workflow::key_of_inputs(index), jobs::inputs_file(task, *all));
  }
  if (out.fits()) return std::move(out).take();
  return Err("what its indexes have of their own, inputs and items, takes more than the " +
             std::to_string(workflow::max_items_bytes) +
             " bytes that the ConfigMap holds which hands it out: give them less, or the same to all");
}

}  // namespace ork::run
