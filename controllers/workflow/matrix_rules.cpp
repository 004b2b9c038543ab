#include "controllers/workflow/matrix_rules.hpp"

#include <algorithm>

#include "controllers/expr/quote.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/items.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/matrix.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

using api::Json;

std::string shown(const Json& value) {
  return expr::printable(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void check_field(const std::string& name, const Json& list, const std::string& path, ProblemList& problems) {
  if (!is_identifier(name)) {
    problems.add(path, expr::in_quotes(name) +
                           " is no name of a list: at most 63 letters, digits and '_', and no digit at the beginning");
    return;
  }
  const std::string here = path + "." + name;
  if (!list.is_array() && !list.is_string()) {
    const std::string expected = "a list, or an expression that gives one";
    return problems.add(here, "is " + schema::show_value(list) + ", but must be " + expected);
  }
  if (is_axis(name) && list.is_array() && list.empty())
    problems.add(here, "is empty, so there is nothing to combine: add a value, or remove it");
}

// What is written out in `exclude` and in none of the lists was meant otherwise: "3" for 3.
void check_excluded_values(const Json& matrix, const std::string& path, ProblemList& problems) {
  const auto entries = matrix.find(matrix_exclude);
  if (entries == matrix.end() || !entries->is_array()) return;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    for (const auto& [name, value] : (*entries)[i].items()) {
      const Json& values = matrix.at(name);
      if (!values.is_array() || std::find(values.begin(), values.end(), value) != values.end()) continue;
      std::string there;
      for (std::size_t k = 0; k < std::min(values.size(), max_told_values); ++k)
        there += (k == 0 ? "" : ", ") + shown(values[k]);
      if (values.size() > max_told_values) there += ", ...";
      problems.add(item(path + "." + std::string(matrix_exclude), i),
                   "leaves out nothing: " + name + " is never " + shown(value) + "; there is: " + there);
    }
  }
}

}  // namespace

void check_matrix(const api::Task& task, const std::string& path, ProblemList& problems) {
  const Json& matrix = task.matrix;
  const std::string here = path + ".matrix";
  const std::size_t before = problems.size();
  std::size_t axes = 0;
  bool written = true;
  for (const auto& [name, list] : matrix.items()) {
    if (problems.full()) return;
    check_field(name, list, here, problems);
    axes += is_axis(name) ? 1 : 0;
    written = written && list.is_array();
  }
  if (axes == 0 && !matrix.contains(matrix_include))
    problems.add(here, "has nothing to combine: name a list, as in {os: [linux, mac]}");
  if (axes > max_matrix_axes) {
    problems.add(here, "has " + std::to_string(axes) + " lists to combine, but may have at most " +
                           std::to_string(max_matrix_axes));
  }
  for (const std::string_view field : {matrix_exclude, matrix_include}) {
    if (const auto problem = problem_of_entries(matrix, field)) problems.add(here + problem->place, problem->message);
  }
  if (problems.full() || problems.size() > before) return;
  check_excluded_values(matrix, here, problems);
  if (!written || problems.size() > before) return;
  const auto combinations = combinations_of(matrix);
  if (!combinations) return problems.add(here + combinations.error().place, combinations.error().message);
  if (const auto items = items_of(*combinations); !items) return problems.add(here, items.error());
  if (task.workflow && combinations->size() > static_cast<std::size_t>(max_children))
    problems.add(here, "has " + std::to_string(combinations->size()) + " combinations, but may have at most " +
                           std::to_string(max_children) + ": each is a run of its own");
}

}  // namespace ork::workflow
