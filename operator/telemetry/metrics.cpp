#include "operator/telemetry/metrics.hpp"

#include <algorithm>
#include <cassert>

#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace {

constexpr const char* other = "other";

// Cut where it is too long, between characters.
std::string bounded(std::string_view value) {
  if (value.size() <= limits::label_value_bytes) return std::string(value);
  std::size_t end = limits::label_value_bytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return std::string(value.substr(0, end));
}

std::size_t default_bound(Type type) { return type == Type::Histogram ? limits::histogram_series : limits::series; }

}  // namespace

Family::Family(Description description) : description_(std::move(description)) {
  if (description_.series == 0) description_.series = default_bound(description_.type);
  assert(std::is_sorted(description_.buckets.begin(), description_.buckets.end()));
  assert((description_.type == Type::Histogram) == !description_.buckets.empty());
}

Series& Family::at(ValueList values) {
  assert(values.size() == description_.labels.size());
  Values key;
  key.reserve(values.size());
  for (const std::string_view value : values) key.push_back(bounded(value));
  auto found = series_.find(key);
  if (found == series_.end() && series_.size() >= description_.series) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (description_.labels[i].open) key[i] = other;
    }
  }
  const auto [it, is_new] = series_.try_emplace(std::move(key));
  if (is_new && description_.type == Type::Histogram) {
    it->second.counts.resize(description_.buckets.size() + 1);
    it->second.exemplars.resize(description_.buckets.size() + 1);
  }
  return it->second;
}

void Family::increase(ValueList values, double by) {
  assert(description_.type == Type::Counter && by >= 0);
  at(values).value += by;
}

void Family::set(ValueList values, double value) {
  assert(description_.type != Type::Histogram);
  at(values).value = value;
}

void Family::observe(ValueList values, double value, std::string_view trace_id, double unix_seconds) {
  assert(description_.type == Type::Histogram);
  Series& series = at(values);
  const auto bound = std::lower_bound(description_.buckets.begin(), description_.buckets.end(), value);
  const auto bucket = static_cast<std::size_t>(bound - description_.buckets.begin());
  series.value += value;
  ++series.counts[bucket];
  if (!trace_id.empty()) series.exemplars[bucket] = Exemplar{std::string(trace_id), value, unix_seconds};
}

Family& Registry::add(Description description) { return families_.emplace_back(std::move(description)); }

}  // namespace ork::telemetry
