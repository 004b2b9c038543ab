#pragma once

// What to say of a value of the wrong type: what it is, and how to write what was meant.

#include <string>
#include <string_view>

#include "controllers/api/workflow.hpp"

namespace ork::workflow {

// A value in a message: a plain one as it is, "a list" or "an object" for the others.
std::string show_value(const api::Json& value);

// ": put it in quotes", or nothing where it can't be known. `expected` as messages say it ("a string", "a list", "an
// object", "an integer", "true or false"); `field` is the last name of the path, where that helps.
std::string how_to_write(const api::Json& value, std::string_view expected, std::string_view field = {});

}  // namespace ork::workflow
