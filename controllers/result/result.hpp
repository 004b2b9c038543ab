#pragma once

// Errors as values. A function that can fail returns Result<T, E>: either a T, or an E that says
// what went wrong. g++ 12 has std::expected only in C++23 mode; this is the part of it we use.
//
//   Result<int, ParseError> parse(std::string_view text);
//   auto n = parse("12");
//   if (!n) return Err(n.error());
//   use(*n);
//
// Reading the value of a failed Result (or the error of a good one) is a bug in the caller and
// ends the process by assertion; std::variant would throw instead, far from the cause.

#include <cassert>
#include <utility>
#include <variant>

namespace ork {

// Wraps an error so that Result's constructor can tell it from a value of the same type.
template <typename E>
struct Err {
  E error;
  explicit Err(E e) : error(std::move(e)) {}
};

template <typename T, typename E>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Result(Err<E> err) : state_(std::in_place_index<1>, std::move(err.error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return *check_value(); }
  const T& value() const& { return *check_value(); }
  T&& value() && { return std::move(*check_value()); }
  T& operator*() & { return *check_value(); }
  const T& operator*() const& { return *check_value(); }
  T&& operator*() && { return std::move(*check_value()); }
  T* operator->() { return check_value(); }
  const T* operator->() const { return check_value(); }

  const E& error() const& {
    const E* e = std::get_if<1>(&state_);
    assert(e != nullptr);
    return *e;
  }
  E&& error() && {
    E* e = std::get_if<1>(&state_);
    assert(e != nullptr);
    return std::move(*e);
  }

 private:
  T* check_value() {
    T* v = std::get_if<0>(&state_);
    assert(v != nullptr);
    return v;
  }
  const T* check_value() const {
    const T* v = std::get_if<0>(&state_);
    assert(v != nullptr);
    return v;
  }

  std::variant<T, E> state_;
};

// The value of an operation that returns nothing but can fail.
struct Done {};

template <typename E>
using Status = Result<Done, E>;

}  // namespace ork
