#pragma once

// Between an object as JSON and as it is stored: its text, and what selectors look at.

#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/store/store.hpp"

namespace ork::embedded {

// Sets metadata.resourceVersion to `version`. `object` is in the form it is stored in.
StoredPtr stored_from(const Kind& kind, Json& object, std::uint64_t version, bool completed_on_reading = false);

// The same for a text that was stored before; nullptr: not an object.
StoredPtr stored_from_text(const Kind& kind, std::uint64_t version, std::string_view text);

// The collection of a kind: "pods", "jobs.batch".
std::string collection_of(const Kind& kind);

}  // namespace ork::embedded
