#pragma once

// Lists, whole: page after page, as objects or as the API server's Tables.

#include <functional>
#include <string>
#include <vector>

#include "operator/cli/cluster/session.hpp"

namespace ork::cli {

// Which objects of a kind.
struct Selection {
  std::string ns;  // empty: all namespaces
  std::string labels;
  std::string fields;
};

// Of a page of a list: what to ask for next; empty after the last.
std::string continue_token_of(const Json& page);

struct Listed {
  std::vector<Json> items;
  std::string resource_version;  // where a watch goes on
};

// At most limits::listed_objects; more is a failure that asks for a selector.
Result<Listed, Failure> list_objects(Session& session, const kube::Resource& resource, const Selection& selection);

// Hands each page's Table to `on_table` as it comes; the result is the resourceVersion.
Result<std::string, Failure> list_tables(Session& session, const kube::Resource& resource, const Selection& selection,
                                         const std::function<void(const Json&)>& on_table);

}  // namespace ork::cli
