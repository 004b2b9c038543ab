#pragma once

// The expression language of inputs (and later of `when`, `forEach`, ...): a subset of CEL, so that
// what is valid here stays valid when more of CEL arrives behind this header. For now a path:
//
//   params.day            tasks.list.output            tasks.list.output.files[0].name
//   run.name              tasks["load-all"].output     params.table["odd key"]
//
// Parsed once, evaluated many times. Bounded in time and memory, never throws, never recurses.

#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/limits.hpp"
#include "controllers/result/result.hpp"

namespace ork::expr {

using Json = nlohmann::json;

struct ParseError {
  std::size_t position = 0;  // byte of the text, from 0
  std::string message;       // what is wrong and what to write instead; no position in it
};

// A caller reacts differently to NoOutput and the rest: the first may be the task's failure.
enum class EvalErrc { NoParam, NoOutput, NoField, OutOfRange, WrongType };

struct EvalError {
  EvalErrc code = EvalErrc::NoParam;
  std::string message;  // a sentence: tasks.list.output has no field "files"; it has "file", "n"
};

// The values an expression may ask for. Pointers stay valid while evaluate() runs.
class Scope {
 public:
  virtual ~Scope() = default;
  // nullptr: there is no such param.
  virtual const Json* param(std::string_view name) const = 0;
  // nullptr: the task has written none (or there is no such task).
  virtual const Json* task_output(std::string_view name) const = 0;
  virtual std::string_view run_name() const = 0;
};

// Names that an expression mentions, sorted, each once.
struct References {
  std::vector<std::string> params;
  std::vector<std::string> tasks;  // by their output
  friend bool operator==(const References&, const References&) = default;
};

struct Program;  // the parsed form, private to this folder

// Immutable; copies share the parsed form.
class Expression {
 public:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  const References& references() const;
  const std::string& text() const;  // as written
  const Program& program() const { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

Result<Expression, ParseError> parse(std::string_view text);

// A copy of the value that the expression names.
Result<Json, EvalError> evaluate(const Expression& expression, const Scope& scope);

}  // namespace ork::expr
