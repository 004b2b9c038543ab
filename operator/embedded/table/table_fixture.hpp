#pragma once

// For tests: the kinds that are served, and tables of objects as lines to compare.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controllers/api/time.hpp"
#include "operator/embedded/table/table.hpp"

namespace ork::embedded::testing {

inline const Kinds& kinds() {
  static const auto loaded = Kinds::load();
  EXPECT_TRUE(loaded) << loaded.error();
  return **loaded;
}

inline const Kind& kind(std::string_view group, std::string_view plural) {
  const Kind* found = kinds().find(group, group == "ork.dev" ? "v1alpha1" : "v1", plural);
  EXPECT_NE(found, nullptr) << plural;
  return *found;
}

inline std::int64_t time_ms(std::string_view text) { return *api::parse_time(text); }

inline const std::int64_t noon = time_ms("2026-11-21T12:00:00Z");

// One object's cells, as JSON. Its metadata gets a name and an age of an hour where it has none.
inline std::string cells(const Kind& kind, Json object, std::int64_t now = noon) {
  Json& metadata = object["metadata"];
  if (!metadata.contains("name")) metadata["name"] = "x";
  if (!metadata.contains("creationTimestamp")) metadata["creationTimestamp"] = "2026-11-21T11:00:00Z";
  const std::vector<Json> objects = {object};
  return table_of(kind, objects, IncludeObject::None, now, Json(), false)["rows"][0]["cells"].dump();
}

inline std::string column_names(const Kind& kind, bool wide) {
  const Json table = table_of(kind, {}, IncludeObject::None, 0, Json(), true);
  std::string names;
  for (const Json& column : table["columnDefinitions"]) {
    if (column["priority"] == 0 || wide) names += (names.empty() ? "" : ", ") + column["name"].get<std::string>();
  }
  return names;
}

}  // namespace ork::embedded::testing
