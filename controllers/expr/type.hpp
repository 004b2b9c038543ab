#pragma once

// The type of an expression, as far as it is known before it is evaluated.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/value.hpp"

namespace ork::expr {

struct Type {
  // As the kinds of values; Any: not known (CEL's dyn); Parameter: A or B in a signature.
  enum class Is {
    Any,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,
    Type,
    Optional,
    Parameter
  };
  Is is = Is::Any;
  std::vector<Type> of;  // of a List or Optional what it holds; of a Map its keys and values
  std::string name;      // of a Parameter
  // Of a Map with string keys whose fields are known.
  struct Fields {
    std::map<std::string, Type, std::less<>> types;
    bool others = false;  // it may have more than these
  };
  std::shared_ptr<const Fields> fields;
};

Type type_of_kind(Type::Is is);
Type list_of(Type item);
Type map_of(Type key, Type value);
Type optional_of(Type held);

// "list(string)", "map(string, dyn)", "optional(int)", "A".
std::string text_of(const Type& type);
std::optional<Type> parse_type(std::string_view text);

// Whether a value of this kind may be of that type, looking no deeper.
bool admits(const Type& type, Kind kind);

}  // namespace ork::expr
