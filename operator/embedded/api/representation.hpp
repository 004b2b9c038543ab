#pragma once

// In which shape an answer shows objects: whole, their metadata only, or the rows that kubectl prints.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/target.hpp"
#include "operator/embedded/store/store.hpp"
#include "operator/embedded/table/table.hpp"

namespace ork::embedded {

enum class Shape { Whole, Metadata, MetadataList, Table };

struct Representation {
  Shape shape = Shape::Whole;
  IncludeObject include = IncludeObject::Metadata;
  std::string meta_version = "meta.k8s.io/v1";  // of the shapes that are no object of the kind
};

// By the Accept header, its first clause that is served. nullopt: none is (406).
std::optional<Representation> negotiate(std::string_view accept, const Target& target);

// A Table can include nothing but objects, their metadata or none of them.
std::optional<ApiError> check_include(const Representation& representation, const Target& target);

// What the router of the built-in kinds asks first: whether any clause, its parameters left out, is served.
bool can_be_represented(std::string_view accept);

struct ListMetadata {
  std::uint64_t version = 0;
  std::string continue_token;
  std::optional<std::int64_t> remaining;
};

// Renders stored objects of one kind. `now_ms` counts ages in a Table.
class Renderer {
 public:
  Renderer(const Kind& kind, Representation representation) : kind_(kind), representation_(representation) {}

  // The metadata of a list and those of an object are two shapes: the one is no answer for the other.
  std::optional<ApiError> refusal(bool of_list) const;
  std::string object(const std::string& text, std::int64_t now_ms) const;
  std::string list(const std::vector<StoredPtr>& objects, const ListMetadata& metadata, std::int64_t now_ms) const;
  // What stands in a watch event. `first`: a Table brings its columns with the first event only.
  std::string event_object(const std::string& text, bool first, std::int64_t now_ms) const;
  // A bookmark's object.
  std::string bookmark(std::uint64_t version, bool initial_events_end, bool first) const;

 private:
  std::string go_type(bool of_list) const;
  Json converted(const std::string& text) const;
  std::string table(const std::vector<Json>& objects, const Json& metadata, bool headers, std::int64_t now_ms) const;

  const Kind& kind_;
  Representation representation_;
};

}  // namespace ork::embedded
