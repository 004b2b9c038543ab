#include "controllers/workflow/items.hpp"

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;

std::string json_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string text_of(const Json& element) { return element.is_string() ? element.get<std::string>() : json_of(element); }

std::vector<std::string> texts_of(const Json& elements) {
  std::vector<std::string> texts;
  texts.reserve(elements.size());
  for (const auto& [key, value] : elements.items()) {
    texts.push_back(elements.is_array() ? text_of(value) : json_of({{"key", key}, {"value", value}}));
  }
  return texts;
}

// Names the element that is in the way, and the bound.
std::string too_large(std::size_t index, std::size_t bytes) {
  return "has an element, number " + std::to_string(index) + ", of " + std::to_string(bytes) +
         " bytes, but one may have at most " + std::to_string(max_item_bytes) + ": hand over where to find it instead";
}

}  // namespace

Result<std::vector<std::string>, std::string> items_of(const Json& elements) {
  if (!elements.is_structured())
    return Err("is " + std::string(elements.type_name()) + ", but must be a list or a map");
  if (elements.size() > static_cast<std::size_t>(max_count)) {
    return Err("has " + std::to_string(elements.size()) + " elements, but may have at most " +
               std::to_string(max_count));
  }
  std::vector<std::string> texts = texts_of(elements);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() > max_item_bytes) return Err(too_large(i, texts[i].size()));
    bytes += bytes_beside_item + json_of(texts[i]).size();
  }
  if (bytes <= max_items_bytes) return texts;
  return Err("has " + std::to_string(texts.size()) + " elements that take " + std::to_string(bytes) +
             " bytes in the ConfigMap that hands them out, which holds " + std::to_string(max_items_bytes) +
             ": hand over less of each, or several in one element");
}

}  // namespace ork::workflow
