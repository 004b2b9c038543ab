#pragma once

// "%s has %.2f".format([...]): the texts of values, and of numbers in several forms.

#include <string_view>

#include "controllers/expr/functions.hpp"

namespace ork::expr {

// %s any value; %d a whole number; %f and %e a number, with six digits after the point or as many as %.Nf says;
// %b, %o a whole number in base 2 or 8 (%b of a bool: 1 or 0); %x, %X one in base 16, or the bytes of a string.
Outcome format_text(std::string_view pattern, const List& values, Work& work);

// As %s gives it: strings without quotes, maps in the order of their keys' texts.
std::string display(const Value& value);

}  // namespace ork::expr
