#pragma once

// The parsed form of an expression, a tree. Macros are nodes of their own, so that a message can speak of them
// as they were written.

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "controllers/expr/value.hpp"

namespace ork::expr {

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Literal {
  Value value;
};

struct Identifier {
  std::string name;
};

// operand.field, operand.?field
struct Select {
  NodePtr operand;
  std::string field;
  bool optional = false;
  // "a.b.c" where the whole of it consists of names: it may be one name of a variable or a type. Else empty.
  std::string dotted;
};

// has(operand.field)
struct Has {
  NodePtr operand;
  std::string field;
};

// operand[index], operand[?index]
struct Index {
  NodePtr operand;
  NodePtr index;
  bool optional = false;
};

enum class UnaryOperator { Not, Negate };

struct Unary {
  UnaryOperator op = UnaryOperator::Not;
  NodePtr operand;
};

enum class BinaryOperator {
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In
};

struct Binary {
  BinaryOperator op = BinaryOperator::Add;
  NodePtr left;
  NodePtr right;
};

// a && b && c, or a || b || c
struct Logic {
  bool all = true;  // &&
  std::vector<NodePtr> terms;
};

struct Conditional {
  NodePtr condition;
  NodePtr yes;
  NodePtr no;
};

// function(...), target.function(...), or space.function(...) with the dotted name in `function`.
struct Call {
  std::string function;
  NodePtr target;  // or null
  std::vector<NodePtr> arguments;
};

struct MakeList {
  struct Item {
    NodePtr value;
    bool optional = false;  // [?x]: left out where x holds nothing
  };
  std::vector<Item> items;
};

struct MakeMap {
  struct Entry {
    NodePtr key;
    NodePtr value;
    bool optional = false;
  };
  std::vector<Entry> entries;
};

enum class Macro {
  All,
  Exists,
  ExistsOne,
  Map,
  Filter,
  TransformList,
  TransformMap,
  TransformMapEntry,
  SortBy,
  OptMap,
  OptFlatMap
};

// range.macro(first, [second,] [condition,] [result]): which of them there are is the macro's.
struct Fold {
  Macro macro = Macro::All;
  NodePtr range;
  std::string first;
  std::string second;  // empty: the macro was given one name
  NodePtr condition;   // or null
  NodePtr result;      // or null
};

// cel.bind(name, value, body)
struct Bind {
  std::string name;
  NodePtr value;
  NodePtr body;
};

using AnyNode = std::variant<Literal, Identifier, Select, Has, Index, Unary, Binary, Logic, Conditional, Call, MakeList,
                             MakeMap, Fold, Bind>;

struct Node {
  AnyNode as;
  // Bytes of the text, [begin, end): what a message quotes.
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t depth = 1;  // levels of this tree
};

// What stands directly under it, in the order it is written.
std::vector<const Node*> children_of(const Node& node);

std::string_view name_of(Macro macro);
std::string_view sign_of(BinaryOperator op);  // "+", "=="

}  // namespace ork::expr
