#pragma once

// Why an operation on values has no result. What it was an operation of, and where in the text that stands, is
// added by the evaluator.

#include <string>

#include "controllers/result/result.hpp"

namespace ork::expr {

// Callers react differently to NoOutput and the rest: the first may be the task's failure.
enum class EvalErrc {
  NoVariable,    // a name that means nothing here
  NoOutput,      // a task that has written none
  NoField,       // a key that a map does not have
  OutOfRange,    // an index that a list does not have
  WrongType,     // no such operation between values of these kinds
  NoFunction,    // no such function
  Overflow,      // the result does not fit its type
  DivideByZero,  // of integers
  BadValue,      // the kinds are right, a value is not: a text that is no number, a key twice, an invalid pattern
  TooCostly,     // beyond limits.hpp
};

struct Failure {
  EvalErrc code = EvalErrc::BadValue;
  std::string message;  // a sentence without an end
};

inline Err<Failure> fail(EvalErrc code, std::string message) { return Err(Failure{code, std::move(message)}); }

}  // namespace ork::expr
