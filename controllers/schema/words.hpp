#pragma once

// What to say of a value of the wrong type: what it is, and how to write what was meant.

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace ork::schema {

// A value in a message: a plain one as it is, "a list" or "an object" for the others.
std::string show_value(const nlohmann::json& value);

// ": put it in quotes", or nothing where it can't be known. `expected` as messages say it ("a string", "a list", "an
// object", "an integer", "true or false"); `field` is the last name of the path, where that helps.
std::string how_to_write(const nlohmann::json& value, std::string_view expected, std::string_view field = {});

// "is "3", but must be an integer: remove the quotes", of a type as a schema says it.
std::string type_mismatch(const nlohmann::json& value, std::string_view type);

// "; did you mean "size"?", or the names that there are; nothing where there are none.
std::string instead(std::string_view name, std::span<const std::string_view> names);

}  // namespace ork::schema
