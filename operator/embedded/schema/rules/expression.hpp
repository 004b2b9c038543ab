#pragma once

// A rule's expression, parsed: the part of CEL that rules of custom resources use. Literals, lists and
// maps, operators, indexing, the macros has, all, exists, exists_one, map and filter, and the functions
// of functions.hpp. Not there: timestamps, bytes, types as values, messages, and the string, list,
// regex, URL, IP, quantity and semver libraries of Kubernetes; a rule with one of them is refused when
// its schema is parsed, never misunderstood.
//
// Source: the CEL language definition (github.com/google/cel-spec) and cel-go's error texts.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/rules/value.hpp"

namespace ork::embedded::rules {

enum class Operation {
  Literal,      // value
  Variable,     // name
  Select,       // args[0].name
  Present,      // has(args[0].name)
  Index,        // args[0][args[1]]
  Call,         // name(args...), or args[0].name(args...)
  ListOf,       // [args...]
  MapOf,        // {args[0]: args[1], ...}
  Conditional,  // args[0] ? args[1] : args[2]
  And,
  Or,
  Not,
  Negate,
  Binary,  // args[0] name args[1]: "==", "+", "in", ...
  Macro,   // args[0].name(variable, args[1] [, args[2]])
};

struct Expression {
  Operation operation = Operation::Literal;
  Value value;
  std::string name;
  std::string variable;
  bool receiver = false;                    // of Call: args[0] stands before the dot
  std::shared_ptr<const re2::RE2> pattern;  // of matches() with a literal
  std::vector<std::shared_ptr<const Expression>> args;
  std::size_t depth = 0;  // of the tree below; at most limits::rule_depth
};

struct Program {
  std::shared_ptr<const Expression> root;
  bool uses_old_self = false;
};

// The error is a sentence with the place in the text, in bytes.
Result<Program, std::string> parse(std::string_view text);

}  // namespace ork::embedded::rules
