#pragma once

// A value and where it stands: what checks read, and what their messages name. Anything may be absent.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

class Place {
 public:
  Place(const Json& value, std::string path) : value_(&value), path_(std::move(path)) {}

  // A field; the value is null where there is none.
  Place operator[](std::string_view field) const;
  Place item(std::size_t index) const;
  // What stands under a key of a map: "limits[cpu]".
  Place key(const std::string& key) const;
  // The items of a list, the values of a map under their keys.
  std::vector<Place> items() const;
  std::vector<std::pair<std::string, Place>> entries() const;

  const Json& value() const { return *value_; }
  const std::string& path() const { return path_; }
  std::string path(std::string_view field) const;
  bool present() const { return !value_->is_null(); }
  std::size_t size() const { return value_->is_structured() ? value_->size() : 0; }
  // "", 0 and false where there is none.
  std::string text() const;
  std::int64_t number() const;
  bool flag() const { return value_->is_boolean() && value_->get<bool>(); }

 private:
  const Json* value_;
  std::string path_;
};

}  // namespace ork::embedded
