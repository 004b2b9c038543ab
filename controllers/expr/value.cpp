#include "controllers/expr/value.hpp"

#include <array>
#include <cmath>
#include <map>

#include "controllers/expr/compare.hpp"

namespace ork::expr {
namespace {

class MadeList : public List {
 public:
  explicit MadeList(std::vector<Value> items) : items_(std::move(items)) {}
  std::size_t size() const override { return items_.size(); }
  Value at(std::size_t index) const override { return items_[index]; }

 private:
  std::vector<Value> items_;
};

class MadeMap : public Map {
 public:
  explicit MadeMap(std::vector<std::pair<Value, Value>> entries) : entries_(std::move(entries)) {
    for (std::size_t i = 0; i < entries_.size(); ++i) places_.emplace(entries_[i].first, i);
  }
  std::size_t size() const override { return entries_.size(); }
  std::optional<Value> find(const Value& key) const override {
    // NaN has no place in an order, and equals nothing.
    const auto* number = key.get_if<double>();
    if (number ? std::isnan(*number) : !is_key(key)) return std::nullopt;
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    return entries_[found->second].second;
  }
  Value key_at(std::size_t index) const override { return entries_[index].first; }

 private:
  std::vector<std::pair<Value, Value>> entries_;  // in the order they were written
  std::map<Value, std::size_t, KeyLess> places_;
};

struct KindWords {
  std::string_view type;
  std::string_view words;
};

// In the order of Kind.
constexpr std::array<KindWords, 13> kind_words{{{"null_type", "null"},
                                                {"bool", "a bool"},
                                                {"int", "an int"},
                                                {"uint", "a uint"},
                                                {"double", "a double"},
                                                {"string", "a string"},
                                                {"bytes", "bytes"},
                                                {"list", "a list"},
                                                {"map", "a map"},
                                                {"google.protobuf.Timestamp", "a timestamp"},
                                                {"google.protobuf.Duration", "a duration"},
                                                {"type", "a type"},
                                                {"optional_type", "an optional"}}};

}  // namespace

Value of_list(std::vector<Value> items) { return Value::of<ListPtr>(std::make_shared<MadeList>(std::move(items))); }

Value of_map(std::vector<std::pair<Value, Value>> entries) {
  return Value::of<MapPtr>(std::make_shared<MadeMap>(std::move(entries)));
}

Value of_optional(Value value) { return Value::of(Optional{std::make_shared<const Value>(std::move(value))}); }

Value no_optional() { return Value::of(Optional{}); }

bool is_number(const Value& value) { return value.is(Kind::Int) || value.is(Kind::Uint) || value.is(Kind::Double); }

bool is_key(const Value& value) {
  return value.is(Kind::Bool) || value.is(Kind::Int) || value.is(Kind::Uint) || value.is(Kind::String);
}

std::string_view type_name(const Value& value) { return kind_words[static_cast<std::size_t>(value.kind())].type; }

std::string_view kind_in_words(const Value& value) { return kind_words[static_cast<std::size_t>(value.kind())].words; }

}  // namespace ork::expr
