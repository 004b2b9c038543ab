#include "controllers/expr/json.hpp"

#include <cmath>
#include <limits>

#include "controllers/expr/moment.hpp"

namespace ork::expr {
namespace {

class JsonList : public List {
 public:
  explicit JsonList(const Json& array) : array_(array) {}
  std::size_t size() const override { return array_.size(); }
  Value at(std::size_t index) const override { return view_of(array_[index]); }

 private:
  const Json& array_;
};

class JsonMap : public Map {
 public:
  explicit JsonMap(const Json& object) : object_(object) {}
  std::size_t size() const override { return object_.size(); }
  std::optional<Value> find(const Value& key) const override {
    const auto* name = key.get_if<std::string>();
    if (name == nullptr) return std::nullopt;
    const auto found = object_.find(*name);
    if (found == object_.end()) return std::nullopt;
    return view_of(*found);
  }
  Value key_at(std::size_t index) const override {
    if (keys_.empty()) {
      for (auto i = object_.begin(); i != object_.end(); ++i) keys_.push_back(&i.key());
    }
    return of_string(*keys_[index]);
  }

 private:
  const Json& object_;
  // Made when somebody goes through the map: few do.
  mutable std::vector<const std::string*> keys_;
};

std::string key_text(const Value& key) {
  if (const auto* text = key.get_if<std::string>()) return *text;
  return to_json(key).dump();
}

Json list_to_json(const List& list) {
  Json out = Json::array();
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(to_json(list.at(i)));
  return out;
}

Json map_to_json(const Map& map) {
  Json out = Json::object();
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Value key = map.key_at(i);
    out[key_text(key)] = to_json(*map.find(key));
  }
  return out;
}

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Json double_to_json(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

}  // namespace

Value view_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean: return of_bool(json.get<bool>());
    case Json::value_t::number_integer: return of_int(json.get<std::int64_t>());
    case Json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      const bool fits = number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      return fits ? of_int(static_cast<std::int64_t>(number)) : of_uint(number);
    }
    case Json::value_t::number_float: return of_double(json.get<double>());
    case Json::value_t::string: return of_string(json.get_ref<const std::string&>());
    case Json::value_t::array: return Value::of<ListPtr>(std::make_shared<JsonList>(json));
    case Json::value_t::object: return Value::of<MapPtr>(std::make_shared<JsonMap>(json));
    default: return {};
  }
}

Json to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::Null: return nullptr;
    case Kind::Bool: return value.as<bool>();
    case Kind::Int: return value.as<std::int64_t>();
    case Kind::Uint: return value.as<std::uint64_t>();
    case Kind::Double: return double_to_json(value.as<double>());
    case Kind::String: return value.as<std::string>();
    case Kind::Bytes: return to_base64(value.as<Bytes>().octets);
    case Kind::List: return list_to_json(*value.as<ListPtr>());
    case Kind::Map: return map_to_json(*value.as<MapPtr>());
    case Kind::Timestamp: return format_timestamp(value.as<Timestamp>());
    case Kind::Duration: return format_duration(value.as<Duration>());
    case Kind::Type: return value.as<TypeName>().name;
    case Kind::Optional: {
      const auto& held = value.as<Optional>().value;
      return held ? to_json(*held) : Json(nullptr);
    }
  }
  return nullptr;
}

std::string to_base64(std::string_view octets) {
  std::string out;
  out.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, octets.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(octets[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? base64_digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=') && text.size() % 4 == 0) text.remove_suffix(1);
  if (text.size() > 2 && text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = base64_digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  // Six bits more than whole bytes are no byte's.
  if (count >= 6) return std::nullopt;
  return out;
}

}  // namespace ork::expr
