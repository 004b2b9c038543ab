#pragma once

// What a task goes over, as its indexes get to know it.

#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/result/result.hpp"

namespace ork::workflow {

// Of a list its elements, of a map {"key": ..., "value": ...} in the order of the keys: a list. The error says why
// these can't be handed out: neither list nor map, too many, too large.
Result<api::Json, std::string> items_of(const api::Json& elements);

// As an index finds a value: a text as it is, anything else as JSON.
std::string text_of(const api::Json& value);

// What a text takes of the ConfigMap that hands it out.
std::size_t bytes_to_hand_out(const std::string& text);

// The names by which an index finds its item, and its inputs, among all.
inline std::string key_of_item(std::size_t index) { return std::to_string(index); }
inline std::string key_of_inputs(std::size_t index) { return std::to_string(index) + ".inputs"; }

}  // namespace ork::workflow
