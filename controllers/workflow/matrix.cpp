#include "controllers/workflow/matrix.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {
namespace {

using api::Json;

struct Axis {
  const std::string& name;
  const Json& values;
  std::size_t stride = 1;          // how many combinations follow each other with the same value
  std::vector<std::size_t> bytes;  // of each value, with its name, in a combination's text
};

std::size_t bytes_of(const std::string& name, const Json& value) {
  return name.size() + value.dump(-1, ' ', false, Json::error_handler_t::replace).size() + 4;  // quotes, colon, comma
}

// Which combinations an entry agrees with: of each axis that it names, which values.
using Agreement = std::vector<std::pair<const Axis*, std::vector<bool>>>;

class Product {
 public:
  explicit Product(const Json& lists) {
    for (const auto& [name, values] : lists.items()) {
      if (is_axis(name)) axes_.push_back({name, values, 1, {}});
    }
    size_ = axes_.empty() ? 0 : 1;
    for (std::size_t i = axes_.size(); i-- > 0 && size_ <= most;) {
      axes_[i].stride = size_;
      size_ *= std::min(axes_[i].values.size(), most + 1);
    }
  }

  bool too_many() const { return size_ > most; }
  std::size_t size() const { return size_; }

  void measure() {
    for (Axis& axis : axes_) {
      for (const Json& value : axis.values) axis.bytes.push_back(bytes_of(axis.name, value));
    }
  }

  std::size_t bytes_of_combination(std::size_t number) const {
    std::size_t bytes = bytes_beside_item;
    for (const Axis& axis : axes_) bytes += axis.bytes[place(axis, number)];
    return bytes;
  }

  Json combination(std::size_t number) const {
    Json out = Json::object();
    for (const Axis& axis : axes_) out[axis.name] = axis.values[place(axis, number)];
    return out;
  }

  Agreement agreement(const Json& entry) const {
    Agreement out;
    for (const Axis& axis : axes_) {
      const auto wanted = entry.find(axis.name);
      if (wanted == entry.end()) continue;
      std::vector<bool> agrees(axis.values.size());
      for (std::size_t i = 0; i < agrees.size(); ++i) agrees[i] = axis.values[i] == *wanted;
      out.emplace_back(&axis, std::move(agrees));
    }
    return out;
  }

  static bool agree(const Agreement& agreement, std::size_t number) {
    return std::all_of(agreement.begin(), agreement.end(),
                       [&](const auto& each) { return each.second[place(*each.first, number)]; });
  }

 private:
  static constexpr auto most = static_cast<std::size_t>(max_count);

  static std::size_t place(const Axis& axis, std::size_t number) { return number / axis.stride % axis.values.size(); }

  std::vector<Axis> axes_;
  std::size_t size_ = 0;
};

const Json& list_of(const Json& lists, std::string_view field) {
  static const Json none = Json::array();
  const auto found = lists.find(field);
  return found == lists.end() ? none : *found;
}

// The product without what is excluded, and then with what is included.
class Maker {
 public:
  explicit Maker(const Json& lists) : lists_(lists), product_(lists) {}

  Result<Json, MatrixProblem> make() {
    if (product_.too_many()) {
      return Err(MatrixProblem{"", "makes more than " + std::to_string(max_count) +
                                       " combinations, which is the most, before any is left out"});
    }
    product_.measure();
    if (!multiply() || !include()) {
      return Err(MatrixProblem{"", "makes combinations that take more than the " + std::to_string(max_items_bytes) +
                                       " bytes that the ConfigMap holds which hands them out: make less of them, or "
                                       "smaller ones"});
    }
    for (const Json* entry : of_their_own_) made_.push_back(*entry);
    return std::move(made_);
  }

 private:
  bool fits(std::size_t bytes) {
    bytes_ += bytes;
    return bytes_ <= max_items_bytes;
  }

  bool multiply() {
    std::vector<Agreement> excluded;
    for (const Json& entry : list_of(lists_, matrix_exclude)) excluded.push_back(product_.agreement(entry));
    for (std::size_t number = 0; number < product_.size(); ++number) {
      const bool left_out = std::any_of(excluded.begin(), excluded.end(),
                                        [&](const Agreement& each) { return Product::agree(each, number); });
      if (left_out) continue;
      if (!fits(product_.bytes_of_combination(number))) return false;
      numbers_.push_back(number);
      made_.push_back(product_.combination(number));
    }
    return true;
  }

  bool include() {
    for (const Json& entry : list_of(lists_, matrix_include)) {
      const Agreement agreement = product_.agreement(entry);
      std::size_t bytes = 0;
      for (const auto& [name, value] : entry.items()) bytes += bytes_of(name, value);
      bool added = false;
      for (std::size_t i = 0; i < numbers_.size(); ++i) {
        if (!Product::agree(agreement, numbers_[i])) continue;
        if (!fits(bytes)) return false;
        made_[i].update(entry);  // it has the same value for each axis that it names
        added = true;
      }
      if (added) continue;
      if (!fits(bytes + bytes_beside_item)) return false;
      of_their_own_.push_back(&entry);
    }
    return true;
  }

  const Json& lists_;
  Product product_;
  std::vector<std::size_t> numbers_;  // in the product, of each that is left
  Json made_ = Json::array();
  std::vector<const Json*> of_their_own_;
  std::size_t bytes_ = 0;
};

std::vector<std::string_view> axes_of(const Json& matrix) {
  std::vector<std::string_view> names;
  for (auto i = matrix.begin(); i != matrix.end(); ++i) {
    if (is_axis(i.key())) names.push_back(i.key());
  }
  return names;
}

std::optional<std::string> problem_of_entry(const Json& entry, bool excludes,
                                            const std::vector<std::string_view>& axes) {
  if (!entry.is_object() || entry.empty()) {
    return "is " + (entry.is_object() ? "empty" : schema::show_value(entry)) +
           ", but must name values, as in {os: linux, version: 3}";
  }
  for (auto i = entry.begin(); excludes && i != entry.end(); ++i) {
    if (std::find(axes.begin(), axes.end(), i.key()) != axes.end()) continue;
    return "there is no list " + expr::in_quotes(i.key()) + " in the matrix" +
           schema::instead(i.key(), std::span(axes));
  }
  return std::nullopt;
}

}  // namespace

std::optional<MatrixProblem> problem_of_entries(const Json& matrix, std::string_view field) {
  const Json& entries = list_of(matrix, field);
  if (!entries.is_array()) return std::nullopt;
  const std::string place = "." + std::string(field);
  if (entries.size() > max_matrix_entries) {
    return MatrixProblem{place, "has " + std::to_string(entries.size()) + " entries, but may have at most " +
                                    std::to_string(max_matrix_entries)};
  }
  const auto axes = axes_of(matrix);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (auto problem = problem_of_entry(entries[i], field == matrix_exclude, axes))
      return MatrixProblem{item(place, i), *std::move(problem)};
  }
  return std::nullopt;
}

Result<Json, MatrixProblem> combinations_of(const Json& lists) {
  for (const std::string_view field : {matrix_exclude, matrix_include}) {
    if (auto problem = problem_of_entries(lists, field)) return Err(*std::move(problem));
  }
  return Maker(lists).make();
}

}  // namespace ork::workflow
