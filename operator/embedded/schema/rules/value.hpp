#pragma once

// The values of rules. Lists and objects of the object under validation stay where they are and are
// looked at through their schema, as Kubernetes does it: a list of type map or set is equal to another
// one whatever the order, and fields that the schema does not describe can't be named.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded::rules {

struct Value;
using Text = std::shared_ptr<const std::string>;
using List = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;

struct Null {};
struct Duration {
  std::int64_t ns = 0;
};
// An object, a list, or (with a schema of no type) something that can only be compared.
struct Data {
  const Json* json = nullptr;
  const SchemaNode* schema = nullptr;
};
struct Optional {
  std::shared_ptr<const Value> value;  // null: none
};
struct Failure {
  std::string message;  // "no such key: a"
};

struct Value {
  std::variant<Null, bool, std::int64_t, std::uint64_t, double, Text, Duration, Data, std::shared_ptr<const List>,
               std::shared_ptr<const Map>, Optional, Failure>
      data;

  template <typename T>
  bool is() const {
    return std::holds_alternative<T>(data);
  }
  template <typename T>
  const T* get() const {
    return std::get_if<T>(&data);
  }
  bool failed() const { return is<Failure>(); }
};

Value text(std::string value);
Value failure(std::string message);
Value no_overload();

// What stands in an object, by its schema; the text of strings is not copied.
Value value_of(const Json& json, const SchemaNode& schema);

// How many characters, items or fields; none for what has no size.
std::optional<std::int64_t> size_of(const Value& value);
// Items of a list, keys of a map or an object: what `all` and the like go through.
std::optional<List> elements_of(const Value& value);
// A field of an object or the value of a key; none where there is none.
std::optional<Value> field_of(const Value& value, const Value& key);
Value item_at(const Value& list, const Value& index);
bool is_list(const Value& value);
bool is_map(const Value& value);

// Deep equality; values of different types differ, numbers are compared as numbers. Adds what it
// looked at to `cost`, and stops (answering false) when that passes `most`.
bool equal(const Value& a, const Value& b, std::int64_t& cost, std::int64_t most);
// Below, at or above 0; none for what has no order.
std::optional<int> order_of(const Value& a, const Value& b);

// As Go prints it in messages.
std::string printed(const Value& value);

}  // namespace ork::embedded::rules
