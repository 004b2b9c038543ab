#include "controllers/api/reader.hpp"

#include <cmath>

namespace ork::api {

using nlohmann::json;

Reader::Reader(const json& object, std::string path) : object_(object), path_(std::move(path)) {
  if (!object_.is_object()) {
    fail(DecodeErrc::WrongType, path_, std::string("is ") + object_.type_name() + ", but must be an object",
         "an object");
  }
}

const json* Reader::find(std::string_view field) const {
  if (!object_.is_object()) return nullptr;
  const auto it = object_.find(field);
  return it == object_.end() || it->is_null() ? nullptr : &*it;
}

std::optional<std::string> Reader::string(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  wrong_type(field, *value, "a string");
  return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX) {
    wrong_type(field, *value, "an integer of 64 bits");
    return std::nullopt;
  }
  if (value->is_number_integer()) return value->get<std::int64_t>();
  // Go clients may send 3.0 for 3.
  if (value->is_number_float() && std::abs(value->get<double>()) < 9e15 &&
      std::trunc(value->get<double>()) == value->get<double>()) {
    return static_cast<std::int64_t>(value->get<double>());
  }
  wrong_type(field, *value, "an integer");
  return std::nullopt;
}

std::optional<int> Reader::bounded(std::string_view field, int least, int most) {
  const auto value = integer(field);
  if (!value) return std::nullopt;
  if (*value >= least && *value <= most) return static_cast<int>(*value);
  fail(DecodeErrc::BadValue, path_of(field),
       "is " + std::to_string(*value) + ", but must be from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<double> Reader::number(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->get<double>();
  wrong_type(field, *value, "a number");
  return std::nullopt;
}

std::optional<bool> Reader::boolean(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  wrong_type(field, *value, "true or false");
  return std::nullopt;
}

std::optional<DurationMs> Reader::duration(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    wrong_type(field, *value, "a duration such as 90s, 10m or 1h30m");
    return std::nullopt;
  }
  if (const auto parsed = parse_duration(value->get_ref<const std::string&>())) return parsed;
  fail(DecodeErrc::BadValue, path_of(field), "is no duration: write it like 90s, 10m or 1h30m");
  return std::nullopt;
}

TimeMs Reader::time(std::string_view field) {
  const auto text = string(field);
  if (!text) return 0;
  if (const auto parsed = parse_time(*text)) return *parsed;
  fail(DecodeErrc::BadValue, path_of(field), "is no RFC 3339 time");
  return 0;
}

std::vector<std::string> Reader::strings(std::string_view field) {
  std::vector<std::string> out;
  const json list = array(field);
  out.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].is_string()) {
      out.push_back(list[i].get<std::string>());
    } else {
      wrong_type(std::string(field) + "[" + std::to_string(i) + "]", list[i], "a string");
    }
  }
  return out;
}

json Reader::object(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return nullptr;
  if (value->is_object()) return *value;
  wrong_type(field, *value, "an object");
  return nullptr;
}

json Reader::array(std::string_view field) {
  const json* value = find(field);
  if (value == nullptr) return nullptr;
  if (value->is_array()) return *value;
  wrong_type(field, *value, "a list");
  return nullptr;
}

std::string Reader::path_of(std::string_view field) const {
  return path_.empty() ? std::string(field) : path_ + "." + std::string(field);
}

void Reader::fail(DecodeErrc code, std::string path, std::string message, std::string_view expected) {
  if (errors_.size() >= max_errors) return;
  errors_.push_back({code, std::move(path), std::move(message), std::string(expected)});
}

void Reader::absorb(const Reader& inner) {
  for (const DecodeError& error : inner.errors_) {
    if (errors_.size() < max_errors) errors_.push_back(error);
  }
}

void Reader::wrong_type(std::string_view field, const json& value, std::string_view expected) {
  fail(DecodeErrc::WrongType, path_of(field),
       std::string("is ") + value.type_name() + ", but must be " + std::string(expected), expected);
}

}  // namespace ork::api
