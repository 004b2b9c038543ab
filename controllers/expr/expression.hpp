#pragma once

// The expression language of ork: CEL, the Common Expression Language, as its specification has it, without
// protocol buffer messages. Parsed once, evaluated many times. Bounded in time and memory; never throws.
//
//   params.day >= "2026-01-01" && size(tasks.list.output.files) > 0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/failure.hpp"
#include "controllers/expr/json.hpp"
#include "controllers/expr/limits.hpp"
#include "controllers/expr/value.hpp"
#include "controllers/result/result.hpp"

namespace ork::expr {

struct ParseError {
  std::size_t position = 0;  // byte of the text, from 0
  std::string message;       // what is wrong and what to write instead; no position in it
};

struct EvalError {
  EvalErrc code = EvalErrc::NoVariable;
  std::string message;  // a sentence: tasks.list.output has no field "files"; it has: "file", "n"
  // The part of the text that has no value, [begin, end).
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What an expression may ask for. What it gives out has to outlive the value that evaluate() makes of it.
class Scope {
 public:
  virtual ~Scope() = default;
  // nullopt: there is no such variable. Names with points are asked for as well, the longest first.
  virtual std::optional<Value> variable(std::string_view name) const = 0;
  // How far the clocks of `zone` (Europe/Berlin) are ahead of UTC then. nullopt: there is no such zone.
  virtual std::optional<std::int64_t> utc_offset_s(std::string_view /*zone*/, const Timestamp& /*time*/) const {
    return std::nullopt;
  }
};

// A variable where it stands, with what is asked of it as far as that is named there: tasks.list.output mentions
// {tasks, list, output}, tasks[params.name] only {tasks}. Names that a macro gives are none.
struct Mention {
  std::string variable;
  std::optional<std::string> member;
  std::optional<std::string> field;  // of the member
  std::size_t begin = 0;             // bytes of the text, [begin, end)
  std::size_t end = 0;
  friend bool operator==(const Mention&, const Mention&) = default;
};

// Names that an expression mentions, sorted, each once.
struct References {
  std::vector<std::string> params;  // of params.NAME
  std::vector<std::string> tasks;   // of tasks.NAME
  friend bool operator==(const References&, const References&) = default;
};

struct Node;
struct Program;  // the parsed form, private to this folder

// Immutable; copies share the parsed form.
class Expression {
 public:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  const References& references() const;
  const std::vector<Mention>& mentions() const;  // in the order of the text
  const std::string& text() const;               // as written
  const Node& root() const;

 private:
  std::shared_ptr<const Program> program_;
};

Result<Expression, ParseError> parse(std::string_view text);

// What one evaluation may spend, or several together.
struct Budget {
  std::size_t steps = max_steps;
  std::size_t made = max_made;  // bytes and items
};

// The value may be a view of what the scope gave out.
Result<Value, EvalError> evaluate(const Expression& expression, const Scope& scope);
// The same on a budget that others have spent of, or will.
Result<Value, EvalError> evaluate(const Expression& expression, const Scope& scope, Budget& budget);

}  // namespace ork::expr
