#include "controllers/workflow/items.hpp"

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;

std::string json_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Names the element that is in the way, and the bound.
std::string too_large(std::size_t index, std::size_t bytes) {
  return "has an element, number " + std::to_string(index) + ", of " + std::to_string(bytes) +
         " bytes, but one may have at most " + std::to_string(max_item_bytes) + ": hand over where to find it instead";
}

}  // namespace

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : json_of(value); }

std::size_t bytes_to_hand_out(const std::string& text) { return bytes_beside_item + json_of(text).size(); }

Result<Json, std::string> items_of(const Json& elements) {
  if (!elements.is_structured())
    return Err("is " + std::string(elements.type_name()) + ", but must be a list or a map");
  if (elements.size() > static_cast<std::size_t>(max_count)) {
    return Err("has " + std::to_string(elements.size()) + " elements, but may have at most " +
               std::to_string(max_count));
  }
  Json items = Json::array();
  for (const auto& [key, value] : elements.items())
    items.push_back(elements.is_array() ? value : Json{{"key", key}, {"value", value}});
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string text = text_of(items[i]);
    if (text.size() > max_item_bytes) return Err(too_large(i, text.size()));
    bytes += bytes_to_hand_out(text);
  }
  if (bytes <= max_items_bytes) return items;
  return Err("has " + std::to_string(items.size()) + " elements that take " + std::to_string(bytes) +
             " bytes in the ConfigMap that hands them out, which holds " + std::to_string(max_items_bytes) +
             ": hand over less of each, or several in one element");
}

}  // namespace ork::workflow
