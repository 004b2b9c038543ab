#pragma once

// YAML (and so JSON) to JSON values with their places, as Kubernetes reads it: several documents in
// one text, scalars by scalar.hpp, merge keys (<<). Stricter than kubectl where kubectl says nothing
// of a mistake: a field given twice is refused, and so is a quote that is never closed.
//
// Never throws, whatever the text; memory is bounded by limits.hpp, aliases included.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/manifest/place.hpp"

namespace ork::manifest {

using Json = nlohmann::json;

struct Document {
  Json value;  // never null: empty documents are left out
  Place place;
};

struct ReadError {
  Position at;
  std::string message;  // one sentence without a full stop
};

// All documents, or the first thing that is wrong with the text.
Result<std::vector<Document>, ReadError> read_yaml(std::string_view text);

}  // namespace ork::manifest
