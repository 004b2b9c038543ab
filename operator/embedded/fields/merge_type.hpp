#pragma once

// How the values of a kind merge: its schema, seen by structured merge. For this folder only.
//
// A type says what it may be: a scalar, a list, a map, or several of them (an untyped field is all
// three). Where a value is of none of them, it is treated as the first of map, scalar, list.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

enum class ScalarType : std::uint8_t { None, Number, String, Boolean, Any };
enum class Shape : std::uint8_t { Map, Scalar, List };

struct MergeType;

struct MergeField {
  std::string name;
  const MergeType* type = nullptr;      // never null
  const Json* default_value = nullptr;  // null: none
};

struct MergeType {
  ScalarType scalar = ScalarType::None;

  bool is_list = false;
  bool list_is_one_value = true;  // atomic
  std::vector<std::string> keys;  // of the list's items; empty: a set (where the list is not one value)
  const MergeType* items = nullptr;

  bool is_map = false;
  bool map_is_one_value = false;
  std::vector<MergeField> fields;     // by name
  const MergeType* others = nullptr;  // of the fields not named; null: there are none

  const MergeField* field(std::string_view name) const;
  const MergeType* type_of(std::string_view name) const;

  // As what `value` (null: absent) is treated.
  Shape shape_of(const Json* value) const;
};

// The value as a map or a list; null if it is something else, or absent.
inline const Json* as_map(const Json* value) { return value != nullptr && value->is_object() ? value : nullptr; }
inline const Json* as_list(const Json* value) { return value != nullptr && value->is_array() ? value : nullptr; }
inline bool is_empty(const Json* container) { return container == nullptr || container->empty(); }

class MergeTypes {
 public:
  explicit MergeTypes(const Schema& schema);
  const MergeType& root() const { return *root_; }

 private:
  friend class MergeTypesBuilder;
  std::deque<MergeType> types_;
  std::vector<Schema> schemas_;  // what default values live in
  const MergeType* root_ = nullptr;
};

// The text by which an item of a list that merges is known: `k:{...}` or `v:...`; empty: it can't be
// (`problem` says why).
std::string item_element(const MergeType& list, const Json& item, std::string* problem);

}  // namespace ork::embedded
