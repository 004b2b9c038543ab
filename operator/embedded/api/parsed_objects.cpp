#include "operator/embedded/api/parsed_objects.hpp"

#include <algorithm>

namespace ork::embedded {
namespace {

// What stands in a text where the object had no UTF-8: such an object is not what its text says.
constexpr std::string_view replacement = "\xEF\xBF\xBD";

}  // namespace

std::shared_ptr<const Json> ParsedObjects::known(const std::shared_ptr<const std::string>& text) const {
  const auto one = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.text == text; });
  return one == kept_.end() ? nullptr : one->object;
}

std::shared_ptr<const Json> ParsedObjects::of(const Stored& stored) {
  if (auto object = known(stored.text)) return object;
  auto object = std::make_shared<const Json>(Json::parse(*stored.text));
  keep(stored, object);
  return object;
}

void ParsedObjects::keep(const Stored& stored, Json object) {
  if (stored.text->find(replacement) != std::string::npos) return;
  keep(stored, std::make_shared<const Json>(std::move(object)));
}

void ParsedObjects::keep(const Stored& stored, std::shared_ptr<const Json> object) {
  if (stored.text->size() > limits::parsed_object_bytes) return;
  kept_[oldest_] = {stored.text, std::move(object)};
  oldest_ = (oldest_ + 1) % kept_.size();
}

}  // namespace ork::embedded
