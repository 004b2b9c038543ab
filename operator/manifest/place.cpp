#include "operator/manifest/place.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace ork::manifest {
namespace {

// Takes "["the-day"]" off the path.
const Place* take_quoted_field(const Place& place, std::string_view& path) {
  const std::size_t end = path.find("\"]");
  if (end == std::string_view::npos) return nullptr;
  const Place* found = place.field(path.substr(2, end - 2));
  path.remove_prefix(end + 2);
  return found;
}

// Takes "[12]" off the path; the child, or nullptr.
const Place* take_index(const Place& place, std::string_view& path) {
  if (path.starts_with("[\"")) return take_quoted_field(place, path);
  const std::size_t end = path.find(']');
  if (end == std::string_view::npos || !place.names.empty()) return nullptr;
  std::size_t index = 0;
  const auto [rest, error] = std::from_chars(path.data() + 1, path.data() + end, index);
  if (error != std::errc() || rest != path.data() + end || index >= place.children.size()) return nullptr;
  path.remove_prefix(end + 1);
  return &place.children[index];
}

// Takes a field's name off the path. Names may hold dots ("metadata.labels.app.kubernetes.io/name"),
// so the longest that fits is the one.
const Place* take_field(const Place& place, std::string_view& path) {
  const Place* found = nullptr;
  std::size_t length = 0;
  for (std::size_t i = 0; i < place.names.size(); ++i) {
    const std::string& name = place.names[i];
    if (name.size() < length || !path.starts_with(name)) continue;
    if (path.size() > name.size() && path[name.size()] != '.' && path[name.size()] != '[') continue;
    found = &place.children[i];
    length = name.size();
  }
  if (found != nullptr) path.remove_prefix(length);
  return found;
}

}  // namespace

const Place* Place::field(std::string_view name) const {
  const auto it = std::find(names.begin(), names.end(), name);
  return it == names.end() ? nullptr : &children[static_cast<std::size_t>(it - names.begin())];
}

const Place& find_place(const Place& root, std::string_view path) {
  const Place* place = &root;
  while (!path.empty()) {
    if (path.front() == '.') path.remove_prefix(1);
    if (path.empty()) break;
    const Place* next = path.front() == '[' ? take_index(*place, path) : take_field(*place, path);
    if (next == nullptr) break;
    place = next;
  }
  return *place;
}

}  // namespace ork::manifest
