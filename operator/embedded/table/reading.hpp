#pragma once

// Reading objects of which nothing is certain: a path that is not there, or of another type, reads
// as nothing. Rows are printed of whatever is stored.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded::reading {

// The value at the end of the path, or null.
const Json& at(const Json& object, std::initializer_list<std::string_view> path);
inline const Json& at(const Json& object, std::string_view field) { return at(object, {field}); }

// Empty where it is no string.
std::string text(const Json& object, std::initializer_list<std::string_view> path);
inline std::string text(const Json& object, std::string_view field) { return text(object, {field}); }

// 0 where it is no whole number.
std::int64_t whole(const Json& object, std::initializer_list<std::string_view> path);
inline std::int64_t whole(const Json& object, std::string_view field) { return whole(object, {field}); }

bool is_true(const Json& object, std::string_view field);

// The items of a list, none where it is no list; at most table_limits::items.
Json::const_iterator begin(const Json& list);
Json::const_iterator end(const Json& list);
struct Items {
  const Json& list;
  Json::const_iterator begin() const { return reading::begin(list); }
  Json::const_iterator end() const { return reading::end(list); }
};
inline Items items(const Json& object, std::initializer_list<std::string_view> path) { return {at(object, path)}; }

// Whether the status has the condition, and it is "True".
bool has_condition(const Json& object, std::string_view type);

}  // namespace ork::embedded::reading
