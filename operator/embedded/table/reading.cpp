#include "operator/embedded/table/reading.hpp"

#include <algorithm>

#include "operator/embedded/table/limits.hpp"

namespace ork::embedded::reading {
namespace {

const Json nothing;

}  // namespace

const Json& at(const Json& object, std::initializer_list<std::string_view> path) {
  const Json* here = &object;
  for (const std::string_view field : path) {
    if (!here->is_object()) return nothing;
    const auto found = here->find(field);
    if (found == here->end()) return nothing;
    here = &*found;
  }
  return *here;
}

std::string text(const Json& object, std::initializer_list<std::string_view> path) {
  const Json& value = at(object, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::int64_t whole(const Json& object, std::initializer_list<std::string_view> path) {
  const Json& value = at(object, path);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

bool is_true(const Json& object, std::string_view field) { return at(object, field) == true; }

Json::const_iterator begin(const Json& list) { return list.is_array() ? list.begin() : nothing.end(); }

Json::const_iterator end(const Json& list) {
  if (!list.is_array()) return nothing.end();
  return list.begin() + static_cast<std::ptrdiff_t>(std::min(list.size(), table_limits::items));
}

bool has_condition(const Json& object, std::string_view type) {
  for (const Json& condition : items(object, {"status", "conditions"})) {
    if (text(condition, "type") == type) return text(condition, "status") == "True";
  }
  return false;
}

}  // namespace ork::embedded::reading
