#include "operator/embedded/kinds/place.hpp"

namespace ork::embedded {
namespace {

const Json& nothing() {
  static const Json null;
  return null;
}

}  // namespace

std::string Place::path(std::string_view field) const {
  std::string out;
  out.reserve(path_.size() + 1 + field.size());
  out += path_;
  if (!out.empty()) out += '.';
  out += field;
  return out;
}

Place Place::operator[](std::string_view field) const {
  if (!value_->is_object()) return {nothing(), path(field)};
  auto found = value_->find(field);
  return {found == value_->end() ? nothing() : *found, path(field)};
}

Place Place::item(std::size_t index) const {
  bool there = value_->is_array() && index < value_->size();
  return {there ? (*value_)[index] : nothing(), path_ + "[" + std::to_string(index) + "]"};
}

Place Place::key(const std::string& key) const { return {(*this)[key].value(), path_ + "[" + key + "]"}; }

std::vector<Place> Place::items() const {
  std::vector<Place> out;
  for (std::size_t i = 0; value_->is_array() && i < value_->size(); ++i) out.push_back(item(i));
  return out;
}

std::vector<std::pair<std::string, Place>> Place::entries() const {
  std::vector<std::pair<std::string, Place>> out;
  if (!value_->is_object()) return out;
  for (const auto& [name, unused] : value_->items()) out.emplace_back(name, key(name));
  return out;
}

std::string Place::text() const { return value_->is_string() ? value_->get<std::string>() : std::string(); }

std::int64_t Place::number() const { return value_->is_number_integer() ? value_->get<std::int64_t>() : 0; }

}  // namespace ork::embedded
