#pragma once

// metadata and conditions of any object, for the decoders of this folder.

#include <vector>

#include "controllers/api/condition.hpp"
#include "controllers/api/meta.hpp"
#include "controllers/api/reader.hpp"

namespace ork::api {

// Fails `object` where name or uid are missing: without them nothing can be said of the object.
ObjectMeta read_meta(Reader& object);

std::vector<Condition> read_conditions(Reader& status);
nlohmann::json encode_conditions(const std::vector<Condition>& conditions);

}  // namespace ork::api
