#pragma once

// Between an object as JSON and as it is stored: its text, and what selectors look at.

#include <string>

#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/store/store.hpp"

namespace ork::embedded {

// An object as it is stored and answered: without blanks, and what is no UTF-8 replaced.
std::string dumped(const Json& json);
// The text of a field; empty where there is none.
std::string text_of(const Json& object, const char* field);

// Sets metadata.resourceVersion to `version`. `object` is in the form it is stored in.
StoredPtr stored_from(const Kind& kind, Json& object, std::uint64_t version, bool completed_on_reading = false);

// The same for a text that was stored before; nullptr: not an object.
StoredPtr stored_from_text(const Kind& kind, std::uint64_t version, std::string_view text);

// The collection of a kind: "pods", "jobs.batch".
std::string collection_of(const Kind& kind);

}  // namespace ork::embedded
