#pragma once

// A value of the expression language: what the CEL specification calls a value, without protocol
// buffer messages. Immutable; copies share lists and maps.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ork::expr {

class Value;

// A moment between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z.
struct Timestamp {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  std::int32_t nanos = 0;    // 0 to 999,999,999, forward from `seconds`
  friend bool operator==(const Timestamp&, const Timestamp&) = default;
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

// At most 292 years either way: as many nanoseconds as an int64 holds, which is what the conformance cases ask for.
struct Duration {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;  // of the same sign as `seconds`
  friend bool operator==(const Duration&, const Duration&) = default;
  friend auto operator<=>(const Duration&, const Duration&) = default;
};

struct Null {
  friend bool operator==(Null, Null) = default;
};

struct Bytes {
  std::string octets;
  friend bool operator==(const Bytes&, const Bytes&) = default;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

// The value of type(x): int, string, list, google.protobuf.Timestamp, ...
struct TypeName {
  std::string name;
  friend bool operator==(const TypeName&, const TypeName&) = default;
};

// optional.of(x), or optional.none() where `value` is null.
struct Optional {
  std::shared_ptr<const Value> value;
};

// A sequence. Implemented by what a literal or a macro made, and by views of JSON.
class List {
 public:
  virtual ~List() = default;
  virtual std::size_t size() const = 0;
  virtual Value at(std::size_t index) const = 0;  // index < size()
};

// Keys are of bool, int, uint or string; an int, a uint and a double of the same number are one key.
class Map {
 public:
  virtual ~Map() = default;
  virtual std::size_t size() const = 0;
  virtual std::optional<Value> find(const Value& key) const = 0;
  virtual Value key_at(std::size_t index) const = 0;  // in a fixed order; index < size()
  // A sentence on a key that is not there and could have been, to be shown in place of "has no field ...";
  // empty: there is nothing special to be said.
  virtual std::string about_missing(const Value& /*key*/) const { return {}; }
};

using ListPtr = std::shared_ptr<const List>;
using MapPtr = std::shared_ptr<const Map>;

// In the order of Value's variant.
enum class Kind { Null, Bool, Int, Uint, Double, String, Bytes, List, Map, Timestamp, Duration, Type, Optional };

class Value {
 public:
  using Any = std::variant<Null, bool, std::int64_t, std::uint64_t, double, std::string, Bytes, ListPtr, MapPtr,
                           Timestamp, Duration, TypeName, Optional>;

  Value() = default;  // null
  template <typename T>
  static Value of(T value) {
    Value out;
    out.any_.template emplace<T>(std::move(value));
    return out;
  }

  Kind kind() const { return static_cast<Kind>(any_.index()); }
  bool is(Kind kind) const { return this->kind() == kind; }
  // Only where kind() says so.
  template <typename T>
  const T& as() const {
    return *std::get_if<T>(&any_);
  }
  // nullptr: it is of another kind.
  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&any_);
  }

 private:
  Any any_;
};

inline Value of_bool(bool value) { return Value::of(value); }
inline Value of_int(std::int64_t value) { return Value::of(value); }
inline Value of_uint(std::uint64_t value) { return Value::of(value); }
inline Value of_double(double value) { return Value::of(value); }
inline Value of_string(std::string value) { return Value::of(std::move(value)); }

Value of_list(std::vector<Value> items);
// The keys are different, and of kinds that a key may have.
Value of_map(std::vector<std::pair<Value, Value>> entries);
Value of_optional(Value value);
Value no_optional();

bool is_number(const Value& value);
bool is_key(const Value& value);

// As type(value) names it: "int", "list", "google.protobuf.Timestamp", "null_type", "optional_type".
std::string_view type_name(const Value& value);
// For a message: "an int", "a list", "null".
std::string_view kind_in_words(const Value& value);

}  // namespace ork::expr
