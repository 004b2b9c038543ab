#pragma once

// metadata and conditions of any object, for the decoders of this folder.

#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/condition.hpp"
#include "controllers/api/meta.hpp"
#include "controllers/api/queue_labels.hpp"
#include "controllers/api/reader.hpp"

namespace ork::api {

// Fails `object` where name or uid are missing: without them nothing can be said of the object.
ObjectMeta read_meta(Reader& object);

// Empty where there is none, or where it is no text of so many bytes: it is kept in a status.
inline constexpr std::size_t max_read_annotation = 64;
std::string read_annotation(Reader& object, std::string_view name);

QueueLabels read_queue_labels(Reader& object);

std::vector<Condition> read_conditions(Reader& status);
nlohmann::json encode_conditions(const std::vector<Condition>& conditions);

}  // namespace ork::api
