#pragma once

// What a request is about: the URL, taken apart, and the kind it names.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// Percent-decoded. A query name may stand several times.
struct Target {
  std::string path;
  std::vector<std::string> segments;  // empty ones are left out
  bool has_gap = false;               // there is an empty one, not at the end
  std::vector<std::pair<std::string, std::string>> query;

  // The first value; nullptr: not there.
  const std::string* value(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
};

// nullopt: not a path, or a broken escape.
std::optional<Target> parse_target(std::string_view text);

struct ResourcePath {
  const Kind* kind = nullptr;
  std::string ns;           // empty: all namespaces, or a kind that has none
  std::string name;         // empty: the collection
  std::string subresource;  // "status", "log", ...

  // A namespaced kind's collection over all namespaces: can only be read.
  bool spans_namespaces() const { return kind->namespaced && ns.empty() && name.empty(); }
  std::string key() const { return ns + "/" + name; }
};

// nullopt: not below /api/V or /apis/G/V. An error: there, but no such resource.
std::optional<Result<ResourcePath, ApiError>> find_resource(const Target& target, const Kinds& kinds);

}  // namespace ork::embedded
