#pragma once

// What etcd stores of an object: the API server writes it as JSON without spaces, and its encoder also escapes what
// HTML would take amiss. Never less than that; cheap, without writing any text.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace ork::api {

// Of a text, with its quotes.
std::size_t stored_bytes(const std::string& text);
std::size_t stored_bytes(const nlohmann::json& value);

}  // namespace ork::api
